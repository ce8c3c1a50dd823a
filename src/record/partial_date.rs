//! Dates of which the day is not known: what an export states is kept as that, and no day is made up.

use serde::{Deserialize, Serialize};

use super::date::{Day, Moment, days_in_month};

/// A date of which only the month, or only the year, is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PartialDate {
    /// Year.
    pub year: i32,
    /// Month, 1 to 12; `None` where only the year is known.
    pub month: Option<u8>,
}

impl PartialDate {
    /// A month of a year, or the year; `None` where there is no such month, or the year is none of four digits.
    pub fn new(year: i32, month: Option<u32>) -> Option<PartialDate> {
        let is_month = month.is_none_or(|month| (1..=12).contains(&month));
        ((0..=9999).contains(&year) && is_month).then_some(PartialDate { year, month: month.map(|month| month as u8) })
    }

    /// The first day that it can mean.
    pub fn first(self) -> Day {
        self.day(u32::from(self.month.unwrap_or(1)), |_, _| 1)
    }

    /// The last day that it can mean.
    pub fn last(self) -> Day {
        self.day(u32::from(self.month.unwrap_or(12)), days_in_month)
    }

    fn day(self, month: u32, day: fn(i32, u32) -> u32) -> Day {
        Day::from_ymd(self.year, month, day(self.year, month)).expect("the first and last day of a month are days")
    }
}

impl std::fmt::Display for PartialDate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.month {
            Some(month) => write!(formatter, "{:04}-{month:02}", self.year),
            None => write!(formatter, "{:04}", self.year),
        }
    }
}

/// A date as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KnownDate {
    /// A day.
    Day(Moment),
    /// A month or a year.
    Within(PartialDate),
}

/// What is known of the dates of an encounter that are stated by month or year alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PartialDates {
    /// Admission.
    pub admission: Option<PartialDate>,
    /// Discharge.
    pub discharge: Option<PartialDate>,
    /// Birth.
    pub birth: Option<PartialDate>,
    /// Death.
    pub death: Option<PartialDate>,
}
