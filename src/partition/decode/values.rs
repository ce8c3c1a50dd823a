//! Texts of cells to values: dates, listed values, numbers, money. What cannot be read is `Unreadable`, never an error.

use crate::{
    record::{
        cell::Cell,
        code::{CodeSystem, is_blank_filler, is_filler},
        constant::Constant,
        date::{DateFormat, Day, Moment},
        field::{Field, FieldType},
        vocabulary,
    },
    rows::{
        row::WrittenCell,
        slot::{Feed, Slot},
    },
};

/// What a cell says: the text after the repairs and translations of its column. Here alone are they applied, so that they hold for every field alike.
#[derive(Debug, Clone, Copy)]
pub struct CellReading<'a> {
    /// The text, blanks around it removed.
    pub text: &'a [u8],
    /// The column.
    pub slot: &'a Slot,
    /// A date by its type, whatever formats are stated.
    is_typed_date: bool,
    /// The column has a list of values, and the text is one of them.
    is_listed: bool,
    /// The column has a list of values and no other, and the text is none of them.
    is_unlisted: bool,
}

impl<'a> CellReading<'a> {
    /// What a cell says; `None` where it says nothing.
    #[inline]
    pub fn of(written: WrittenCell<'a>, slot: &'a Slot, feed: &Feed) -> Option<CellReading<'a>> {
        let trimmed = written.text.trim_ascii();
        if feed.is_missing_in(slot, trimmed) {
            return None;
        }
        let known = if written.is_typed_date { None } else { slot.translated(trimmed) };
        Some(CellReading {
            text: known.unwrap_or(trimmed),
            slot,
            is_typed_date: written.is_typed_date,
            is_listed: known.is_some(),
            is_unlisted: known.is_none() && slot.only_listed && !written.is_typed_date,
        })
    }

    /// A text that the layout states for every row.
    #[inline]
    pub fn constant(slot: &'a Slot, text: &'a [u8]) -> CellReading<'a> {
        CellReading { text: text.trim_ascii(), slot, is_typed_date: false, is_listed: false, is_unlisted: false }
    }

    /// Whether it is a date by its type, whatever formats are stated.
    #[inline]
    pub fn is_typed_date(self) -> bool {
        self.is_typed_date
    }

    /// Whether the column has a list of values and no other, and the text is none of them.
    #[inline]
    pub fn is_unlisted(self) -> bool {
        self.is_unlisted
    }

    /// The text as words: one that is not in the list of its column stands as it is.
    #[inline]
    pub fn words(self) -> &'a str {
        text(self.text)
    }

    /// The text as words, and whether it is in no list: neither in the layout's own nor, where it states none or takes other values too, in the usual one.
    #[inline]
    pub fn words_of(self, usual: fn(&[u8]) -> bool) -> (&'a str, bool) {
        (self.words(), !self.is_listed && (self.is_unlisted || !usual(self.text)))
    }

    /// A code as written, and nothing where it is filler.
    #[inline]
    pub fn code(self) -> &'a str {
        if is_filler(self.text) || is_blank_filler(self.text) { "" } else { self.words() }
    }

    /// A value; a text that is not in the list of its column has none.
    #[inline]
    pub fn read<T>(self, read: impl FnOnce(&'a [u8]) -> Cell<T>) -> Cell<T> {
        if self.is_unlisted { Cell::Unreadable } else { read(self.text) }
    }

    /// A value of a standard list.
    #[inline]
    pub fn listed<T>(self, read: fn(&[u8]) -> Option<T>) -> Cell<T> {
        self.read(|text| read(text).map_or(Cell::Unreadable, Cell::Value))
    }

    /// A moment in the formats of the column, or by its type.
    #[inline]
    pub fn moment(self) -> Cell<Moment> {
        if self.is_typed_date {
            let moment = typed_moment(self.text).map(|moment| self.slot.by_zone(moment));
            return moment.map_or(Cell::Unreadable, Cell::Value);
        }
        self.read(|text| self.slot.moment(text).map_or(Cell::Unreadable, Cell::Value))
    }
}

/// A date by its type as it is handed on: `YYYY-MM-DD`, with ` HH:MM:SS` where it has a time.
fn typed_moment(bytes: &[u8]) -> Option<Moment> {
    static WITH_TIME: std::sync::LazyLock<DateFormat> =
        std::sync::LazyLock::new(|| DateFormat::new("%Y-%m-%d %H:%M:%S", 1930).expect("a format"));
    match Day::from_iso(text(bytes)) {
        Some(day) => Some(Moment::on(day)),
        None => WITH_TIME.read(bytes),
    }
}

/// What a text says of a field without a word of the layout; `None` where it cannot be read as the field. A revision may be any word.
pub fn constant_value(field: Field, text: &str) -> Option<Constant> {
    let slot = Slot::plain(field, 0);
    let reading = CellReading::constant(&slot, text.as_bytes());
    let words = || Some(Constant::Text(reading.words().to_owned())).filter(|_| !reading.text.is_empty());
    match field.entry().kind {
        FieldType::Date | FieldType::Moment => reading.moment().value().map(Constant::Moment),
        FieldType::Number => reading.read(whole_number).value().map(|number| Constant::Number(number.into())),
        FieldType::Money => reading.read(|text| cents(text, b'.')).value().map(Constant::Number),
        FieldType::Flag => reading.listed(flag).value().map(Constant::Flag),
        FieldType::Listed => words().filter(|_| vocabulary::has(field, reading.text).unwrap_or(true)),
        FieldType::Text | FieldType::Code => words(),
    }
}

/// Whether a text can be read as a field without a word of the layout: what a constant must be.
pub fn is_readable(field: Field, text: &str) -> bool {
    constant_value(field, text).is_some()
}

/// The code system a revision names, or the revision as written where it names none of ours. A system of procedures is no revision of diagnoses, nor the other way
/// round.
pub fn revision<'a>(reading: Option<CellReading<'a>>) -> (Option<CodeSystem>, &'a str) {
    let Some(reading) = reading else { return (None, "") };
    let name = reading.words();
    let of_procedures = reading.slot.field == Field::ProcedureRevision;
    match CodeSystem::from_name(name).filter(|system| system.is_of_procedures() == of_procedures) {
        Some(system) => (Some(system), ""),
        None => (None, name),
    }
}

/// Yes or no, in the words that exports use, whatever their case.
pub fn flag(value: &[u8]) -> Option<bool> {
    let is = |words: &[&[u8]]| words.iter().any(|word| value.eq_ignore_ascii_case(word));
    if is(&[b"1", b"y", b"yes", b"t", b"true"]) {
        Some(true)
    } else if is(&[b"0", b"n", b"no", b"f", b"false"]) {
        Some(false)
    } else {
        None
    }
}

/// A whole number, a trailing `.0` allowed; signs kept, so that a negative age is a value and found by its range edit.
pub fn whole_number(value: &[u8]) -> Cell<i32> {
    let digits = text(value);
    let digits = digits.strip_suffix(".0").unwrap_or(digits);
    digits.parse().map_or(Cell::Unreadable, Cell::Value)
}

/// An amount in cents: digits with an optional sign, currency sign, marks of thousands and decimals; more than two decimals are rounded half up.
///
/// `decimal` is `.`, and commas may group thousands; or `,`, and points may. A mark that groups anything but thousands makes the amount unreadable: `12,50` is
/// not 1250.
pub fn cents(value: &[u8], decimal: u8) -> Cell<i64> {
    let group = if decimal == b',' { b'.' } else { b',' };
    let mut whole: i64 = 0;
    let mut fraction: Option<(i64, u32)> = None;
    let (negative, rest) = match value {
        [b'-', rest @ ..] => (true, rest),
        [b'(', rest @ .., b')'] => (true, rest),
        [b'$', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let mut seen = false;
    // Digits since the last mark of thousands, once there was one, and before the first.
    let (mut grouped, mut digits) = (false, 0);
    for byte in rest {
        match byte {
            b'0'..=b'9' => {
                seen = true;
                let digit = i64::from(byte - b'0');
                match &mut fraction {
                    None => match whole.checked_mul(10).and_then(|whole| whole.checked_add(digit)) {
                        Some(sum) if sum < i64::MAX / 1000 => {
                            whole = sum;
                            digits += 1;
                        }
                        _ => return Cell::Unreadable,
                    },
                    Some((value, count)) if *count < 3 => {
                        *value = *value * 10 + digit;
                        *count += 1;
                    }
                    Some(_) => {}
                }
            }
            byte if *byte == group
                && fraction.is_none()
                && (if grouped { digits == 3 } else { (1..=3).contains(&digits) }) =>
            {
                (grouped, digits) = (true, 0);
            }
            byte if *byte == decimal && fraction.is_none() && (!grouped || digits == 3) => fraction = Some((0, 0)),
            _ => return Cell::Unreadable,
        }
    }
    if !seen || (grouped && digits != 3) {
        return Cell::Unreadable;
    }
    let thousandths = match fraction {
        None => 0,
        Some((value, count)) => value * 10_i64.pow(3 - count),
    };
    let amount = whole * 100 + (thousandths + 5) / 10;
    Cell::Value(if negative { -amount } else { amount })
}

/// Text; what is not UTF-8 has been refused before and is empty here.
#[inline]
pub fn text(bytes: &[u8]) -> &str {
    if bytes.is_empty() {
        return "";
    }
    std::str::from_utf8(bytes).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::field::CanonicalTable;

    fn feed() -> Feed {
        Feed { table: CanonicalTable::Encounters, ..Feed::of(CanonicalTable::Encounters) }
    }

    #[test]
    fn words_are_of_the_layout_s_own_list_and_else_of_the_usual_one() {
        let feed = feed();
        let of = |text: &'static str, slot: &Slot| {
            let written = WrittenCell { text: text.as_bytes(), is_typed_date: false };
            let (words, unlisted) =
                CellReading::of(written, slot, &feed).expect("a text").words_of(|text| text == b"White");
            (words.to_owned(), unlisted)
        };
        let mut slot = Slot::plain(Field::Race, 0);
        assert_eq!(of("White", &slot), ("White".to_owned(), false));
        assert_eq!(of("W", &slot), ("W".to_owned(), true));
        assert!(CellReading::constant(&slot, b"W").words_of(|text| text == b"White").1);
        slot.values.insert(b"W".to_vec(), b"white".to_vec());
        assert_eq!(of("W", &slot), ("white".to_owned(), false));
        assert_eq!(of("White", &slot), ("White".to_owned(), false));
        slot.only_listed = true;
        assert_eq!(of("White", &slot), ("White".to_owned(), true));
    }

    #[test]
    fn money_is_read_to_the_cent() {
        for (written, expected) in [
            ("1234.5", 123_450),
            ("$1,234.56", 123_456),
            ("-7", -700),
            ("(7.00)", -700),
            ("0.005", 1),
            ("1,234,567", 123_456_700),
        ] {
            assert_eq!(cents(written.as_bytes(), b'.'), Cell::Value(expected), "{written}");
        }
        for written in ["", "abc", "1.2.3", "-", "99999999999999999999"] {
            assert!(cents(written.as_bytes(), b'.').is_unreadable(), "{written}");
        }
    }

    #[test]
    fn a_comma_groups_thousands_or_is_the_decimal_that_the_layout_states() {
        for written in ["12,50", "1,2345", "1234,567", "1,234,56", "1,23.45", ",5", "1,234,"] {
            assert!(cents(written.as_bytes(), b'.').is_unreadable(), "{written}");
        }
        for (written, expected) in [("12,50", 1250), ("1.234,56", 123_456), ("7", 700), ("-1.000.000,5", -100_000_050)]
        {
            assert_eq!(cents(written.as_bytes(), b','), Cell::Value(expected), "{written}");
        }
        for written in ["12.50", "1.23,4"] {
            assert!(cents(written.as_bytes(), b',').is_unreadable(), "{written}");
        }
    }

    #[test]
    fn yes_and_no_are_read_in_the_usual_words() {
        for (words, expected) in [(["1", "Y", "Yes", "TRUE", "t"], true), (["0", "n", "NO", "False", "F"], false)] {
            for word in words {
                assert_eq!(flag(word.as_bytes()), Some(expected), "{word}");
            }
        }
        assert_eq!(flag(b"2"), None);
        assert_eq!(flag(b"maybe"), None);
    }

    #[test]
    fn a_date_by_its_type_needs_no_format() {
        let slot = Slot {
            formats: vec![DateFormat::new("%m/%d/%Y %H:%M", 1930).expect("a format")],
            ..Slot::plain(Field::AdmissionDate, 0)
        };
        let feed = feed();
        let read = |text: &'static str, is_typed_date| {
            let reading =
                CellReading::of(WrittenCell { text: text.as_bytes(), is_typed_date }, &slot, &feed).expect("a text");
            reading.moment().value().map(|moment| (moment.day.to_string(), moment.minute))
        };
        assert_eq!(read("2026-10-05", true), Some(("2026-10-05".to_owned(), None)));
        assert_eq!(read("2026-10-05 10:30:00", true), Some(("2026-10-05".to_owned(), Some(630))));
        assert_eq!(read("2026-10-05", false), None);
        assert_eq!(read("10/05/2026 10:30", false), Some(("2026-10-05".to_owned(), Some(630))));
    }
}
