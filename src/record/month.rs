//! A calendar month: what discharges are brought together by.

use serde::{Deserialize, Serialize};

use super::date::{Day, days_in_month};

/// A calendar month as the number of months since year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Month(pub i32);

impl Month {
    /// The month of a day.
    #[inline]
    pub fn of(day: Day) -> Month {
        let (year, month, _) = day.ymd();
        Month(year * 12 + month as i32 - 1)
    }

    /// Reads `YYYY-MM` exactly.
    pub fn parse(text: &str) -> Option<Month> {
        (text.len() == 7).then(|| Day::from_iso(&format!("{text}-01")))?.map(Month::of)
    }

    /// Its first day.
    pub fn first(self) -> Day {
        let (year, month) = self.year_and_month();
        Day::from_ymd(year, month, 1).unwrap_or(Day(i32::MIN))
    }

    /// Its last day.
    pub fn last(self) -> Day {
        let (year, month) = self.year_and_month();
        Day::from_ymd(year, month, days_in_month(year, month)).unwrap_or(Day(i32::MAX))
    }

    /// The month so many before this one.
    pub fn back(self, months: i32) -> Month {
        Month(self.0 - months)
    }

    fn year_and_month(self) -> (i32, u32) {
        (self.0.div_euclid(12), self.0.rem_euclid(12) as u32 + 1)
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month) = self.year_and_month();
        write!(formatter, "{year:04}-{month:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_its_days_and_the_one_before_january_is_december() {
        let month = Month::parse("2024-02").expect("a month");
        assert_eq!((month.first().to_string(), month.last().to_string()), ("2024-02-01".into(), "2024-02-29".into()));
        assert_eq!(month.back(2).to_string(), "2023-12");
        assert_eq!(Month::of(month.last()), month);
        for text in ["2024-13", "2024-2", "24-02", "2024/02", "", "2024-02-01"] {
            assert_eq!(Month::parse(text), None, "{text}");
        }
    }
}
