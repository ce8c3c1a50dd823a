//! Hours that coders worked, by day.

use std::collections::BTreeMap;

use super::RegisterRow;
use crate::record::{date::Day, field::Field};

/// Productive hours, in hundredths, by coder and day.
#[derive(Debug, Clone, Default)]
pub struct StaffHours {
    coders: BTreeMap<Box<str>, BTreeMap<Day, u64>>,
}

impl StaffHours {
    /// Takes one row. A row without a readable day, or without hours, is none.
    pub fn add(&mut self, row: &RegisterRow<'_>) {
        let hours = row.hundredths(Field::ProductiveHours).value().and_then(|hours| u64::try_from(hours).ok());
        let Some((day, hours)) = row.day(Field::HoursDate).value().zip(hours) else { return };
        let days = self.coders.entry(row.words(Field::Coder).into()).or_default();
        let own = days.entry(day).or_default();
        *own = own.saturating_add(hours);
    }

    /// Hours of a coder from a day through another, in hundredths; `None` where the register has none of the coder in these days.
    pub fn of(&self, coder: &str, (first, last): (Day, Day)) -> Option<u64> {
        let mut own = self.coders.get(coder)?.range(first..=last).map(|(_, hours)| *hours).peekable();
        own.peek()?;
        Some(own.sum())
    }
}
