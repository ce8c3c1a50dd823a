//! Civil dates as day numbers, with the time and the clock it was read from where the export says so.
//!
//! An export's own wall clock is the record. Where two times state their offset from UTC, they are compared as instants.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

pub use super::date_format::DateFormat;
use super::date_format::digits;

/// A civil day as the number of days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Day(pub i32);

/// What is known of the clock that a time was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Clock {
    /// Nothing: the hospital's own.
    #[default]
    Unstated,
    /// Minutes east of UTC.
    Offset(i16),
    /// The hospital's own in the hour that comes twice when clocks go back: of the second time, in minutes east of UTC. The first was up to an hour earlier.
    Repeated(i16),
}

/// A civil day with, where the export says so, the minute of that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The day.
    pub day: Day,
    /// Minute of the day, 0 to 1439; `None` where only the date is known.
    pub minute: Option<u16>,
    /// The clock.
    pub clock: Clock,
}

impl Moment {
    /// A day without a time.
    pub fn on(day: Day) -> Moment {
        Moment { day, minute: None, clock: Clock::Unstated }
    }

    /// A day with a time of a clock of which nothing is stated.
    pub fn at(day: Day, minute: u16) -> Moment {
        Moment { day, minute: Some(minute), clock: Clock::Unstated }
    }

    /// Minutes since 1970-01-01T00:00 of its own clock, an unknown time counted as midnight.
    pub fn minutes(self) -> i64 {
        i64::from(self.day.0) * 1440 + i64::from(self.minute.unwrap_or(0))
    }

    /// So many minutes later by the same clock.
    pub fn after_minutes(self, minutes: i64) -> Moment {
        let sum = self.minutes() + minutes;
        Moment { day: Day(sum.div_euclid(1440) as i32), minute: Some(sum.rem_euclid(1440) as u16), clock: self.clock }
    }

    /// The same instant by a clock so many minutes east of UTC; as it stands where it has no time or states no offset.
    pub fn by_clock(self, offset: i16) -> Moment {
        match (self.clock, self.minute) {
            (Clock::Offset(own), Some(_)) => {
                Moment { clock: Clock::Offset(offset), ..self.after_minutes(i64::from(offset) - i64::from(own)) }
            }
            _ => self,
        }
    }

    /// Whether it certainly lies before another: as instants where both have a time and state their clock, else by the wall clock.
    pub fn is_before(self, other: Moment) -> bool {
        if self.minute.is_none() || other.minute.is_none() {
            return self.minutes() < other.minutes();
        }
        match (self.last_instant(), other.first_instant()) {
            (Some(own), Some(theirs)) => own < theirs,
            _ => self.minutes() < other.minutes(),
        }
    }

    /// The earliest minute of UTC that it can mean; `None` where its clock is not stated.
    fn first_instant(self) -> Option<i64> {
        match self.clock {
            Clock::Unstated => None,
            Clock::Offset(offset) => Some(self.minutes() - i64::from(offset)),
            Clock::Repeated(second) => Some(self.minutes() - i64::from(second) - 60),
        }
    }

    /// The latest minute of UTC that it can mean.
    fn last_instant(self) -> Option<i64> {
        match self.clock {
            Clock::Unstated => None,
            Clock::Offset(offset) | Clock::Repeated(offset) => Some(self.minutes() - i64::from(offset)),
        }
    }
}

impl Day {
    /// The day of a proleptic Gregorian date; `None` where there is no such day (30 February).
    #[inline]
    pub const fn from_ymd(year: i32, month: u32, day: u32) -> Option<Day> {
        if month == 0 || month > 12 || day == 0 || day > days_in_month(year, month) {
            return None;
        }
        // Days from civil, counted in 400-year eras that begin on 1 March.
        let shifted_year = if month <= 2 { year - 1 } else { year };
        let era = shifted_year.div_euclid(400);
        let year_of_era = shifted_year.rem_euclid(400);
        let month_from_march = (month as i32 + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + day as i32 - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(Day(era * 146_097 + day_of_era - 719_468))
    }

    /// A day of a table of this program; a date that is none does not compile in a constant.
    pub const fn of(year: i32, month: u32, day: u32) -> Day {
        match Day::from_ymd(year, month, day) {
            Some(day) => day,
            None => panic!("there is no such day"),
        }
    }

    /// Whether it is a Saturday or a Sunday.
    pub fn is_weekend(self) -> bool {
        // Day 0, 1970-01-01, was a Thursday.
        self.0.rem_euclid(7) == 2 || self.0.rem_euclid(7) == 3
    }

    /// Year, month (1 to 12) and day of the month.
    #[inline]
    pub fn ymd(self) -> (i32, u32, u32) {
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u32;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 } as u32;
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        (year, month, day)
    }

    /// The same day as a calendar date of `chrono`; dates outside its range are clamped to its ends.
    pub fn date(self) -> NaiveDate {
        let (year, month, day) = self.ymd();
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or(if self.0 < 0 { NaiveDate::MIN } else { NaiveDate::MAX })
    }

    /// The day of a `chrono` date.
    pub fn from_date(date: NaiveDate) -> Day {
        Day::from_ymd(date.year(), date.month(), date.day()).expect("a calendar date is a day")
    }

    /// Reads `YYYY-MM-DD` exactly.
    pub fn from_iso(text: &str) -> Option<Day> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        Day::from_ymd(digits(&bytes[0..4])? as i32, digits(&bytes[5..7])?, digits(&bytes[8..10])?)
    }

    /// Completed years from `birth` to this day; negative before birth. A birthday on 29 February is kept on 1 March of common years.
    pub fn completed_years_since(self, birth: Day) -> i32 {
        let (year, month, day) = self.ymd();
        let (birth_year, birth_month, birth_day) = birth.ymd();
        year - birth_year - i32::from((month, day) < (birth_month, birth_day))
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month, day) = self.ymd();
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

/// Days of a month of the proleptic Gregorian calendar.
pub const fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_numbers_agree_with_chrono_over_four_centuries() {
        let mut date = NaiveDate::from_ymd_opt(1799, 12, 31).expect("date");
        while date.year() < 2205 {
            let day = Day::from_date(date);
            assert_eq!(day.ymd(), (date.year(), date.month(), date.day()));
            assert_eq!(i64::from(day.0), (date - NaiveDate::from_ymd_opt(1970, 1, 1).expect("date")).num_days());
            date = date.succ_opt().expect("next");
        }
    }

    #[test]
    fn times_with_offsets_are_compared_as_instants_and_others_by_the_wall_clock() {
        let day = Day::from_iso("2026-11-01").expect("day");
        let at = |minute: u16, clock: Clock| Moment { clock, ..Moment::at(day, minute) };
        // 01:50 in summer time is twenty minutes before 01:10 in winter time.
        let (summer, winter) = (at(110, Clock::Offset(-240)), at(70, Clock::Offset(-300)));
        assert!(summer.is_before(winter) && !winter.is_before(summer));
        assert!(at(70, Clock::Unstated).is_before(at(110, Clock::Unstated)));
        assert!(at(70, Clock::Unstated).is_before(summer), "one without an offset is compared as it stands");
        // In the hour that comes twice, 01:50 may have been before 01:10.
        let (early, late) = (at(70, Clock::Repeated(-300)), at(110, Clock::Repeated(-300)));
        assert!(!early.is_before(late) && !late.is_before(early));
        assert!(late.is_before(at(121, Clock::Offset(-300))) && at(59, Clock::Offset(-240)).is_before(early));
        assert!(!Moment::on(day).is_before(at(0, Clock::Offset(0))));
    }

    #[test]
    fn an_instant_by_another_clock_may_lie_on_another_day() {
        let utc = Moment { clock: Clock::Offset(0), ..Moment::at(Day::from_iso("2026-11-01").expect("day"), 210) };
        let local = utc.by_clock(-240);
        assert_eq!((local.day.to_string().as_str(), local.minute), ("2026-10-31", Some(1410)));
        assert_eq!(local.by_clock(0), utc);
    }

    #[test]
    fn age_turns_on_the_birthday() {
        let birth = Day::from_iso("2000-02-29").expect("day");
        let age = |text: &str| Day::from_iso(text).expect("day").completed_years_since(birth);
        assert_eq!((age("2017-02-28"), age("2017-03-01"), age("2020-02-29")), (16, 17, 20));
    }
}
