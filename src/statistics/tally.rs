//! Counts of a period, by the conventions of hospital statistics (Horton, Calculating and Reporting Healthcare Statistics).
//!
//! Integers only, so that the order of merging never shows. Deaths are discharges; a same-day stay counts one day; adults and children stand apart from
//! newborns, a newborn being born in this hospital.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use super::code_counts::{CodeCounts, top};
pub use super::place::{StatisticsPlace, StatisticsPlaces};
use super::{code_counts::add_codes, coders::Coders, weighted::WeightedSums};
use crate::{
    partition::encounter::PackedCode,
    record::take_away::{TakeAway, take_away_fields},
    record::{
        age_band::AgeBand,
        bounded::{ALL_OTHERS, BoundedSum, ByValue, Distinct, NOT_STATED},
        code::CodeSystem,
        date::Day,
        partial_date::PartialDate,
    },
};

/// Figures of one group of discharges.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Discharges, deaths included.
    pub discharges: u64,
    /// Of those, newborns.
    pub newborns: u64,
    /// Of those, deaths.
    pub deaths: u64,
    /// Discharges with a known length of stay.
    pub stays: u64,
    /// Their days.
    pub days: u64,
    /// Deaths of newborns.
    pub newborn_deaths: u64,
    /// Newborns with a known length of stay.
    pub newborn_stays: u64,
    /// Their days.
    pub newborn_days: u64,
    /// Discharges with stated charges that are not below 0.
    pub charged: u64,
    /// Their charges, in cents.
    pub charges: u64,
}

impl Group {
    /// Adds another group.
    pub fn add(&mut self, other: Group) {
        self.discharges += other.discharges;
        self.newborns += other.newborns;
        self.deaths += other.deaths;
        self.stays += other.stays;
        self.days += other.days;
        self.newborn_deaths += other.newborn_deaths;
        self.newborn_stays += other.newborn_stays;
        self.newborn_days += other.newborn_days;
        self.charged += other.charged;
        self.charges = self.charges.saturating_add(other.charges);
    }

    /// Adults and children alone.
    pub fn adults_and_children(&self) -> Group {
        Group {
            discharges: self.discharges - self.newborns,
            deaths: self.deaths - self.newborn_deaths,
            stays: self.stays - self.newborn_stays,
            days: self.days - self.newborn_days,
            ..Group::default()
        }
    }
}

impl BoundedSum for Group {
    fn sum(&mut self, other: &Group) {
        self.add(*other);
    }
}

/// A dimension by which discharges are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// Hospital service.
    Service,
    /// Expected payer.
    Payer,
    /// Age at admission.
    Age,
    /// Sex.
    Sex,
    /// Disposition: patient discharge status.
    Disposition,
    /// Type of admission.
    AdmissionType,
    /// Facility.
    Facility,
    /// Age band, as the export has it.
    AgeBand,
}

impl Dimension {
    /// Every dimension, in the order of reports.
    pub const ALL: [Dimension; 8] = [
        Dimension::Service,
        Dimension::Payer,
        Dimension::Age,
        Dimension::Sex,
        Dimension::Disposition,
        Dimension::AdmissionType,
        Dimension::Facility,
        Dimension::AgeBand,
    ];

    /// Heading of its table.
    pub fn title(self) -> &'static str {
        match self {
            Dimension::Service => "Service",
            Dimension::Payer => "Payer",
            Dimension::Age => "Age",
            Dimension::Sex => "Sex",
            Dimension::Disposition => "Disposition",
            Dimension::AdmissionType => "Type of admission",
            Dimension::Facility => "Facility",
            Dimension::AgeBand => "Age band",
        }
    }
}

/// Age groups: name and last age in completed years.
pub const AGE_GROUPS: [(&str, i32); 11] = [
    ("under 1", 0),
    ("1-4", 4),
    ("5-14", 14),
    ("15-24", 24),
    ("25-34", 34),
    ("35-44", 44),
    ("45-54", 54),
    ("55-64", 64),
    ("65-74", 74),
    ("75-84", 84),
    ("85 and over", 124),
];

/// What stands for a value that is given and is none of its list.
pub const NOT_IN_LIST: &str = "not in the list";

/// The codes that those of one encounter were mapped to, by their place; empty where nothing was mapped. A mapped code is counted in place of the one
/// that stood there.
#[derive(Debug, Clone, Copy, Default)]
pub struct Targets<'t> {
    /// Of diagnoses.
    pub diagnoses: &'t [Option<Target<'t>>],
    /// Of procedures.
    pub procedures: &'t [Option<Target<'t>>],
}

/// What one code was mapped to: a code, and the others where it became a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target<'t> {
    /// System of the codes.
    pub system: CodeSystem,
    /// The code, the first of a cluster.
    pub code: PackedCode,
    /// The others of a cluster.
    pub further: &'t [PackedCode],
}

impl Target<'_> {
    /// Every code of the target.
    pub fn keys(&self) -> impl Iterator<Item = (CodeSystem, PackedCode)> + '_ {
        std::iter::once(self.code).chain(self.further.iter().copied()).map(|code| (self.system, code))
    }
}

/// The statistics of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Encounters by their place.
    pub places: StatisticsPlaces,
    /// All discharges of the period.
    pub all: Group,
    /// By day of discharge.
    pub by_day: BTreeMap<Day, Group>,
    /// By month or year of discharge, where the day is not known.
    pub by_partial_date: BTreeMap<PartialDate, Group>,
    pub(super) groups: [ByValue<Group>; Dimension::ALL.len()],
    /// By dimension: not stated, and not in the list.
    pub(super) unlisted: [[Group; 2]; Dimension::ALL.len()],
    /// Discharges whose length of stay is the one that the export states.
    pub stated_stays: u64,
    /// Lengths of stay of adults and children: days, discharges.
    pub stays: BTreeMap<i32, u64>,
    /// Lengths of stay of newborns.
    pub newborn_stays: BTreeMap<i32, u64>,
    /// Age group by sex: female, male, other.
    pub age_by_sex: [[u64; 3]; AGE_GROUPS.len() + 1],
    /// Deaths less than 48 hours after admission.
    pub deaths_within_48_hours: u64,
    /// Principal diagnoses.
    pub principal_diagnoses: CodeCounts,
    /// All diagnoses, a code once a record.
    pub all_diagnoses: CodeCounts,
    /// Principal procedures.
    pub principal_procedures: CodeCounts,
    /// All procedures, a code once a record.
    pub all_procedures: CodeCounts,
    /// Diagnoses that are too many to be told apart; none where they are not.
    pub too_many_diagnoses: Distinct,
    /// The same of procedures.
    pub too_many_procedures: Distinct,
    /// Work of the coders.
    pub coders: Coders,
    /// Discharges without a principal diagnosis: not coded yet.
    pub uncoded: u64,
    /// Discharges with at least one procedure.
    pub with_procedure: u64,
    /// Estimates of a survey, where records state weights.
    pub weighted: WeightedSums,
}

impl Tally {
    /// Encounters by their place.
    pub fn places(&self) -> StatisticsPlaces {
        self.places
    }

    /// How many different values of a dimension are counted together; 0 where every one is listed.
    pub fn too_many(&self, dimension: Dimension) -> u64 {
        self.groups[dimension as usize].too_many()
    }

    /// The groups of a dimension, in the order of their values; ages in the order of life, "not stated" last. Of too many values there is one row of all
    /// others.
    pub fn groups(&self, dimension: Dimension) -> Vec<(String, Group)> {
        let own = self.groups[dimension as usize].rows().into_iter();
        let unlisted = [NOT_STATED, NOT_IN_LIST].into_iter().zip(&self.unlisted[dimension as usize]);
        let unlisted = unlisted.filter(|(_, group)| group.discharges > 0);
        let mut rows: Vec<(String, Group)> =
            own.chain(unlisted).map(|(name, group)| (name.to_owned(), *group)).collect();
        if dimension == Dimension::AgeBand && !rows.is_empty() {
            let mut others = self.all;
            let are_there = rows.iter().fold(true, |are_there, (_, group)| others.take_away(group) & are_there);
            debug_assert!(are_there, "every group is a part of all");
            rows.extend((others.discharges > 0).then(|| (NOT_STATED.to_owned(), others)));
        }
        let rank = |name: &str| AGE_GROUPS.iter().position(|group| group.0 == name).unwrap_or(AGE_GROUPS.len());
        rows.sort_by(|left, right| {
            let key = |name: &str| {
                (
                    name == NOT_STATED,
                    name == NOT_IN_LIST,
                    name == ALL_OTHERS,
                    match dimension {
                        Dimension::Age => rank(name),
                        Dimension::AgeBand => AgeBand::read(name.as_bytes()).map_or(0, |band| band.low as usize),
                        _ => 0,
                    },
                    name.to_owned(),
                )
            };
            key(&left.0).cmp(&key(&right.0))
        });
        rows
    }

    /// Adds the statistics of another partition.
    pub fn merge(&mut self, other: Tally) {
        self.places.add(other.places);
        self.all.add(other.all);
        for (day, group) in other.by_day {
            self.by_day.entry(day).or_default().add(group);
        }
        for (partial, group) in other.by_partial_date {
            self.by_partial_date.entry(partial).or_default().add(group);
        }
        self.stated_stays += other.stated_stays;
        self.groups.iter_mut().zip(other.groups).for_each(|(own, theirs)| own.merge(theirs));
        for (own, theirs) in self.unlisted.iter_mut().flatten().zip(other.unlisted.iter().flatten()) {
            own.add(*theirs);
        }
        for (own, theirs) in [(&mut self.stays, other.stays), (&mut self.newborn_stays, other.newborn_stays)] {
            for (days, count) in theirs {
                *own.entry(days).or_default() += count;
            }
        }
        for (own, theirs) in self.age_by_sex.iter_mut().zip(other.age_by_sex) {
            for (sum, more) in own.iter_mut().zip(theirs) {
                *sum += more;
            }
        }
        self.deaths_within_48_hours += other.deaths_within_48_hours;
        let (diagnoses, procedures) = (&mut self.too_many_diagnoses, &mut self.too_many_procedures);
        add_codes(&mut self.principal_diagnoses, other.principal_diagnoses, diagnoses);
        add_codes(&mut self.all_diagnoses, other.all_diagnoses, diagnoses);
        add_codes(&mut self.principal_procedures, other.principal_procedures, procedures);
        add_codes(&mut self.all_procedures, other.all_procedures, procedures);
        diagnoses.merge(other.too_many_diagnoses);
        procedures.merge(other.too_many_procedures);
        self.coders.merge(other.coders);
        self.uncoded += other.uncoded;
        self.with_procedure += other.with_procedure;
        self.weighted.merge(other.weighted);
    }
}

/// The age group of an age in completed years.
pub fn age_group(age: i32) -> usize {
    AGE_GROUPS.iter().position(|(_, last)| age <= *last).unwrap_or(AGE_GROUPS.len() - 1)
}

/// The median of a distribution, doubled so that it is a whole number: the middle value, or the sum of the two middle ones. `None` without cases.
pub fn doubled_median(distribution: &BTreeMap<i32, u64>) -> Option<u64> {
    let count: u64 = distribution.values().sum();
    if count == 0 {
        return None;
    }
    let at = |place: u64| {
        let mut seen = 0;
        distribution.iter().find(|(_, cases)| {
            seen += **cases;
            seen > place
        })
    };
    let (low, high) = (at((count - 1) / 2)?, at(count / 2)?);
    Some(*low.0 as u64 + *high.0 as u64)
}

take_away_fields!(Group: discharges, newborns, deaths, stays, days, newborn_deaths, newborn_stays, newborn_days, charged, charges);
take_away_fields!(StatisticsPlaces: in_statistics, rejected, outside_period, undated, undecided);
take_away_fields!(
    Tally: places, all, by_day, by_partial_date, groups, unlisted, stated_stays, stays, newborn_stays, age_by_sex,
    deaths_within_48_hours, principal_diagnoses, all_diagnoses, principal_procedures, all_procedures, coders, uncoded,
    with_procedure, weighted,
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_the_mean_of_the_two_middle_ones() {
        let of = |values: &[i32]| {
            let mut distribution = BTreeMap::new();
            for value in values {
                *distribution.entry(*value).or_insert(0) += 1;
            }
            doubled_median(&distribution)
        };
        assert_eq!((of(&[1, 2, 9]), of(&[1, 2, 3, 9]), of(&[4]), of(&[])), (Some(4), Some(5), Some(8), None));
    }

    #[test]
    fn ages_fall_into_their_groups() {
        let names: Vec<&str> =
            [0, 1, 4, 5, 64, 65, 84, 85, 124].iter().map(|age| AGE_GROUPS[age_group(*age)].0).collect();
        assert_eq!(names, ["under 1", "1-4", "1-4", "5-14", "55-64", "65-74", "75-84", "85 and over", "85 and over"]);
    }
}
