//! Counts of a period, by the conventions of hospital statistics (Horton, Calculating and Reporting Healthcare Statistics).
//!
//! Integers only, so that the order of merging never shows. Deaths are discharges; a same-day stay counts one day; adults and children stand apart from
//! newborns, a newborn being born in this hospital.

use std::collections::BTreeMap;

pub use super::code_counts::{CodeCounts, top};
pub use super::place::{Place, Places};
use super::{code_counts::add_codes, coders::Coders};
use crate::{
    codeset::roll::Met,
    partition::encounter::{Encounter, PackedCode},
    record::{
        age_band::AgeBand,
        bounded::{ALL_OTHERS, ByValue, Distinct, Sum},
        cell::Cell,
        code::{CodeSystem, RollPlace},
        date::Day,
        long_text::shown,
        partial_date::PartialDate,
        vocabulary::Sex,
    },
};

/// Figures of one group of discharges.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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
}

impl Group {
    /// Adds another group.
    pub fn add(&mut self, other: Group) {
        self.discharges += other.discharges;
        self.newborns += other.newborns;
        self.deaths += other.deaths;
        self.stays += other.stays;
        self.days += other.days;
    }

    /// Takes away a group that is a part of it.
    fn take_away(&mut self, part: Group) {
        self.discharges -= part.discharges;
        self.newborns -= part.newborns;
        self.deaths -= part.deaths;
        self.stays -= part.stays;
        self.days -= part.days;
    }
}

impl Sum for Group {
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

/// What stands for a value that the export does not give.
pub const NOT_STATED: &str = "not stated";

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

/// Places of the values of the dimensions that have standard lists: ages first, and of each list those not stated and not in it last.
struct Listed;

impl Listed {
    const SEX: usize = AGE_GROUPS.len() + 1;
    const DISPOSITION: usize = Listed::SEX + 5;
    const ADMISSION_TYPE: usize = Listed::DISPOSITION + 102;
    const COUNT: usize = Listed::ADMISSION_TYPE + 130;

    /// The dimension and value of a place.
    fn value(place: usize) -> (Dimension, String) {
        let (dimension, values, value): (_, _, fn(usize) -> String) = match place {
            Listed::ADMISSION_TYPE.. => (Dimension::AdmissionType, 128, |kind| char::from(kind as u8).to_string()),
            Listed::DISPOSITION.. => (Dimension::Disposition, 100, |status| format!("{status:02}")),
            Listed::SEX.. => (Dimension::Sex, 3, |sex| ["F", "M", "U"][sex].to_owned()),
            _ => (Dimension::Age, AGE_GROUPS.len(), |age| AGE_GROUPS[age].0.to_owned()),
        };
        let first = match dimension {
            Dimension::AdmissionType => Listed::ADMISSION_TYPE,
            Dimension::Disposition => Listed::DISPOSITION,
            Dimension::Sex => Listed::SEX,
            _ => 0,
        };
        let own = place - first;
        let text = match own.checked_sub(values) {
            None => value(own),
            Some(0) => NOT_STATED.to_owned(),
            Some(_) => NOT_IN_LIST.to_owned(),
        };
        (dimension, text)
    }
}

/// How often a code stands, by its place.
#[derive(Debug, Clone, Copy, Default)]
struct PlacedCount {
    all: Group,
    principal: Group,
}

/// The statistics of a run.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    places: Places,
    /// All discharges of the period.
    pub all: Group,
    /// By day of discharge.
    pub by_day: BTreeMap<Day, Group>,
    /// By month or year of discharge, where the day is not known.
    pub by_partial_date: BTreeMap<PartialDate, Group>,
    groups: [ByValue<Group>; Dimension::ALL.len()],
    /// By dimension: not stated, and not in the list.
    unlisted: [[Group; 2]; Dimension::ALL.len()],
    /// Discharges whose length of stay is the one that the export states.
    pub stated_stays: u64,
    /// Lengths of stay of adults and children: days, discharges.
    pub stays: BTreeMap<i32, u64>,
    /// Lengths of stay of newborns.
    pub newborn_stays: BTreeMap<i32, u64>,
    /// Age group by sex: female, male, other.
    pub age_by_sex: [[u64; 3]; AGE_GROUPS.len() + 1],
    /// Deaths within two days of admission, by whole days.
    pub deaths_within_two_days: u64,
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
    /// Codes of the partition in hand.
    placed: Vec<PlacedCount>,
    /// Values of its standard lists, by the places of [`Listed`].
    listed: Vec<Group>,
    /// Work of the coders.
    pub coders: Coders,
    /// Discharges without a principal diagnosis: not coded yet.
    pub uncoded: u64,
    /// Discharges with at least one procedure.
    pub with_procedure: u64,
}

impl Tally {
    /// Encounters by their place.
    pub fn places(&self) -> Places {
        self.places
    }

    /// Counts one examined encounter. `targets` are the codes that its own were mapped to.
    pub fn count(&mut self, encounter: &Encounter<'_>, place: Place, targets: Targets<'_>) {
        match place {
            Place::InStatistics => self.places.in_statistics += 1,
            Place::Rejected => self.places.rejected += 1,
            Place::OutsidePeriod => self.places.outside_period += 1,
            Place::Undated => self.places.undated += 1,
            Place::Undecided => self.places.undecided += 1,
        }
        if place != Place::InStatistics {
            return;
        }
        let stay = encounter.length_of_stay();
        let newborn = encounter.is_newborn();
        let died = encounter.died();
        let one = Group {
            discharges: 1,
            newborns: u64::from(newborn),
            deaths: u64::from(died),
            stays: u64::from(stay.is_some()),
            days: stay.map_or(0, |days| days as u64),
        };
        self.all.add(one);
        if let Some(moment) = encounter.discharge_date.value() {
            self.by_day.entry(moment.day).or_default().add(one);
        } else if let Some(partial) = encounter.partial.discharge {
            self.by_partial_date.entry(partial).or_default().add(one);
        }
        self.stated_stays += u64::from(encounter.stay_is_stated());
        if let Some(days) = stay {
            *(if newborn { &mut self.newborn_stays } else { &mut self.stays }).entry(days).or_default() += 1;
            self.deaths_within_two_days += u64::from(died && stays_nights(encounter) < 2);
        }
        let age_place = encounter.possible_ages().map_or(AGE_GROUPS.len(), certain_age_group);
        let sex = encounter.sex.value().map_or("", |sex| sex.letter());
        self.age_by_sex[age_place][match sex {
            "F" => 0,
            "M" => 1,
            _ => 2,
        }] += 1;
        let (groups, unlisted) = (&mut self.groups, &mut self.unlisted);
        let mut stated = |dimension: Dimension, text: &str, unreadable: bool| {
            let place = dimension as usize;
            if unreadable {
                unlisted[place][1].add(one);
            } else if text.is_empty() {
                unlisted[place][0].add(one);
            } else {
                groups[place].add(&shown(text, || "the records".to_owned()), &one);
            }
        };
        let (payer, age_band) = (encounter.payer, encounter.age_band);
        stated(Dimension::Service, encounter.service, false);
        stated(Dimension::Payer, payer.value().unwrap_or(""), payer.is_unreadable());
        stated(Dimension::Facility, encounter.facility_id, false);
        // Those without are the rest: most exports have no bands.
        if !encounter.age_band_text.is_empty() {
            stated(Dimension::AgeBand, encounter.age_band_text, age_band.is_unreadable());
        }
        if self.listed.is_empty() {
            self.listed.resize(Listed::COUNT, Group::default());
        }
        let sex = match encounter.sex {
            Cell::Value(Sex::Female) => Listed::SEX,
            Cell::Value(Sex::Male) => Listed::SEX + 1,
            Cell::Value(Sex::Unknown) => Listed::SEX + 2,
            Cell::Blank => Listed::SEX + 3,
            Cell::Unreadable => Listed::SEX + 4,
        };
        let status = match encounter.discharge_status {
            Cell::Value(status) => Listed::DISPOSITION + usize::from(status.0.min(99)),
            Cell::Blank => Listed::DISPOSITION + 100,
            Cell::Unreadable => Listed::DISPOSITION + 101,
        };
        let kind = match encounter.admission_type {
            Cell::Value(kind) => Listed::ADMISSION_TYPE + usize::from(kind.0 & 0x7f),
            Cell::Blank => Listed::ADMISSION_TYPE + 128,
            Cell::Unreadable => Listed::ADMISSION_TYPE + 129,
        };
        for place in [age_place, sex, status, kind] {
            self.listed[place].add(one);
        }
        let coded = self.count_codes(encounter, one, targets);
        self.coders.count(encounter, coded);
    }

    /// Counts the codes of one encounter; whether it has a principal diagnosis.
    fn count_codes(&mut self, encounter: &Encounter<'_>, one: Group, targets: Targets<'_>) -> bool {
        if targets.diagnoses.is_empty() && targets.procedures.is_empty() {
            return self.count_placed_codes(encounter, one);
        }
        let mut coded = false;
        let own = |system: Option<CodeSystem>, code: PackedCode| {
            system.filter(|_| !code.is_empty()).map(|system| Target { system, code, further: &[] })
        };
        let diagnosis_at = |place: usize| {
            let diagnosis = &encounter.diagnoses[place];
            targets.diagnoses.get(place).copied().flatten().or_else(|| own(diagnosis.system, diagnosis.code))
        };
        let procedure_at = |place: usize| {
            let procedure = &encounter.procedures[place];
            targets.procedures.get(place).copied().flatten().or_else(|| own(procedure.system, procedure.code))
        };
        for (place, diagnosis) in encounter.diagnoses.iter().enumerate() {
            let Some(target) = diagnosis_at(place) else { continue };
            if diagnosis.position == 1 && !coded {
                coded = true;
                self.principal_diagnoses.entry((target.system, target.code)).or_default().add(one);
            }
            for key in target.keys() {
                // Where nothing is mapped, the codes themselves tell whether one stood before.
                let again = if targets.diagnoses.is_empty() {
                    let earlier = &encounter.diagnoses[..place];
                    earlier.iter().any(|earlier| earlier.code == key.1 && earlier.system == Some(key.0))
                } else {
                    (0..place).filter_map(diagnosis_at).any(|earlier| earlier.keys().any(|known| known == key))
                };
                if !again {
                    self.all_diagnoses.entry(key).or_default().add(one);
                }
            }
        }
        self.uncoded += u64::from(!coded);
        let mut first = true;
        for place in 0..encounter.procedures.len() {
            let Some(target) = procedure_at(place) else { continue };
            if first {
                first = false;
                self.principal_procedures.entry((target.system, target.code)).or_default().add(one);
            }
            for key in target.keys() {
                let again = (0..place).filter_map(procedure_at).any(|earlier| earlier.keys().any(|known| known == key));
                if !again {
                    self.all_procedures.entry(key).or_default().add(one);
                }
            }
        }
        self.with_procedure += u64::from(!first);
        coded
    }

    /// As [`Tally::count_codes`] where nothing is mapped: by the places of the codes, until [`Tally::settle`].
    fn count_placed_codes(&mut self, encounter: &Encounter<'_>, one: Group) -> bool {
        let mut coded = false;
        let diagnoses = encounter.diagnoses;
        for (index, diagnosis) in diagnoses.iter().enumerate() {
            let Some(place) = diagnosis.place.filter(|_| !diagnosis.code.is_empty()) else { continue };
            let again = diagnoses[..index].iter().any(|earlier| earlier.place == diagnosis.place);
            let counted = self.placed(place);
            if diagnosis.position == 1 && !coded {
                coded = true;
                counted.principal.add(one);
            }
            if !again {
                counted.all.add(one);
            }
        }
        self.uncoded += u64::from(!coded);
        let mut first = true;
        let procedures = encounter.procedures;
        for (index, procedure) in procedures.iter().enumerate() {
            let Some(place) = procedure.place.filter(|_| !procedure.code.is_empty()) else { continue };
            let again = procedures[..index].iter().any(|earlier| earlier.place == procedure.place);
            let counted = self.placed(place);
            if std::mem::take(&mut first) {
                counted.principal.add(one);
            }
            if !again {
                counted.all.add(one);
            }
        }
        self.with_procedure += u64::from(!first);
        coded
    }

    #[inline]
    fn placed(&mut self, place: RollPlace) -> &mut PlacedCount {
        if self.placed.len() <= place.index() {
            self.placed.resize((place.index() + 1).next_power_of_two(), PlacedCount::default());
        }
        &mut self.placed[place.index()]
    }

    /// Enters what was counted by place under the codes, as the roll has them, and under the values of standard lists. A tally that was merged or is to be
    /// merged has nothing by place.
    pub fn settle(&mut self, roll: &[Met]) {
        for (place, group) in std::mem::take(&mut self.listed).into_iter().enumerate() {
            if group.discharges > 0 {
                let (dimension, value) = Listed::value(place);
                match value.as_str() {
                    NOT_STATED => self.unlisted[dimension as usize][0].add(group),
                    NOT_IN_LIST => self.unlisted[dimension as usize][1].add(group),
                    value => self.groups[dimension as usize].add(value, &group),
                }
            }
        }
        let diagnoses = (&mut self.all_diagnoses, &mut self.principal_diagnoses);
        let procedures = (&mut self.all_procedures, &mut self.principal_procedures);
        let (mut diagnoses, mut procedures) = (diagnoses, procedures);
        for (met, counted) in roll.iter().zip(std::mem::take(&mut self.placed)) {
            let (all, principal) = if met.system.is_of_procedures() { &mut procedures } else { &mut diagnoses };
            for (counts, group) in [(all, counted.all), (principal, counted.principal)] {
                if group.discharges > 0 {
                    counts.entry((met.system, met.code)).or_default().add(group);
                }
            }
        }
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
            rows.iter().for_each(|(_, group)| others.take_away(*group));
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
        self.places.in_statistics += other.places.in_statistics;
        self.places.rejected += other.places.rejected;
        self.places.outside_period += other.places.outside_period;
        self.places.undated += other.places.undated;
        self.places.undecided += other.places.undecided;
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
        self.deaths_within_two_days += other.deaths_within_two_days;
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
    }
}

/// Midnights of a stay: 0 for a stay that began and ended on one day.
fn stays_nights(encounter: &Encounter<'_>) -> i32 {
    encounter.midnights().unwrap_or(i32::MAX)
}

/// The age group of the ages that a record leaves possible; the place behind the groups where they lie in several, or out of range.
fn certain_age_group((youngest, oldest): (i32, i32)) -> usize {
    let is_certain = 0 <= youngest && oldest <= 124 && age_group(youngest) == age_group(oldest);
    if is_certain { age_group(youngest) } else { AGE_GROUPS.len() }
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
