//! Deaths and days of stay as they would be expected of other hospitals with the same patients: counts by stratum, which indirect standardisation is made of.
//!
//! A stratum is an age group, sex, type of admission and band of the Charlson score (Quan 2005). Inpatients, adults and children alone.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    arithmetic::{
        count_limits::{Confidence, LimitSettings},
        standardised::{EventStratum, Standardised, StayStratum, standardise_days, standardise_events},
    },
    partition_tally::certain_age_group,
    tally::AGE_GROUPS,
};
use crate::{
    partition::encounter::Encounter,
    record::{month::Month, take_away::take_away_fields, vocabulary::Sex},
};

/// Months before the period that the reference is made of.
pub const REFERENCE_MONTHS: i32 = 24;

/// What is counted of a stratum in a month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StratumCounts {
    /// Discharges.
    pub cases: u32,
    /// Of them: deaths.
    pub deaths: u32,
    /// Of them: with a known length of stay.
    pub stays: u32,
    /// Their days.
    pub days: u64,
    /// The squares of the days of each, added up.
    pub squared_days: u64,
}

take_away_fields!(StratumCounts: cases, deaths, stays, days, squared_days);

impl StratumCounts {
    /// Adds those of others.
    pub fn add(&mut self, other: &StratumCounts) {
        self.cases += other.cases;
        self.deaths += other.deaths;
        self.stays += other.stays;
        self.days += other.days;
        self.squared_days = self.squared_days.saturating_add(other.squared_days);
    }

    /// Counts a discharge.
    pub fn count(&mut self, encounter: &Encounter<'_>) {
        self.cases += 1;
        self.deaths += u32::from(encounter.died());
        if let Some(days) = encounter.length_of_stay().and_then(|days| u64::try_from(days).ok()) {
            self.stays += 1;
            self.days += days;
            self.squared_days = self.squared_days.saturating_add(days.saturating_mul(days));
        }
    }
}

/// Counts by month of discharge and stratum.
pub type Strata = BTreeMap<(Month, u16), StratumCounts>;

/// Bands of the Charlson score: 0, 1 to 2, 3 to 4, 5 and more.
const SCORE_BANDS: u16 = 4;
/// Types of admission: emergency, urgent, elective, trauma, any other or none.
const ADMISSION_TYPES: u16 = 5;
/// Female, male, other or not stated.
const SEXES: u16 = 3;

/// The number of the stratum of a discharge.
pub fn stratum_of(encounter: &Encounter<'_>, charlson_score: i32) -> u16 {
    let age = encounter.possible_ages().map_or(AGE_GROUPS.len(), certain_age_group) as u16;
    let sex = match encounter.sex.value() {
        Some(Sex::Female) => 0,
        Some(Sex::Male) => 1,
        _ => 2,
    };
    let kind = match encounter.admission_type.value().map(|kind| kind.0) {
        Some(b'1') => 0,
        Some(b'2') => 1,
        Some(b'3') => 2,
        Some(b'5') => 3,
        _ => 4,
    };
    let score = match charlson_score {
        ..=0 => 0,
        1..=2 => 1,
        3..=4 => 2,
        5.. => 3,
    };
    ((age * SEXES + sex) * ADMISSION_TYPES + kind) * SCORE_BANDS + score
}

/// Observed and expected deaths and days of some strata, by those of a reference.
#[derive(Debug, Clone)]
pub struct ObservedToExpected {
    /// Deaths.
    pub deaths: Standardised,
    /// Days of stay.
    pub days: Standardised,
}

/// Sums by stratum over the months from one through another.
pub fn sums(strata: &Strata, (first, last): (Month, Month)) -> BTreeMap<u16, StratumCounts> {
    let mut sums: BTreeMap<u16, StratumCounts> = BTreeMap::new();
    for ((_, stratum), counts) in strata.range((first, 0)..=(last, u16::MAX)) {
        sums.entry(*stratum).or_default().add(counts);
    }
    sums
}

/// The months of a span that have a discharge.
pub fn months_held(strata: &Strata, (first, last): (Month, Month)) -> usize {
    let mut months: Vec<Month> = strata.range((first, 0)..=(last, u16::MAX)).map(|((month, _), _)| *month).collect();
    months.dedup();
    months.len()
}

/// Standardises one's own strata by those of a reference.
pub fn standardise(own: &BTreeMap<u16, StratumCounts>, reference: &BTreeMap<u16, StratumCounts>) -> ObservedToExpected {
    let nothing = StratumCounts::default();
    let strata = || {
        let keys = own.keys().chain(reference.keys().filter(|stratum| !own.contains_key(stratum)));
        keys.map(|stratum| (own.get(stratum).unwrap_or(&nothing), reference.get(stratum).unwrap_or(&nothing)))
    };
    let deaths: Vec<EventStratum> = strata()
        .map(|(own, reference)| EventStratum {
            own_cases: own.cases.into(),
            own_events: own.deaths.into(),
            reference_cases: reference.cases.into(),
            reference_events: reference.deaths.into(),
        })
        .collect();
    let days: Vec<StayStratum> = strata()
        .map(|(own, reference)| StayStratum {
            own_stays: own.stays.into(),
            own_days: own.days,
            reference_stays: reference.stays.into(),
            reference_days: reference.days,
            reference_squared_days: Some(reference.squared_days.into()),
        })
        .collect();
    ObservedToExpected {
        deaths: standardise_events(&deaths, LimitSettings::default()),
        days: standardise_days(&days, Confidence::default()),
    }
}
