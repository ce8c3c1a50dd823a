//! The bed file: how many inpatient beds and bassinets are set up and staffed, by facility and unit, and from which day on. A number holds until the next row of the unit.

use std::collections::BTreeMap;

use super::{RegisterRow, by_facility::ByFacility};
use crate::record::{cell::Cell, date::Day, field::Field};

/// The numbers of one unit: by the day from which they hold, beds and bassinets.
type UnitBeds = BTreeMap<Day, [u32; 2]>;

/// The beds of one facility.
#[derive(Debug, Clone, Default)]
struct FacilityBeds {
    units: BTreeMap<Box<str>, UnitBeds>,
    /// A row's day or number cannot be read, so that nothing can be said of the sum.
    is_doubtful: bool,
}

/// The bed file, by facility and unit.
#[derive(Debug, Clone, Default)]
pub struct Beds {
    facilities: ByFacility<FacilityBeds>,
}

impl Beds {
    /// Takes one row. A number that is blank is none.
    pub fn add(&mut self, row: &RegisterRow<'_>) {
        let own = self.facilities.entry(row.words(Field::FacilityId));
        let numbers = [Field::InpatientBeds, Field::Bassinets].map(|field| row.count(field));
        let Some(from) = row
            .day(Field::BedsFrom)
            .value()
            .filter(|_| !numbers.iter().any(|number: &Cell<u32>| number.is_unreadable()))
        else {
            own.is_doubtful = true;
            return;
        };
        let numbers = numbers.map(|number| number.value().unwrap_or(0));
        own.units.entry(row.words(Field::BedUnit).into()).or_default().insert(from, numbers);
    }

    /// Bed count days and bassinet count days of a facility, or of one unit of it, from a day through another: the sums of each day's beds. A unit counts from its first row on.
    /// `None` where the file does not speak of them, or not yet of the first day, or a row cannot be read. `one`: see [`ByFacility::of`].
    pub fn count_days(
        &self,
        (facility_id, one): (&str, bool),
        unit: Option<&str>,
        (first, last): (Day, Day),
    ) -> Option<[u64; 2]> {
        let own = self.facilities.of(facility_id, one).filter(|own| !own.is_doubtful)?;
        let units = || own.units.iter().filter(|(name, _)| unit.is_none_or(|unit| unit == &***name));
        units().any(|(_, rows)| rows.range(..=first).next().is_some()).then_some(())?;
        let mut sum = [0; 2];
        for (_, rows) in units() {
            for day in first.0..=last.0 {
                let Some((_, numbers)) = rows.range(..=Day(day)).next_back() else { continue };
                sum.iter_mut().zip(numbers).for_each(|(sum, number)| *sum += u64::from(*number));
            }
        }
        Some(sum)
    }

    /// The first day on which a facility has beds.
    pub fn first_day(&self, facility_id: &str, one: bool) -> Option<Day> {
        let own = self.facilities.of(facility_id, one)?;
        own.units.values().filter_map(|rows| rows.keys().next().copied()).min()
    }

    /// The facilities that the file names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.facilities.names()
    }
}
