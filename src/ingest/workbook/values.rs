//! What a cell shows, as text: the way a person who reads the sheet would type it.

use std::borrow::Cow;

use calamine::{Data, DataRef, ExcelDateTime};
use chrono::{Days, NaiveDate};

/// Seconds of a day.
const DAY: f64 = 86_400.0;
/// The last day that Excel has, 9999-12-31.
const LAST_DAY: f64 = 2_958_465.0;
/// How far, in seconds, a serial that is a whole day may miss it: a serial near today's is exact to a millionth of a second.
const NOISE: f64 = 1e-5;

/// Counts of cells that lose something as text.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Losses {
    /// Cells that hold an error.
    pub error_cells: u64,
    /// Whole numbers of more than 15 digits: a spreadsheet keeps no more.
    pub long_numbers: u64,
    /// Cells with a formula and no stored value.
    pub formulas_without_value: u64,
}

/// The text of a cell of a streaming reader. `format` is its number format where that is known.
pub fn text_of_ref<'v>(value: &'v DataRef<'_>, format: Option<&str>, losses: &mut Losses) -> Cow<'v, str> {
    match value {
        DataRef::SharedString(text) => Cow::Borrowed(text.trim()),
        DataRef::String(text) => Cow::Borrowed(text.trim()),
        DataRef::DateTimeIso(text) => Cow::Owned(text.trim().replacen('T', " ", 1)),
        DataRef::DurationIso(text) => duration_text(text.trim()),
        DataRef::Int(number) => padded(*number as f64, format).unwrap_or_else(|| number.to_string()).into(),
        DataRef::Float(number) => padded(*number, format).unwrap_or_else(|| number_text(*number, losses)).into(),
        DataRef::Bool(flag) => flag_text(*flag),
        DataRef::DateTime(moment) => date_text(moment, losses).into(),
        DataRef::Error(error) => {
            losses.error_cells += 1;
            error.to_string().into()
        }
        DataRef::Empty => Cow::Borrowed(""),
    }
}

/// The text of a cell of a reader that has read the whole sheet.
pub fn text_of<'v>(value: &'v Data, losses: &mut Losses) -> Cow<'v, str> {
    match value {
        Data::String(text) => Cow::Borrowed(text.trim()),
        Data::DurationIso(text) => duration_text(text.trim()),
        Data::DateTimeIso(text) => Cow::Owned(text.trim().replacen('T', " ", 1)),
        Data::Int(number) => number.to_string().into(),
        Data::Float(number) => number_text(*number, losses).into(),
        Data::Bool(flag) => flag_text(*flag),
        Data::DateTime(moment) => date_text(moment, losses).into(),
        Data::Error(error) => {
            losses.error_cells += 1;
            error.to_string().into()
        }
        _ => Cow::Borrowed(""),
    }
}

/// Whether the text of a date cell is a day, with its time or without: `YYYY-MM-DD` or `YYYY-MM-DD HH:MM:SS`.
pub fn is_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes.len(), 10 | 19) && bytes[4] == b'-' && bytes[7] == b'-'
}

fn flag_text(flag: bool) -> Cow<'static, str> {
    Cow::Borrowed(if flag { "TRUE" } else { "FALSE" })
}

/// A number as a person would type it: whole numbers without a decimal point, others by the shortest text that reads back.
fn number_text(number: f64, losses: &mut Losses) -> String {
    if number.fract() == 0.0 && number.abs() < 1e18 {
        if number.abs() >= 1e15 {
            losses.long_numbers += 1;
        }
        return format!("{number:.0}");
    }
    format!("{number}")
}

/// A number in a format of zeros, such as `00000` for a ZIP code, `000-00-0000`, or `000.00` for a code of ICD-9-CM: the zeros that Excel shows and does
/// not keep.
fn padded(number: f64, format: Option<&str>) -> Option<String> {
    let format = format?;
    if !(0.0..1e15).contains(&number) {
        return None;
    }
    if let Some(text) = with_decimals(number, format) {
        return Some(text);
    }
    if number.fract() != 0.0 {
        return None;
    }
    let mut shape = String::with_capacity(format.len());
    let mut characters = format.split(';').next()?.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => shape.push(characters.next().filter(|next| "-/ ()".contains(*next))?),
            '0' | '-' | '/' | ' ' | '(' | ')' => shape.push(character),
            // A language mark; any other condition chooses a format that cannot be told here.
            '[' => {
                let mark: String = characters.by_ref().take_while(|next| *next != ']').collect();
                mark.starts_with('$').then_some(())?;
            }
            _ => return None,
        }
    }
    let zeros = shape.matches('0').count();
    if zeros < 2 {
        return None;
    }
    let digits = format!("{number:.0}");
    let digits = format!("{digits:0>zeros$}");
    // Digits beyond the format's stand before it, as Excel shows them.
    let (mut text, rest) = digits.split_at(digits.len() - zeros);
    let mut rest = rest.chars();
    let mut shown = String::new();
    for mark in shape.chars() {
        if mark == '0' {
            shown.push_str(std::mem::take(&mut text));
            shown.extend(rest.next());
        } else {
            shown.push(mark);
        }
    }
    Some(shown)
}

/// A number in a format such as `0.00` or `000.00`, where the format shows the whole of it.
fn with_decimals(number: f64, format: &str) -> Option<String> {
    let (whole, decimals) = format.split_once('.')?;
    let zeros = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte == b'0');
    if !zeros(whole) || !zeros(decimals) || decimals.len() > 9 {
        return None;
    }
    let text = format!("{number:0>width$.places$}", width = whole.len() + 1 + decimals.len(), places = decimals.len());
    (text.parse() == Ok(number)).then_some(text)
}

/// A date as `YYYY-MM-DD`, with its time where it has one; a time alone as `HH:MM:SS`.
///
/// A serial is a binary fraction of days, so a time is rounded to the second, but never into the next day: 23:59:59.9 is not tomorrow. In the 1900 system
/// serial 60 is 29 February 1900, a day that never was; it is shown as such, so that it is found unreadable rather than taken for another.
fn date_text(moment: &ExcelDateTime, losses: &mut Losses) -> String {
    let serial = moment.as_f64();
    if moment.is_duration() || (0.0..1.0).contains(&serial) {
        let seconds = (serial * DAY).round() as i64;
        let sign = if seconds < 0 { "-" } else { "" };
        let seconds = seconds.unsigned_abs();
        return format!("{sign}{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    if !(0.0..=LAST_DAY + 1.0).contains(&serial) {
        return number_text(serial, losses);
    }
    let mut day = serial.floor();
    let exact = (serial - day) * DAY;
    let mut seconds = exact.round() as u32;
    if seconds >= 86_400 {
        if exact > DAY - NOISE {
            (day, seconds) = (day + 1.0, 0);
        } else {
            seconds = 86_399;
        }
    }
    let Some(date) = day_text(day as u64, counts_from_1904(moment, serial)) else { return number_text(serial, losses) };
    if seconds == 0 {
        date
    } else {
        format!("{date} {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

/// Whether the workbook counts its days from 1904. The library keeps that to itself, but its own reading is four years later then.
fn counts_from_1904(moment: &ExcelDateTime, serial: f64) -> bool {
    let as_1900 = day_text(serial.floor() as u64, false).and_then(|day| day[..4].parse::<u16>().ok());
    as_1900.is_some_and(|year| moment.to_ymd_hms_milli().0 >= year + 3)
}

fn day_text(serial: u64, is_1904: bool) -> Option<String> {
    let (year, month, day, days) = match (is_1904, serial) {
        (true, _) => (1904, 1, 1, serial),
        (false, 60) => return Some("1900-02-29".to_owned()),
        (false, 0..60) => (1899, 12, 31, serial),
        (false, _) => (1899, 12, 30, serial),
    };
    let date = NaiveDate::from_ymd_opt(year, month, day)?.checked_add_days(Days::new(days))?;
    Some(date.format("%Y-%m-%d").to_string())
}

/// A duration of the form `PT10H30M00S` as `10:30:00`; any other as it stands.
fn duration_text(text: &str) -> Cow<'_, str> {
    let parts = || -> Option<(u64, u64, f64)> {
        let (hours, rest) = text.strip_prefix("PT")?.split_once('H')?;
        let (minutes, rest) = rest.split_once('M')?;
        let seconds = rest.strip_suffix('S')?.replace(',', ".");
        Some((hours.parse().ok()?, minutes.parse().ok()?, seconds.parse().ok()?))
    };
    match parts() {
        Some((hours, minutes, seconds)) if minutes < 60 && (0.0..60.0).contains(&seconds) => {
            let whole = (minutes * 60) as f64 + seconds;
            let whole = whole.round() as u64;
            Cow::Owned(format!("{:02}:{:02}:{:02}", hours + whole / 3600, whole / 60 % 60, whole % 60))
        }
        _ => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    fn date(serial: f64, is_1904: bool) -> String {
        let moment = ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, is_1904);
        date_text(&moment, &mut Losses::default())
    }

    #[test]
    fn serials_are_the_days_that_excel_shows() {
        for (serial, is_1904, expected) in [
            (1.0, false, "1900-01-01"),
            (59.0, false, "1900-02-28"),
            (60.0, false, "1900-02-29"),
            (61.0, false, "1900-03-01"),
            (36526.0, false, "2000-01-01"),
            (36526.0 - 1462.0, true, "2000-01-01"),
            (1.0, true, "1904-01-02"),
            (45351.5, false, "2024-02-29 12:00:00"),
            (45351.4375, false, "2024-02-29 10:30:00"),
            // 0.99999 of a second before midnight is not the next day; binary noise at midnight is.
            (45351.999999, false, "2024-02-29 23:59:59"),
            (45351.999999999, false, "2024-02-29 23:59:59"),
            (45351.99999999999, false, "2024-03-01"),
            (0.25, false, "06:00:00"),
            (2_958_465.0, false, "9999-12-31"),
            (3_000_000.0, false, "3000000"),
            (-5.0, false, "-5"),
        ] {
            assert_eq!(date(serial, is_1904), expected, "{serial}");
        }
        let duration = ExcelDateTime::new(1.25, ExcelDateTimeType::TimeDelta, false);
        assert_eq!(date_text(&duration, &mut Losses::default()), "30:00:00");
    }

    #[test]
    fn zeros_of_a_format_are_shown_and_other_formats_leave_a_number_alone() {
        for (number, format, expected) in [
            (1234.0, "00000", "01234"),
            (12_345_678.0, "000-00-0000", "012-34-5678"),
            (12_345_678.0, "000\\-00\\-0000", "012-34-5678"),
            (123_456.0, "00000", "123456"),
            (42.0, "[$-409]0000;-0000", "0042"),
        ] {
            assert_eq!(padded(number, Some(format)).as_deref(), Some(expected), "{format}");
        }
        for format in ["General", "0", "0.##", "#,##0", "0%", "yyyy-mm-dd", "[<=99999]00000;00000-0000", "@", "00E+00"]
        {
            assert_eq!(padded(1234.0, Some(format)), None, "{format}");
        }
        assert_eq!(padded(-5.0, Some("000")), None);
        assert_eq!(padded(1.5, Some("000")), None);
    }

    #[test]
    fn numbers_are_as_short_as_they_can_be_and_long_ones_are_counted() {
        let mut losses = Losses::default();
        for (number, expected) in [(250.0, "250"), (0.1, "0.1"), (-3.5, "-3.5"), (1e15, "1000000000000000")] {
            assert_eq!(number_text(number, &mut losses), expected);
        }
        assert_eq!(losses.long_numbers, 1);
    }

    #[test]
    fn a_code_kept_as_a_number_has_the_decimals_its_format_shows() {
        let shown = |number: f64, format: &str| {
            text_of_ref(&DataRef::Float(number), Some(format), &mut Losses::default()).into_owned()
        };
        assert_eq!(shown(250.0, "0.00"), "250.00");
        assert_eq!(shown(8.5, "000.0"), "008.5");
        assert_eq!(shown(41.401, "0.00"), "41.401", "the format shows less than the cell holds");
        assert_eq!(shown(250.0, "General"), "250");
    }

    #[test]
    fn a_duration_reads_as_a_time() {
        assert_eq!(duration_text("PT10H30M00S"), "10:30:00");
        assert_eq!(duration_text("PT09H59M59,9S"), "10:00:00");
        assert_eq!(duration_text("P1D"), "P1D");
    }
}
