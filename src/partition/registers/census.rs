//! The daily census: one row a facility and day, or one a unit and day, added up by facility and day.
//!
//! This is the form hospitals keep and hand on. Lists of the patients in bed at midnight, one row a patient and night, are another export: they are as long
//! as all stays together, and are counted into this one by the system that has them.

use std::collections::BTreeMap;

use super::{RegisterRow, by_facility::ByFacility};
use crate::record::{cell::Cell, date::Day, field::Field};

/// The census of one facility and day. A figure is known where every unit states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CensusDay {
    /// Patients at the census hour.
    pub patients: Option<u32>,
    /// Patients admitted since the census before.
    pub admissions: Option<u32>,
    /// Patients discharged since the census before, deaths included.
    pub discharges: Option<u32>,
}

/// The daily census, by facility and day.
#[derive(Debug, Clone, Default)]
pub struct Census {
    facilities: ByFacility<BTreeMap<Day, CensusDay>>,
}

impl Census {
    /// Takes one row. A row without a readable day is of no day.
    pub fn add(&mut self, row: &RegisterRow<'_>) {
        let days = self.facilities.entry(row.words(Field::FacilityId));
        let Some(day) = row.day(Field::CensusDate).value() else { return };
        let sum = days.entry(day).or_insert(CensusDay { patients: Some(0), admissions: Some(0), discharges: Some(0) });
        let add = |sum: &mut Option<u32>, more: Cell<u32>| {
            *sum = sum.zip(more.value()).and_then(|(sum, more)| sum.checked_add(more));
        };
        add(&mut sum.patients, row.count(Field::CensusPatients));
        add(&mut sum.admissions, row.count(Field::CensusAdmissions));
        add(&mut sum.discharges, row.count(Field::CensusDischarges));
    }

    /// The days of a facility; see [`ByFacility::of`].
    pub fn days(&self, facility_id: &str, one: bool) -> Option<&BTreeMap<Day, CensusDay>> {
        self.facilities.of(facility_id, one)
    }
}
