//! The birth register: one row a birth, added up by facility and day.

use std::collections::BTreeMap;

use super::{
    RegisterRow,
    by_facility::{ByFacility, Months},
};
use crate::record::{cell::Cell, date::Day, field::Field};

/// The births of one facility.
#[derive(Debug, Clone, Default)]
pub struct FacilityBirths {
    /// Infants born alive, by day.
    pub liveborn: BTreeMap<Day, u32>,
    /// The months that the register speaks of.
    pub months: Months,
}

/// The birth register, by facility and day.
#[derive(Debug, Clone, Default)]
pub struct Births {
    facilities: ByFacility<FacilityBirths>,
}

impl Births {
    /// Takes one row. A birth that is not said to be a stillbirth is a live one.
    pub fn add(&mut self, row: &RegisterRow<'_>) {
        let births = self.facilities.entry(row.words(Field::FacilityId));
        let Some(day) = row.day(Field::BirthDate).value() else { return };
        births.months.add(day);
        if row.flag(Field::Liveborn) != Cell::Value(false) {
            *births.liveborn.entry(day).or_insert(0) += 1;
        }
    }

    /// The births of a facility; see [`ByFacility::of`].
    pub fn of(&self, facility_id: &str, one: bool) -> Option<&FacilityBirths> {
        self.facilities.of(facility_id, one)
    }
}
