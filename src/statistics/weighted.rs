//! Estimates of a survey: each record stands for as many discharges as its weight says.
//!
//! Sums are whole millionths, so that they do not depend on the order of the records.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    arithmetic::survey_weights::SurveyWeight,
    tally::{AGE_GROUPS, Dimension, NOT_IN_LIST, age_group},
};
use crate::{
    partition::encounter::Encounter,
    record::{bounded::NOT_STATED, cell::Cell, take_away::take_away_fields},
};

/// Millionths in one.
pub const ONE: u64 = 1_000_000;

/// Values of a dimension that are told apart; the others stand together.
const MOST_VALUES: usize = 1000;

/// Dimensions that estimates are made by.
pub const DIMENSIONS: [Dimension; 7] = [
    Dimension::Sex,
    Dimension::Age,
    Dimension::Service,
    Dimension::Payer,
    Dimension::Disposition,
    Dimension::AdmissionType,
    Dimension::Facility,
];

/// What is summed of some records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeightedGroup {
    /// Records, each counted once.
    pub records: u64,
    /// Their weights.
    pub discharges: u64,
    /// Weights of those whose length of stay is known.
    pub stays: u64,
    /// Their days, each by its weight.
    pub days: u64,
    /// Records of those who died.
    pub death_records: u64,
    /// Their weights.
    pub deaths: u64,
}

take_away_fields!(WeightedGroup: records, discharges, stays, days, death_records, deaths);

impl WeightedGroup {
    fn add(&mut self, other: &WeightedGroup) {
        self.records += other.records;
        self.death_records += other.death_records;
        let pairs = [
            (&mut self.discharges, other.discharges),
            (&mut self.stays, other.stays),
            (&mut self.days, other.days),
            (&mut self.deaths, other.deaths),
        ];
        pairs.into_iter().for_each(|(own, more)| *own = own.saturating_add(more));
    }
}

/// The sums of a survey. Empty where no record states a weight.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeightedSums {
    /// Adults and children, and newborns.
    pub all: [WeightedGroup; 2],
    /// By place among [`DIMENSIONS`] and value.
    values: BTreeMap<(u8, String), WeightedGroup>,
    /// Records without a weight that can be read.
    pub without_weight: u64,
}

take_away_fields!(WeightedSums: all, values, without_weight);

impl WeightedSums {
    /// Counts a record that stands in the statistics.
    pub fn count(&mut self, encounter: &Encounter<'_>) {
        let read = if encounter.weight.is_empty() { None } else { SurveyWeight::read(encounter.weight.trim()).ok() };
        let Some(weight) = read.map(SurveyWeight::millionths) else {
            self.without_weight += 1;
            return;
        };
        let stay = encounter.length_of_stay().and_then(|days| u64::try_from(days).ok());
        let died = encounter.died();
        let one = WeightedGroup {
            records: 1,
            discharges: weight,
            stays: stay.map_or(0, |_| weight),
            days: stay.map_or(0, |days| weight.saturating_mul(days)),
            death_records: u64::from(died),
            deaths: if died { weight } else { 0 },
        };
        self.all[usize::from(encounter.is_newborn())].add(&one);
        for (place, dimension) in DIMENSIONS.into_iter().enumerate() {
            self.value(place as u8, value_of(encounter, dimension)).add(&one);
        }
    }

    fn value(&mut self, place: u8, value: String) -> &mut WeightedGroup {
        let key = (place, value);
        let is_full = || self.values.range((place, String::new())..(place + 1, String::new())).count() >= MOST_VALUES;
        let key = if !self.values.contains_key(&key) && is_full() { (place, NOT_STATED.to_owned()) } else { key };
        self.values.entry(key).or_default()
    }

    /// The values of a dimension with their sums, groups of age in the order of life, what is not stated last.
    pub fn of(&self, dimension: Dimension) -> Vec<(&str, &WeightedGroup)> {
        let Some(place) = DIMENSIONS.iter().position(|own| *own == dimension) else { return Vec::new() };
        let own = self.values.iter().filter(|((of, _), _)| usize::from(*of) == place);
        let mut rows: Vec<(&str, &WeightedGroup)> = own.map(|((_, value), group)| (value.as_str(), group)).collect();
        let rank = |value: &str| match AGE_GROUPS.iter().position(|(name, _)| *name == value) {
            Some(place) => place,
            None if value == NOT_STATED || value == NOT_IN_LIST => usize::MAX,
            None => 0,
        };
        rows.sort_by_key(|(value, _)| rank(value));
        rows
    }

    /// All records together.
    pub fn together(&self) -> WeightedGroup {
        let mut all = self.all[0];
        all.add(&self.all[1]);
        all
    }

    /// Whether no record states a weight.
    pub fn is_none(&self) -> bool {
        self.values.is_empty()
    }

    /// Adds those of others.
    pub fn merge(&mut self, other: WeightedSums) {
        self.all.iter_mut().zip(&other.all).for_each(|(own, more)| own.add(more));
        for ((place, value), group) in other.values {
            self.value(place, value).add(&group);
        }
        self.without_weight += other.without_weight;
    }
}

/// The value of a record in a dimension.
fn value_of(encounter: &Encounter<'_>, dimension: Dimension) -> String {
    let stated = |text: &str| if text.is_empty() { NOT_STATED.to_owned() } else { text.to_owned() };
    fn listed<T>(cell: Cell<T>, text: impl Fn(T) -> String) -> String {
        match cell {
            Cell::Value(value) => text(value),
            Cell::Blank => NOT_STATED.to_owned(),
            Cell::Unreadable => NOT_IN_LIST.to_owned(),
        }
    }
    match dimension {
        Dimension::Sex => listed(encounter.sex, |sex| sex.letter().to_owned()),
        Dimension::Age => {
            let age = encounter.age_years().filter(|age| (0..=124).contains(age));
            age.map_or(NOT_STATED, |age| AGE_GROUPS[age_group(age)].0).to_owned()
        }
        Dimension::Service => stated(encounter.service),
        Dimension::Payer => listed(encounter.payer, str::to_owned),
        Dimension::Disposition => {
            listed(encounter.discharge_status, |status| String::from_utf8_lossy(&status.digits()).into_owned())
        }
        Dimension::AdmissionType => listed(encounter.admission_type, |kind| char::from(kind.0).to_string()),
        Dimension::Facility => stated(encounter.facility_id),
        Dimension::AgeBand => stated(encounter.age_band_text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::take_away::TakeAway as _;

    #[test]
    fn what_was_added_can_be_taken_away() {
        let group = |records| WeightedGroup { records, discharges: records * 7 * ONE, ..WeightedGroup::default() };
        let mut sums = WeightedSums::default();
        sums.value(0, "F".to_owned()).add(&group(3));
        sums.all[0].add(&group(3));
        let mut more = sums.clone();
        more.value(1, "45-54".to_owned()).add(&group(2));
        let before = sums.clone();
        sums.merge(more.clone());
        assert_eq!(sums.of(Dimension::Sex), vec![("F", &group(6))]);
        assert!(sums.take_away(&more) && sums == before);
    }
}
