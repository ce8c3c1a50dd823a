//! Civil dates as day numbers, and the stated formats they are read by.
//!
//! No time zones: an export's own wall clock is the record. Dates are read by a stated format only; nothing is guessed.

use chrono::{Datelike, NaiveDate};

/// A civil day as the number of days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// A civil day with, where the export says so, the minute of that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The day.
    pub day: Day,
    /// Minute of the day, 0 to 1439; `None` where only the date is known.
    pub minute: Option<u16>,
}

impl Moment {
    /// A day without a time.
    pub fn on(day: Day) -> Moment {
        Moment { day, minute: None }
    }

    /// Minutes since 1970-01-01T00:00, an unknown time counted as midnight.
    pub fn minutes(self) -> i64 {
        i64::from(self.day.0) * 1440 + i64::from(self.minute.unwrap_or(0))
    }
}

impl Day {
    /// The day of a proleptic Gregorian date; `None` where there is no such day (30 February).
    #[inline]
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Day> {
        if !(1..=12).contains(&month) || day == 0 || day > days_in_month(year, month) {
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
pub fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// One step of a date format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Year4,
    Year2,
    Month,
    MonthName,
    FullMonthName,
    Day,
    Hour,
    Hour12,
    Minute,
    Second,
    Meridiem,
    Fraction,
    Zone,
    Byte(u8),
}

/// A stated date format, written with the letters of `strftime`: `%Y %y %m %b %B %d %H %I %M %S %p %f %z`; or `excel` and `excel_1904`, the numbers that a
/// spreadsheet keeps for days.
///
/// `%m`, `%d`, `%H` and `%I` take one or two digits where a separator follows or the text ends, exactly two where another number follows.
/// `%z` takes `Z` or an offset and drops it: a civil date is kept as the export wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateFormat {
    text: String,
    steps: Vec<Step>,
    /// First year of the hundred years that two-digit years mean.
    century_from: i32,
    iso_day: bool,
    serial: Option<Serial>,
}

/// From when a spreadsheet counts its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Serial {
    /// 1 is 1 January 1900, and 60 a 29 February that never was.
    From1900,
    /// 0 is 1 January 1904.
    From1904,
}

impl DateFormat {
    /// Compiles a format; `century_from` is the first of the hundred years that `%y` means (1930: 30 is 1930, 29 is 2029).
    ///
    /// # Errors
    /// Says which letter is not known, or that year, month or day is missing.
    pub fn new(text: &str, century_from: i32) -> Result<DateFormat, String> {
        let serial = match text {
            "excel" => Some(Serial::From1900),
            "excel_1904" => Some(Serial::From1904),
            _ => None,
        };
        if serial.is_some() {
            return Ok(DateFormat { text: text.to_owned(), steps: Vec::new(), century_from, iso_day: false, serial });
        }
        let mut steps = Vec::new();
        let mut bytes = text.bytes();
        while let Some(byte) = bytes.next() {
            if byte != b'%' {
                steps.push(Step::Byte(byte));
                continue;
            }
            steps.push(match bytes.next() {
                Some(b'Y') => Step::Year4,
                Some(b'y') => Step::Year2,
                Some(b'm') => Step::Month,
                Some(b'b') => Step::MonthName,
                Some(b'B') => Step::FullMonthName,
                Some(b'd') => Step::Day,
                Some(b'H') => Step::Hour,
                Some(b'I') => Step::Hour12,
                Some(b'M') => Step::Minute,
                Some(b'S') => Step::Second,
                Some(b'p') => Step::Meridiem,
                Some(b'f') => Step::Fraction,
                Some(b'z') => Step::Zone,
                Some(b'%') => Step::Byte(b'%'),
                other => {
                    let letter = other.map_or(String::new(), |byte| char::from(byte).to_string());
                    return Err(format!(
                        "`%{letter}` is not a part of a date format; use %Y %y %m %b %B %d %H %I %M %S %p %f %z, or `excel` alone"
                    ));
                }
            });
        }
        let has = |wanted: &[Step]| steps.iter().any(|step| wanted.contains(step));
        if !has(&[Step::Year4, Step::Year2])
            || !has(&[Step::Month, Step::MonthName, Step::FullMonthName])
            || !has(&[Step::Day])
        {
            return Err("a date format needs a year (%Y or %y), a month (%m, %b or %B) and a day (%d)".to_owned());
        }
        Ok(DateFormat { iso_day: text == "%Y-%m-%d", text: text.to_owned(), steps, century_from, serial: None })
    }

    /// The format as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Reads the whole of `bytes`, blanks around it aside; `None` where it does not fit or there is no such day or time.
    #[inline]
    pub fn read(&self, bytes: &[u8]) -> Option<Moment> {
        if self.iso_day {
            return read_iso_day(bytes.trim_ascii()).map(Moment::on);
        }
        match self.serial {
            Some(serial) => read_serial(bytes.trim_ascii(), serial),
            None => self.read_steps(bytes.trim_ascii()),
        }
    }

    /// Whether this format and another read one text as different days: the same parts and marks, but for the order of day and month.
    pub fn contradicts(&self, other: &DateFormat) -> bool {
        // Only the day matters: a time behind it makes no other order of it.
        let days = |format: &DateFormat| -> Vec<Step> {
            let of_day = |step: &Step| matches!(step, Step::Year4 | Step::Year2 | Step::Month | Step::Day);
            let last = format.steps.iter().rposition(of_day).map_or(0, |last| last + 1);
            format.steps[..last].to_vec()
        };
        let swapped: Vec<Step> = days(self)
            .into_iter()
            .map(|step| match step {
                Step::Month => Step::Day,
                Step::Day => Step::Month,
                step => step,
            })
            .collect();
        swapped.contains(&Step::Month) && swapped == days(other)
    }

    fn read_steps(&self, mut rest: &[u8]) -> Option<Moment> {
        let (mut year, mut month, mut day) = (0i32, 0u32, 0u32);
        let (mut hour, mut minute, mut second) = (None, 0u32, 0u32);
        let (mut twelve, mut afternoon) = (false, false);
        for (index, step) in self.steps.iter().enumerate() {
            let exact = matches!(
                self.steps.get(index + 1),
                Some(Step::Year4 | Step::Year2 | Step::Month | Step::Day | Step::Hour | Step::Minute | Step::Second)
            );
            match *step {
                Step::Year4 => year = take(&mut rest, 4, 4)? as i32,
                Step::Year2 => {
                    let short = take(&mut rest, 2, 2)? as i32;
                    let base = self.century_from;
                    year = base + (short - base).rem_euclid(100);
                }
                Step::Month => month = take(&mut rest, if exact { 2 } else { 1 }, 2)?,
                Step::MonthName => month = take_month_name(&mut rest)?,
                Step::FullMonthName => month = take_full_month_name(&mut rest)?,
                Step::Day => day = take(&mut rest, if exact { 2 } else { 1 }, 2)?,
                Step::Hour => hour = Some(take(&mut rest, if exact { 2 } else { 1 }, 2)?),
                Step::Hour12 => {
                    hour = Some(take(&mut rest, if exact { 2 } else { 1 }, 2)?);
                    twelve = true;
                }
                Step::Minute => minute = take(&mut rest, 2, 2)?,
                Step::Second => second = take(&mut rest, 2, 2)?,
                Step::Meridiem => {
                    let (mark, after) = rest.split_at_checked(2)?;
                    afternoon = match mark.to_ascii_uppercase().as_slice() {
                        b"AM" => false,
                        b"PM" => true,
                        _ => return None,
                    };
                    rest = after;
                }
                Step::Fraction => {
                    let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                    if count == 0 {
                        return None;
                    }
                    rest = &rest[count..];
                }
                Step::Zone => rest = skip_zone(rest)?,
                Step::Byte(byte) => {
                    let (first, after) = rest.split_first()?;
                    if *first != byte {
                        return None;
                    }
                    rest = after;
                }
            }
        }
        if !rest.is_empty() {
            return None;
        }
        let day = Day::from_ymd(year, month, day)?;
        let minute = match hour {
            None => None,
            Some(hour) => {
                let hour = if twelve {
                    if !(1..=12).contains(&hour) {
                        return None;
                    }
                    hour % 12 + if afternoon { 12 } else { 0 }
                } else {
                    hour
                };
                if hour > 23 || minute > 59 || second > 60 {
                    return None;
                }
                Some((hour * 60 + minute) as u16)
            }
        };
        Some(Moment { day, minute })
    }
}

#[inline]
fn read_iso_day(bytes: &[u8]) -> Option<Day> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = bytes else {
        return None;
    };
    let year = digits(&[y1, y2, y3, y4])?;
    Day::from_ymd(year as i32, digits(&[m1, m2])?, digits(&[d1, d2])?)
}

/// An unsigned number of ASCII digits; `None` for anything else or nothing.
#[inline]
fn digits(bytes: &[u8]) -> Option<u32> {
    if bytes.is_empty() {
        return None;
    }
    bytes.iter().try_fold(0u32, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

fn take(rest: &mut &[u8], least: usize, most: usize) -> Option<u32> {
    let count = rest.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
    if count < least {
        return None;
    }
    let (number, after) = rest.split_at(count);
    *rest = after;
    digits(number)
}

fn take_month_name(rest: &mut &[u8]) -> Option<u32> {
    const NAMES: [&[u8; 3]; 12] =
        [b"JAN", b"FEB", b"MAR", b"APR", b"MAY", b"JUN", b"JUL", b"AUG", b"SEP", b"OCT", b"NOV", b"DEC"];
    let (name, after) = rest.split_at_checked(3)?;
    let upper = name.to_ascii_uppercase();
    let month = NAMES.iter().position(|known| known.as_slice() == upper.as_slice())?;
    *rest = after;
    Some(month as u32 + 1)
}

fn take_full_month_name(rest: &mut &[u8]) -> Option<u32> {
    const ENDS: [&[u8]; 12] =
        [b"uary", b"ruary", b"ch", b"il", b"", b"e", b"y", b"ust", b"tember", b"ober", b"ember", b"ember"];
    let month = take_month_name(rest)?;
    let end = ENDS[month as usize - 1];
    let (found, after) = rest.split_at_checked(end.len())?;
    *rest = after;
    found.eq_ignore_ascii_case(end).then_some(month)
}

/// The day that a spreadsheet keeps as a number, with the time of its fraction to the nearest second and never into the next day.
fn read_serial(bytes: &[u8], serial: Serial) -> Option<Moment> {
    /// 31 December 9999, the last day that Excel has.
    const LAST: i32 = 2_958_465;
    /// What 1970-01-01 is.
    const EPOCH: i32 = 25_569;
    let (whole, fraction) = match bytes.iter().position(|byte| *byte == b'.') {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (bytes, &b"0"[..]),
    };
    let whole = (whole.len() <= 7).then(|| digits(whole)).flatten()? as i32;
    if fraction.is_empty() || !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let day = match (serial, whole) {
        (_, LAST..) if whole > LAST => return None,
        (Serial::From1904, day) => day + 1462,
        // 0 is no day, and 60 one that never was.
        (Serial::From1900, 0 | 60) => return None,
        (Serial::From1900, 1..60) => whole + 1,
        (Serial::From1900, day) => day,
    };
    let billionths =
        (0..9).fold(0u64, |sum, place| sum * 10 + u64::from(fraction.get(place).map_or(0, |byte| byte - b'0')));
    let seconds = ((billionths * 86_400 + 500_000_000) / 1_000_000_000).min(86_399);
    let minute = (billionths > 0).then_some((seconds / 60) as u16);
    Some(Moment { day: Day(day - EPOCH), minute })
}

fn skip_zone(rest: &[u8]) -> Option<&[u8]> {
    match rest.split_first()? {
        (b'Z' | b'z', after) => Some(after),
        (b'+' | b'-', after) => {
            let compact: Vec<u8> = after.iter().copied().filter(|byte| *byte != b':').collect();
            (compact.len() == 4 && digits(&compact).is_some()).then_some(&after[after.len()..])
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: &str, text: &str) -> Option<String> {
        let moment = DateFormat::new(format, 1930).expect("format").read(text.as_bytes())?;
        Some(match moment.minute {
            Some(minute) => format!("{} {:02}:{:02}", moment.day, minute / 60, minute % 60),
            None => moment.day.to_string(),
        })
    }

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
    fn formats_read_what_they_state_and_nothing_else() {
        assert_eq!(read("%Y-%m-%d", "2026-10-31").as_deref(), Some("2026-10-31"));
        assert_eq!(read("%Y-%m-%d", "2026-02-30"), None);
        assert_eq!(read("%Y-%m-%d", "20261031"), None);
        assert_eq!(read("%Y%m%d", "20261031").as_deref(), Some("2026-10-31"));
        assert_eq!(read("%m/%d/%y %H:%M", "2/4/96 4:38").as_deref(), Some("1996-02-04 04:38"));
        assert_eq!(read("%m/%d/%y", "2/4/29").as_deref(), Some("2029-02-04"));
        assert_eq!(read("%d-%b-%Y", "07-mar-2024").as_deref(), Some("2024-03-07"));
        assert_eq!(read("%Y-%m-%dT%H:%M:%S%z", "2021-08-23T03:26:50Z").as_deref(), Some("2021-08-23 03:26"));
        assert_eq!(read("%m/%d/%Y %I:%M %p", "3/4/2024 12:05 AM").as_deref(), Some("2024-03-04 00:05"));
        assert_eq!(read("%m/%d/%Y", "3/4/2024 12:05"), None);
        assert_eq!(read("%B %d, %Y", "October 3, 2026").as_deref(), Some("2026-10-03"));
        assert_eq!(read("%B %d, %Y", "MAY 31, 2026").as_deref(), Some("2026-05-31"));
        assert_eq!(read("%B %d, %Y", "Oct 3, 2026"), None);
        assert_eq!(read("%Y%m%d %H%M", "20261003 0905").as_deref(), Some("2026-10-03 09:05"));
    }

    #[test]
    fn the_numbers_of_a_spreadsheet_are_its_days() {
        // What Excel shows for these numbers, in the system of 1900 and in that of 1904.
        assert_eq!(read("excel", "46298").as_deref(), Some("2026-10-03"));
        assert_eq!(read("excel", "46298.75").as_deref(), Some("2026-10-03 18:00"));
        assert_eq!(read("excel", "46298.4375").as_deref(), Some("2026-10-03 10:30"));
        assert_eq!(read("excel", "46298.0").as_deref(), Some("2026-10-03"));
        assert_eq!(read("excel", "59").as_deref(), Some("1900-02-28"));
        assert_eq!(read("excel", "61").as_deref(), Some("1900-03-01"));
        assert_eq!(read("excel_1904", "44836").as_deref(), Some("2026-10-03"));
        for text in ["60", "0", "-5", "2958466", "46298,5", "46298.", "2026-10-03", ""] {
            assert_eq!(read("excel", text), None, "{text}");
        }
    }

    #[test]
    fn formats_contradict_each_other_where_only_the_order_of_day_and_month_differs() {
        let contradict = |one: &str, other: &str| {
            let format = |text| DateFormat::new(text, 1930).expect("format");
            assert_eq!(format(one).contradicts(&format(other)), format(other).contradicts(&format(one)));
            format(one).contradicts(&format(other))
        };
        assert!(contradict("%m/%d/%Y", "%d/%m/%Y"));
        assert!(contradict("%m/%d/%y", "%d/%m/%y %H:%M"));
        for (one, other) in [
            ("%m/%d/%Y", "%m/%d/%Y %H:%M"),
            ("%m/%d/%Y", "%d.%m.%Y"),
            ("%Y-%m-%d", "%d-%m-%Y"),
            ("%d-%b-%Y", "%d-%m-%Y"),
            ("%m/%d/%Y", "%m/%d/%y"),
        ] {
            assert!(!contradict(one, other), "{one} {other}");
        }
    }

    #[test]
    fn age_turns_on_the_birthday() {
        let birth = Day::from_iso("2000-02-29").expect("day");
        let age = |text: &str| Day::from_iso(text).expect("day").completed_years_since(birth);
        assert_eq!((age("2017-02-28"), age("2017-03-01"), age("2020-02-29")), (16, 17, 20));
    }
}
