//! The daily census: one row a facility and day, or one a unit and day, added up by facility and day.
//!
//! This is the form hospitals keep and hand on. Lists of the patients in bed at midnight, one row a patient and night, are another export: they are as long
//! as all stays together, and are counted into this one by the system that has them.

use std::collections::BTreeMap;

use super::{RegisterRow, by_facility::ByFacility};
use crate::record::{date::Day, field::Field, finding::Origin};

/// The census of one unit or facility and day. A figure is known where every unit states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CensusDay {
    /// Patients at the census hour.
    pub patients: Option<u32>,
    /// Newborns among them, where any unit states them.
    pub newborns: Option<u32>,
    /// Patients admitted since the census before.
    pub admissions: Option<u32>,
    /// Patients discharged since the census before, deaths included.
    pub discharges: Option<u32>,
}

impl CensusDay {
    /// Of nobody.
    const NOTHING: CensusDay =
        CensusDay { patients: Some(0), newborns: None, admissions: Some(0), discharges: Some(0) };

    fn add(&mut self, other: &CensusDay) {
        let add = |sum: &mut Option<u32>, more: Option<u32>| {
            *sum = sum.zip(more).and_then(|(sum, more)| sum.checked_add(more));
        };
        add(&mut self.patients, other.patients);
        add(&mut self.admissions, other.admissions);
        add(&mut self.discharges, other.discharges);
        if let Some(newborns) = other.newborns {
            self.newborns = Some(self.newborns.unwrap_or(0).saturating_add(newborns));
        }
    }
}

/// The census of a facility.
#[derive(Debug, Clone, Default)]
struct FacilityCensus {
    /// By unit and day; a blank unit is the facility's own.
    units: BTreeMap<Box<str>, BTreeMap<Day, (Origin, CensusDay)>>,
    /// The sums.
    days: BTreeMap<Day, CensusDay>,
}

/// The daily census, by facility and day.
#[derive(Debug, Clone, Default)]
pub struct Census {
    facilities: ByFacility<FacilityCensus>,
}

impl Census {
    /// Takes one row. A row without a readable day is of no day. A row of a later file says anew what one of an earlier file said of its unit and day; rows of one file add up where
    /// they name no unit.
    pub fn add(&mut self, row: &RegisterRow<'_>) {
        let own = self.facilities.entry(row.words(Field::FacilityId));
        let Some(day) = row.day(Field::CensusDate).value() else { return };
        let count = |field: Field| row.count(field).value();
        let said = CensusDay {
            patients: count(Field::CensusPatients),
            newborns: count(Field::CensusNewborns),
            admissions: count(Field::CensusAdmissions),
            discharges: count(Field::CensusDischarges),
        };
        let (unit, origin) = (row.words(Field::CensusUnit), row.origin());
        let days = own.units.entry(unit.into()).or_default();
        let (before, sum) = days.entry(day).or_insert((origin, CensusDay::NOTHING));
        if before.input == origin.input && unit.is_empty() {
            sum.add(&said);
        } else if (before.input, before.row) <= (origin.input, origin.row) {
            let mut of_row = CensusDay::NOTHING;
            of_row.add(&said);
            (*before, *sum) = (origin, of_row);
        }
    }

    /// Adds the units up. A day on which a unit is missing that has a census before and after it is not known.
    pub fn sort(&mut self) {
        self.facilities.each(FacilityCensus::sum);
    }

    /// The days of a facility; see [`ByFacility::of`].
    pub fn days(&self, facility_id: &str, one: bool) -> Option<&BTreeMap<Day, CensusDay>> {
        self.facilities.of(facility_id, one).map(|own| &own.days)
    }

    /// The units of a facility that have a census of their own.
    pub fn units(&self, facility_id: &str, one: bool) -> impl Iterator<Item = &str> {
        let own = self.facilities.of(facility_id, one);
        own.into_iter().flat_map(|own| own.units.keys()).map(|unit| &**unit).filter(|unit| !unit.is_empty())
    }

    /// The census of a unit on a day.
    pub fn of_unit(&self, facility_id: &str, one: bool, unit: &str, day: Day) -> Option<&CensusDay> {
        let own = self.facilities.of(facility_id, one)?;
        own.units.get(unit)?.get(&day).map(|(_, census)| census)
    }

    /// The facilities that the census names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.facilities.names()
    }
}

impl FacilityCensus {
    fn sum(&mut self) {
        self.days = BTreeMap::new();
        for (day, (_, census)) in self.units.values().flatten() {
            self.days.entry(*day).or_insert(CensusDay::NOTHING).add(census);
        }
        for own in self.units.values() {
            let Some((first, last)) = own.keys().next().zip(own.keys().next_back()) else { continue };
            for (day, sum) in self.days.range_mut(*first..=*last) {
                if !own.contains_key(day) {
                    *sum = CensusDay { patients: None, newborns: None, admissions: None, discharges: None };
                }
            }
        }
    }
}
