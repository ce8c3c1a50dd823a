//! Where an examined encounter stands in the statistics of a period.

use serde::{Deserialize, Serialize};

use crate::{partition::encounter::Encounter, record::period::Period};

/// Where an examined encounter stands in the statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatisticsPlace {
    /// Discharged in the period, or no period was asked for.
    InStatistics,
    /// Kept out by a fatal finding.
    Rejected,
    /// Discharged outside the period.
    OutsidePeriod,
    /// Without a readable discharge date, or with a month or a year alone of which a part lies outside the period.
    Undated,
    /// Another record of the same number may be the newest version as well.
    Undecided,
}

impl StatisticsPlace {
    /// Where an encounter stands.
    pub fn of(encounter: &Encounter<'_>, rejected: bool, period: Option<&Period>) -> StatisticsPlace {
        if rejected {
            return StatisticsPlace::Rejected;
        }
        let discharged = encounter.discharge_date.value().map(|moment| (moment.day, moment.day));
        let within = || encounter.partial.discharge.map(|partial| (partial.first(), partial.last()));
        match (discharged.or_else(within), period) {
            (None, _) => StatisticsPlace::Undated,
            (Some((first, last)), Some(period)) => match (period.contains(first), period.contains(last)) {
                (true, true) => StatisticsPlace::InStatistics,
                (false, false) if last < period.first || period.last < first => StatisticsPlace::OutsidePeriod,
                // A month or a year of which a part alone lies in the period.
                _ => StatisticsPlace::Undated,
            },
            _ => StatisticsPlace::InStatistics,
        }
    }
}

/// Encounters by their place. The sum is the number examined.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatisticsPlaces {
    /// Counted.
    pub in_statistics: u64,
    /// Kept out by a fatal finding.
    pub rejected: u64,
    /// Discharged outside the period.
    pub outside_period: u64,
    /// Without a readable discharge date.
    pub undated: u64,
    /// Versions of records of which none is known to be the newest.
    pub undecided: u64,
}

impl StatisticsPlaces {
    /// Whether no encounter is counted.
    pub fn is_none(&self) -> bool {
        *self == StatisticsPlaces::default()
    }

    /// Adds others.
    pub fn add(&mut self, other: StatisticsPlaces) {
        self.in_statistics += other.in_statistics;
        self.rejected += other.rejected;
        self.outside_period += other.outside_period;
        self.undated += other.undated;
        self.undecided += other.undecided;
    }
}
