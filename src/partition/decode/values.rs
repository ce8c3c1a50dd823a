//! Texts of cells to values: dates, listed values, numbers, money. What cannot be read is `Unreadable`, never an error.

use crate::{
    partition::slot::{AgeUnit, Repair, Slot},
    record::{
        cell::Cell,
        code::{CodeSystem, is_filler},
        date::{Day, Moment},
        field::Field,
    },
};

/// The code system a revision names, or the revision as written where it names none that ships.
pub fn revision<'a>(cell: Option<(&'a [u8], &'a Slot)>) -> (Option<CodeSystem>, &'a str) {
    let Some((value, slot)) = cell else { return (None, "") };
    let name = text(slot.canonical(value.trim_ascii()).unwrap_or(value));
    match CodeSystem::from_name(name) {
        Some(system) => (Some(system), ""),
        None => (None, name),
    }
}

/// A moment; a constant has no slot and is read as YYYY-MM-DD.
pub fn when(value: &[u8], slot: Option<&Slot>) -> Cell<Moment> {
    match slot {
        Some(slot) => moment(value, slot),
        None => Day::from_iso(text(value)).map_or(Cell::Unreadable, |day| Cell::Value(Moment::on(day))),
    }
}

/// A moment in the formats of the slot.
#[inline]
pub fn moment(value: &[u8], slot: &Slot) -> Cell<Moment> {
    let trimmed = value.trim_ascii();
    match slot.canonical(trimmed).and_then(|known| slot.moment(known)) {
        Some(moment) => Cell::Value(moment),
        None => Cell::Unreadable,
    }
}

/// Reads a listed value strictly: the text as it stands (blanks around it included in what is refused only when they are inside).
#[inline]
pub fn listed<T>(value: &[u8], slot: &Slot, read: fn(&[u8]) -> Option<T>) -> Cell<T> {
    let trimmed = value.trim_ascii();
    let repaired = repair(trimmed, slot);
    let Some(known) = slot.canonical(repaired.as_deref().unwrap_or(trimmed)) else {
        return Cell::Unreadable;
    };
    read(known).map_or(Cell::Unreadable, Cell::Value)
}

/// A listed value; a constant has no slot and is read plainly.
pub fn listed_or<T>(value: &[u8], slot: Option<&Slot>, read: fn(&[u8]) -> Option<T>) -> Cell<T> {
    match slot {
        Some(slot) => listed(value, slot, read),
        None => read(value.trim_ascii()).map_or(Cell::Unreadable, Cell::Value),
    }
}

/// The repaired text, where the layout asks for a repair and it changes something.
pub fn repair(text: &[u8], slot: &Slot) -> Option<Vec<u8>> {
    let mut repaired: Option<Vec<u8>> = None;
    for repair in &slot.repairs {
        match repair {
            Repair::UpperCase => {
                repaired = Some(repaired.as_deref().unwrap_or(text).to_ascii_uppercase());
            }
            Repair::PadZeros => {
                let width = padded_width(slot.field);
                let current = repaired.as_deref().unwrap_or(text);
                if current.len() < width && current.iter().all(u8::is_ascii_digit) {
                    let mut padded = vec![b'0'; width - current.len()];
                    padded.extend_from_slice(current);
                    repaired = Some(padded);
                }
            }
            Repair::RestoreIcd9Zeros => {}
        }
    }
    repaired
}

/// Width of a field in its standard list, for the repair of lost zeros.
fn padded_width(field: Field) -> usize {
    match field {
        Field::DischargeStatus => 2,
        Field::ZipCode => 5,
        Field::DiagnosisRelatedGroup => 3,
        _ => 0,
    }
}

/// A code as written, and nothing where it is filler.
#[inline]
pub fn written_code(trimmed: &[u8]) -> &[u8] {
    if is_filler(trimmed) { &[] } else { trimmed }
}

/// Words, and whether they are in no list: neither in the layout's own nor, where it states none or takes other values too, in the usual one.
#[inline]
pub fn listed_words<'a>(value: &'a [u8], slot: Option<&'a Slot>, usual: fn(&[u8]) -> bool) -> (&'a str, bool) {
    match slot.and_then(|slot| slot.values.get(value)) {
        Some(known) => (text(known), false),
        None => (text(value), slot.is_some_and(|slot| slot.only_listed) || !usual(value)),
    }
}

/// Yes or no.
pub fn flag(value: &[u8]) -> Option<bool> {
    match value {
        b"1" | b"Y" | b"y" | b"true" | b"TRUE" | b"yes" => Some(true),
        b"0" | b"N" | b"n" | b"false" | b"FALSE" | b"no" => Some(false),
        _ => None,
    }
}

/// A whole number after the slot's translation.
pub fn number(value: &[u8], slot: &Slot) -> Cell<i32> {
    slot.canonical(value.trim_ascii()).map_or(Cell::Unreadable, whole_number)
}

/// A whole number, a trailing `.0` allowed; signs kept, so that a negative age is a value and found by its range edit.
pub fn whole_number(value: &[u8]) -> Cell<i32> {
    let digits = text(value);
    let digits = digits.strip_suffix(".0").unwrap_or(digits);
    digits.parse().map_or(Cell::Unreadable, Cell::Value)
}

/// Completed years of a stated age: months by 12, days by 365.25 rounded down (a stated age has no birth date to count from).
pub fn age(value: &[u8], slot: Option<&Slot>) -> Cell<i32> {
    let known = match slot {
        Some(slot) => match slot.canonical(value) {
            Some(known) => known,
            None => return Cell::Unreadable,
        },
        None => value,
    };
    whole_number(known).map_value(|number| match slot.map_or(AgeUnit::Years, |slot| slot.unit) {
        AgeUnit::Years => number,
        AgeUnit::Months => number.div_euclid(12),
        AgeUnit::Days => (i64::from(number) * 4).div_euclid(1461) as i32,
    })
}

/// An amount in cents: digits with an optional sign, currency sign, thousands commas and decimals; more than two decimals are rounded half up.
pub fn cents(value: &[u8]) -> Cell<i64> {
    let mut whole: i64 = 0;
    let mut fraction: Option<(i64, u32)> = None;
    let (negative, rest) = match value {
        [b'-', rest @ ..] => (true, rest),
        [b'(', rest @ .., b')'] => (true, rest),
        [b'$', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let mut seen = false;
    for byte in rest {
        match byte {
            b'0'..=b'9' => {
                seen = true;
                let digit = i64::from(byte - b'0');
                match &mut fraction {
                    None => match whole.checked_mul(10).and_then(|whole| whole.checked_add(digit)) {
                        Some(sum) if sum < i64::MAX / 1000 => whole = sum,
                        _ => return Cell::Unreadable,
                    },
                    Some((value, count)) if *count < 3 => {
                        *value = *value * 10 + digit;
                        *count += 1;
                    }
                    Some(_) => {}
                }
            }
            b',' if fraction.is_none() && seen => {}
            b'.' if fraction.is_none() => fraction = Some((0, 0)),
            _ => return Cell::Unreadable,
        }
    }
    if !seen {
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
    std::str::from_utf8(bytes).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_of_the_layout_s_own_list_and_else_of_the_usual_one() {
        let usual: fn(&[u8]) -> bool = |text| text == b"White";
        let mut slot = Slot::plain(Field::Race, 0);
        assert_eq!(listed_words(b"White", Some(&slot), usual), ("White", false));
        assert_eq!(listed_words(b"W", None, usual), ("W", true));
        slot.values.insert(b"W".to_vec(), b"white".to_vec());
        assert_eq!(listed_words(b"W", Some(&slot), usual), ("white", false));
        assert_eq!(listed_words(b"White", Some(&slot), usual), ("White", false));
        slot.only_listed = true;
        assert_eq!(listed_words(b"White", Some(&slot), usual), ("White", true));
    }

    #[test]
    fn money_is_read_to_the_cent() {
        for (written, expected) in
            [("1234.5", 123_450), ("$1,234.56", 123_456), ("-7", -700), ("(7.00)", -700), ("0.005", 1)]
        {
            assert_eq!(cents(written.as_bytes()), Cell::Value(expected), "{written}");
        }
        for written in ["", "abc", "1.2.3", "-", "99999999999999999999"] {
            assert!(cents(written.as_bytes()).is_unreadable(), "{written}");
        }
    }
}
