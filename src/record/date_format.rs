//! The stated formats that dates are read by. Dates are read by a stated format only; nothing is guessed.

use super::{
    date::{Clock, Day, Moment},
    partial_date::{KnownDate, PartialDate},
};

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

/// What stands in other columns of a date that a format alone does not give.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BesideDate {
    /// The year.
    pub year: Option<i32>,
    /// The month.
    pub month: Option<u32>,
}

/// What a layout gives beside the text of a date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GivenBeside {
    /// The year of every row.
    pub year: Option<i32>,
    /// A column has the year.
    pub year_column: bool,
    /// A column has the month.
    pub month_column: bool,
}

/// A stated date format, written with the letters of `strftime`: `%Y %y %m %b %B %d %H %I %M %S %p %f %z`; or `excel` and `excel_1904`, the numbers that a
/// spreadsheet keeps for days.
///
/// `%m`, `%d`, `%H` and `%I` take one or two digits where a separator follows or the text ends, exactly two where another number follows.
/// `%z` takes `Z` or an offset, and so does a `Z` that ends a format with a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateFormat {
    text: String,
    steps: Vec<Step>,
    /// First year of the hundred years that two-digit years mean.
    century_from: i32,
    iso_day: bool,
    serial: Option<Serial>,
    /// The year of every row, where the format has none.
    year: Option<i32>,
    /// The format alone gives a day.
    gives_day: bool,
}

/// From when a spreadsheet counts its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Serial {
    /// 1 is 1 January 1900, and 60 a 29 February that never was.
    From1900,
    /// 0 is 1 January 1904.
    From1904,
}

/// What a text says by the steps of a format.
#[derive(Debug, Clone, Copy, Default)]
struct Parts {
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
    minute: Option<u16>,
    clock: Clock,
}

const YEARS: [Step; 2] = [Step::Year4, Step::Year2];
const MONTHS: [Step; 3] = [Step::Month, Step::MonthName, Step::FullMonthName];

impl DateFormat {
    /// Compiles a format of days; `century_from` is the first of the hundred years that `%y` means (1930: 30 is 1930, 29 is 2029).
    ///
    /// # Errors
    /// Says which letter is not known, or that year, month or day is missing.
    pub fn new(text: &str, century_from: i32) -> Result<DateFormat, String> {
        let format = DateFormat::compile(text, century_from)?;
        if format.gives_day {
            return Ok(format);
        }
        Err("a date format needs a year (%Y or %y), a month (%m, %b or %B) and a day (%d)".to_owned())
    }

    /// Compiles a format that may state a month or a year alone, or a part of what stands in other columns too.
    ///
    /// # Errors
    /// Says which letter is not known, or what is missing or stated twice.
    pub fn with_beside(text: &str, century_from: i32, beside: GivenBeside) -> Result<DateFormat, String> {
        let mut format = DateFormat::compile(text, century_from)?;
        let given = beside.year.is_some() || beside.year_column;
        match (format.has(&YEARS) || format.serial.is_some(), given) {
            (false, false) => {
                return Err(
                    "a date format needs a year (%Y or %y), or beside it `year_column = \"COLUMN\"` or `year = 2026`"
                        .to_owned(),
                );
            }
            (true, true) => return Err("the year stands in the format, and beside it again".to_owned()),
            _ => {}
        }
        let month = format.has(&MONTHS);
        if month && beside.month_column {
            return Err("the month stands in the format, and beside it again".to_owned());
        }
        if format.has(&[Step::Day]) && !month && !beside.month_column {
            return Err(
                "a date format with a day (%d) needs a month (%m, %b or %B), or beside it `month_column = \"COLUMN\"`"
                    .to_owned(),
            );
        }
        if !format.has(&[Step::Day]) && format.serial.is_none() && format.has(&[Step::Hour, Step::Hour12]) {
            return Err("a date format with a time needs a day (%d)".to_owned());
        }
        format.year = beside.year;
        format.gives_day |= beside.year.is_some() && month && format.has(&[Step::Day]);
        Ok(format)
    }

    /// Compiles a format of months, with or without a year.
    ///
    /// # Errors
    /// Says which letter is not known, or that there is no month.
    pub fn month(text: &str, century_from: i32) -> Result<DateFormat, String> {
        let format = DateFormat::compile(text, century_from)?;
        if format.has(&MONTHS) || format.serial.is_some() {
            return Ok(format);
        }
        Err("a format of months needs a month (%m, %b or %B)".to_owned())
    }

    fn compile(text: &str, century_from: i32) -> Result<DateFormat, String> {
        let serial = match text {
            "excel" => Some(Serial::From1900),
            "excel_1904" => Some(Serial::From1904),
            _ => None,
        };
        let mut format = DateFormat {
            text: text.to_owned(),
            steps: Vec::new(),
            century_from,
            iso_day: text == "%Y-%m-%d",
            serial,
            year: None,
            gives_day: serial.is_some(),
        };
        if serial.is_some() {
            return Ok(format);
        }
        let steps = &mut format.steps;
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
        // `Z` behind a time is the mark of UTC, however it is written down.
        if let [.., Step::Minute | Step::Second | Step::Fraction, last @ Step::Byte(b'Z')] = steps.as_mut_slice() {
            *last = Step::Zone;
        }
        format.gives_day = format.has(&YEARS) && format.has(&MONTHS) && format.has(&[Step::Day]);
        Ok(format)
    }

    fn has(&self, wanted: &[Step]) -> bool {
        self.steps.iter().any(|step| wanted.contains(step))
    }

    /// The format as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the format alone gives a day.
    pub fn gives_day(&self) -> bool {
        self.gives_day
    }

    /// Whether the format reads an offset from UTC.
    pub fn reads_offset(&self) -> bool {
        self.has(&[Step::Zone])
    }

    /// Reads the whole of `bytes` as a day, blanks around it aside; `None` where it does not fit, there is no such day or time, or the format alone gives no day.
    #[inline]
    pub fn read(&self, bytes: &[u8]) -> Option<Moment> {
        if self.iso_day {
            return read_iso_day(bytes.trim_ascii()).map(Moment::on);
        }
        if let Some(serial) = self.serial {
            return read_serial(bytes.trim_ascii(), serial);
        }
        if !self.gives_day {
            return None;
        }
        let parts = self.parts(bytes.trim_ascii())?;
        Some(Moment {
            day: Day::from_ymd(parts.year.or(self.year)?, parts.month?, parts.day?)?,
            minute: parts.minute,
            clock: parts.clock,
        })
    }

    /// Reads the whole of `bytes` as far as it and what stands beside it say.
    pub fn read_known(&self, bytes: &[u8], beside: BesideDate) -> Option<KnownDate> {
        if self.gives_day {
            return self.read(bytes).map(KnownDate::Day);
        }
        let parts = self.parts(bytes.trim_ascii())?;
        let year = parts.year.or(self.year).or(beside.year)?;
        let month = parts.month.or(beside.month);
        match (month, parts.day) {
            (Some(month), Some(day)) => {
                let day = Day::from_ymd(year, month, day)?;
                Some(KnownDate::Day(Moment { day, minute: parts.minute, clock: parts.clock }))
            }
            (None, Some(_)) => None,
            (Some(month), None) => PartialDate::new(year, Some(month)).map(KnownDate::Within),
            (None, None) => PartialDate::new(year, None).map(KnownDate::Within),
        }
    }

    /// The month that the whole of `bytes` names, with the year where it is named too.
    pub fn read_month(&self, bytes: &[u8]) -> Option<(Option<i32>, u32)> {
        if self.serial.is_some() {
            let (year, month, _) = self.read(bytes)?.day.ymd();
            return Some((Some(year), month));
        }
        let parts = self.parts(bytes.trim_ascii())?;
        Some((parts.year, parts.month.filter(|month| (1..=12).contains(month))?))
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

    fn parts(&self, mut rest: &[u8]) -> Option<Parts> {
        let mut parts = Parts::default();
        let (mut hour, mut minute, mut second) = (None, 0u32, 0u32);
        let (mut twelve, mut afternoon) = (false, false);
        for (index, step) in self.steps.iter().enumerate() {
            let exact = matches!(
                self.steps.get(index + 1),
                Some(Step::Year4 | Step::Year2 | Step::Month | Step::Day | Step::Hour | Step::Minute | Step::Second)
            );
            match *step {
                Step::Year4 => parts.year = Some(take(&mut rest, 4, 4)? as i32),
                Step::Year2 => parts.year = Some(in_century(take(&mut rest, 2, 2)? as i32, self.century_from)),
                Step::Month => parts.month = Some(take(&mut rest, if exact { 2 } else { 1 }, 2)?),
                Step::MonthName => parts.month = Some(take_month_name(&mut rest)?),
                Step::FullMonthName => parts.month = Some(take_full_month_name(&mut rest)?),
                Step::Day => parts.day = Some(take(&mut rest, if exact { 2 } else { 1 }, 2)?),
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
                Step::Zone => (parts.clock, rest) = take_offset(rest)?,
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
        if let Some(mut hour) = hour {
            if twelve {
                if !(1..=12).contains(&hour) {
                    return None;
                }
                hour = hour % 12 + if afternoon { 12 } else { 0 };
            }
            if hour > 23 || minute > 59 || second > 60 {
                return None;
            }
            parts.minute = Some((hour * 60 + minute) as u16);
        }
        Some(parts)
    }
}

/// The year that two digits mean in the hundred years from `first` on.
pub fn in_century(short: i32, first: i32) -> i32 {
    first + (short - first).rem_euclid(100)
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
pub(super) fn digits(bytes: &[u8]) -> Option<u32> {
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
    Some(Moment { minute, ..Moment::on(Day(day - EPOCH)) })
}

/// An offset from UTC: `Z`, `+HH`, `+HHMM` or `+HH:MM`, and what stands behind it.
fn take_offset(rest: &[u8]) -> Option<(Clock, &[u8])> {
    let (sign, after) = rest.split_first()?;
    let sign = match sign {
        b'Z' | b'z' => return Some((Clock::Offset(0), after)),
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let compact: Vec<u8> = after.iter().copied().filter(|byte| *byte != b':').collect();
    let (hours, minutes) = match compact.len() {
        2 => (digits(&compact)?, 0),
        4 => (digits(&compact[..2])?, digits(&compact[2..])?),
        _ => return None,
    };
    (hours <= 15 && minutes <= 59).then(|| (Clock::Offset(sign * (hours * 60 + minutes) as i16), &after[after.len()..]))
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
    fn offsets_are_kept_in_all_their_forms() {
        let clock = |format: &str, text: &str| {
            DateFormat::new(format, 1930).expect("format").read(text.as_bytes()).map(|moment| moment.clock)
        };
        for (text, minutes) in
            [("Z", 0), ("-04:00", -240), ("-0400", -240), ("+05:30", 330), ("+00:00", 0), ("-05", -300)]
        {
            let text = format!("2026-11-01T01:50:00{text}");
            assert_eq!(clock("%Y-%m-%dT%H:%M:%S%z", &text), Some(Clock::Offset(minutes)), "{text}");
        }
        assert_eq!(clock("%Y-%m-%dT%H:%M:%SZ", "2026-11-01T01:50:00Z"), Some(Clock::Offset(0)));
        assert_eq!(clock("%Y-%m-%d %H:%M", "2026-11-01 01:50"), Some(Clock::Unstated));
        assert_eq!(clock("%Y-%m-%dT%H:%M:%S%z", "2026-11-01T01:50:00-4"), None);
        assert_eq!(clock("%Y-%m-%dT%H:%M:%S%z", "2026-11-01T01:50:00"), None);
    }

    #[test]
    fn a_month_or_a_year_is_read_as_that_and_as_no_day() {
        let known = |format: &str, text: &str, given: GivenBeside, beside: BesideDate| {
            let format = DateFormat::with_beside(format, 1930, given).expect("format");
            assert_eq!(format.read(text.as_bytes()).is_some(), format.gives_day() && text != "13");
            format.read_known(text.as_bytes(), beside)
        };
        let shown = |known: Option<KnownDate>| match known {
            Some(KnownDate::Day(moment)) => format!("day {}", moment.day),
            Some(KnownDate::Within(part)) => format!("{part} {} {}", part.first(), part.last()),
            None => "unreadable".to_owned(),
        };
        let nothing = (GivenBeside::default(), BesideDate::default());
        for (format, text, expected) in [
            ("%Y", "2010", "2010 2010-01-01 2010-12-31"),
            ("%Y-%m", "2012-02", "2012-02 2012-02-01 2012-02-29"),
            ("%b-%y", "Apr-17", "2017-04 2017-04-01 2017-04-30"),
            ("%Y-%m", "2012-13", "unreadable"),
            ("%Y-%m", "2012", "unreadable"),
            ("%Y-%m-%d", "2012-02-29", "day 2012-02-29"),
        ] {
            assert_eq!(shown(known(format, text, nothing.0, nothing.1)), expected, "{format} {text}");
        }
        let year = GivenBeside { year: Some(2010), ..GivenBeside::default() };
        assert_eq!(shown(known("%m", "06", year, nothing.1)), "2010-06 2010-06-01 2010-06-30");
        assert_eq!(shown(known("%m", "13", year, nothing.1)), "unreadable");
        assert_eq!(shown(known("%d/%m", "05/06", year, nothing.1)), "day 2010-06-05");
        let columns = GivenBeside { year_column: true, month_column: true, ..GivenBeside::default() };
        let beside = BesideDate { year: Some(2019), month: Some(2) };
        assert_eq!(shown(known("%d", "28", columns, beside)), "day 2019-02-28");
        assert_eq!(shown(known("%d", "29", columns, beside)), "unreadable");
        assert_eq!(shown(known("%d", "28", columns, BesideDate { month: Some(2), year: None })), "unreadable");
    }

    #[test]
    fn a_format_says_each_part_once() {
        let fault = |format: &str, given: GivenBeside| DateFormat::with_beside(format, 1930, given).err();
        let year = GivenBeside { year: Some(2010), ..GivenBeside::default() };
        assert!(fault("%m", GivenBeside::default()).is_some_and(|fault| fault.contains("year_column")));
        assert!(fault("%Y-%m", year).is_some_and(|fault| fault.contains("again")));
        assert!(fault("%d", year).is_some_and(|fault| fault.contains("month_column")));
        assert!(fault("%m", GivenBeside { month_column: true, ..year }).is_some_and(|fault| fault.contains("again")));
        assert!(fault("%Y-%m %H:%M", GivenBeside::default()).is_some());
        assert!(DateFormat::new("%Y-%m", 1930).is_err());
    }
}
