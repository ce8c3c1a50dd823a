//! The period a run reports on: a month, quarter, year or a stated range of days.

use super::date::{Day, days_in_month};

/// A closed range of days with the name it was asked for by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// As written: `2026-10`, `2026-Q3`, `2026`, `2026-01-01..2026-03-31`.
    pub name: String,
    /// First day.
    pub first: Day,
    /// Last day, included.
    pub last: Day,
}

impl Period {
    /// Reads a period.
    ///
    /// # Errors
    /// Says which forms are understood.
    pub fn parse(text: &str) -> Result<Period, String> {
        let wrong = || {
            format!(
                "`{text}` is not a period; write a month (2026-10), a quarter (2026-Q3), a year (2026) or two days (2026-01-01..2026-03-31)"
            )
        };
        let months = |year: i32, first: u32, last: u32| -> Option<(Day, Day)> {
            Some((Day::from_ymd(year, first, 1)?, Day::from_ymd(year, last, days_in_month(year, last))?))
        };
        let year_of = |part: &str| -> Option<i32> {
            (part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse().ok()).flatten()
        };
        let days = if let Some((first, last)) = text.split_once("..") {
            Day::from_iso(first.trim()).zip(Day::from_iso(last.trim())).filter(|(first, last)| first <= last)
        } else if let Some(year) = year_of(text) {
            months(year, 1, 12)
        } else if let Some((year, part)) = text.split_once('-') {
            let year = year_of(year).ok_or_else(wrong)?;
            match part.strip_prefix(['Q', 'q']) {
                Some(quarter) => match quarter.parse::<u32>() {
                    Ok(number @ 1..=4) if quarter.len() == 1 => months(year, number * 3 - 2, number * 3),
                    _ => None,
                },
                None if part.len() == 2 => part
                    .parse()
                    .ok()
                    .filter(|month| (1..=12).contains(month))
                    .and_then(|month| months(year, month, month)),
                None => None,
            }
        } else {
            None
        };
        let (first, last) = days.ok_or_else(wrong)?;
        Ok(Period { name: text.to_owned(), first, last })
    }

    /// Whether the day lies in the period.
    pub fn contains(&self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }

    /// Number of days.
    pub fn days(&self) -> i32 {
        self.last.0 - self.first.0 + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_means_its_days() {
        for (text, first, last) in [
            ("2026-10", "2026-10-01", "2026-10-31"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2026-Q3", "2026-07-01", "2026-09-30"),
            ("2026", "2026-01-01", "2026-12-31"),
            ("2026-01-05..2026-01-05", "2026-01-05", "2026-01-05"),
        ] {
            let period = Period::parse(text).expect(text);
            assert_eq!((period.first.to_string().as_str(), period.last.to_string().as_str()), (first, last));
        }
        for text in ["", "2026-13", "26-10", "2026-Q5", "2026-02-30..2026-03-01", "2026-03-02..2026-03-01", "2026-1"] {
            assert!(Period::parse(text).is_err(), "{text}");
        }
    }
}
