//! Final bills: the day on which the account of an encounter was billed.

use super::{RegisterRow, by_facility::ByFacility};
use crate::record::{date::Day, field::Field, month::Month};

/// The final bills, by encounter.
#[derive(Debug, Clone, Default)]
pub struct Bills {
    /// Encounter, facility (blank: not named), day.
    bills: Vec<(Box<str>, Box<str>, Day)>,
    /// The day of the first bill, by facility.
    first: ByFacility<Option<Day>>,
}

impl Bills {
    /// Takes one row. A row without a readable day is no bill.
    pub fn add(&mut self, row: &RegisterRow<'_>) {
        let Some(day) = row.day(Field::BillDate).value() else { return };
        let first = self.first.entry(row.words(Field::FacilityId));
        *first = Some(first.map_or(day, |first| first.min(day)));
        self.bills.push((row.words(Field::EncounterId).into(), row.words(Field::FacilityId).into(), day));
    }

    /// Puts the bills in order.
    pub fn sort(&mut self) {
        self.bills.sort_unstable();
    }

    /// The first day of the month from which on the bills speak of a facility; see [`ByFacility::of`].
    pub fn speaks_from(&self, facility_id: &str, one: bool) -> Option<Day> {
        self.first.of(facility_id, one).copied().flatten().map(|day| Month::of(day).first())
    }

    /// The day of the first final bill of an encounter; `None` where it has none.
    pub fn first_of(&self, encounter_id: &str, facility_id: &str) -> Option<Day> {
        if encounter_id.is_empty() {
            return None;
        }
        let start = self.bills.partition_point(|(encounter, ..)| **encounter < *encounter_id);
        let own = self.bills[start..].iter().take_while(|(encounter, ..)| **encounter == *encounter_id);
        let here = own.filter(|(_, at, _)| at.is_empty() || facility_id.is_empty() || **at == *facility_id);
        here.map(|(.., day)| *day).min()
    }
}
