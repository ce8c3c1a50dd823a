//! What is read in place of a cell: the text inside what a spreadsheet put around it, with the repairs of its column. The raw text stays beside it.

use std::borrow::Cow;

use crate::rows::slot::{Feed, Slot};

/// Whether a byte at the end of a text says that nothing stands around the text: it is no blank and no part of one.
#[inline]
pub fn may_be_plain(byte: u8) -> bool {
    byte.is_ascii_graphic()
}

/// The text inside blanks of every kind (the no-break space of web pages and word processors among them) and inside `="…"`, by which exports to spreadsheets
/// keep the zeros of a number.
pub fn inside(text: &[u8]) -> Cow<'_, [u8]> {
    let Ok(text) = std::str::from_utf8(text) else { return Cow::Borrowed(text.trim_ascii()) };
    let text = trimmed(text);
    match text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        Some(quoted) if quoted.contains("\"\"") => {
            Cow::Owned(trimmed(&quoted.replace("\"\"", "\"")).as_bytes().to_vec())
        }
        Some(quoted) => Cow::Borrowed(trimmed(quoted).as_bytes()),
        None => Cow::Borrowed(text.as_bytes()),
    }
}

fn trimmed(text: &str) -> &str {
    // The zero-width blanks are no white space to Unicode, and as invisible.
    text.trim_matches(|letter: char| letter.is_whitespace() || matches!(letter, '\u{200b}' | '\u{2060}' | '\u{feff}'))
}

/// What is read in place of a text of a column. Texts that mean nothing are not repaired.
pub fn repaired<'t>(text: &'t [u8], slot: &Slot, feed: &Feed) -> Cow<'t, [u8]> {
    let inside = inside(text);
    if !slot.is_repaired() || feed.is_missing_in(slot, &inside) {
        return inside;
    }
    match inside {
        Cow::Borrowed(inside) => slot.repaired(inside),
        Cow::Owned(inside) => Cow::Owned(slot.repaired(&inside).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        record::field::{CanonicalTable, Field},
        rows::slot::Repair,
    };

    fn feed(slot: Slot) -> Feed {
        Feed {
            table: CanonicalTable::Encounters,
            slots: vec![slot],
            missing: vec![b"0".to_vec()],
            ..Feed::of(CanonicalTable::Encounters)
        }
    }

    #[test]
    fn what_stands_around_a_text_is_no_part_of_it() {
        let feed = feed(Slot::plain(Field::PatientId, 0));
        for (written, read) in [
            ("\u{a0}00012\u{a0}", "00012"),
            (" \u{2007} 7", "7"),
            ("=\"00012\"", "00012"),
            ("=\"\u{a0}7 \"", "7"),
            ("=\"say \"\"A\"\"\"", "say \"A\""),
            ("=\"\"", ""),
            ("\u{a0}", ""),
            ("=A1", "=A1"),
            ("Müller", "Müller"),
            ("Zoé", "Zoé"),
        ] {
            assert_eq!(repaired(written.as_bytes(), &feed.slots[0], &feed).as_ref(), read.as_bytes(), "{written}");
        }
    }

    #[test]
    fn repairs_change_a_text_but_not_one_that_means_nothing() {
        let mut slot = Slot::plain(Field::PatientId, 0);
        slot.repairs = vec![Repair::UpperCase, Repair::PadZeros];
        slot.padded_width = 5;
        let feed = feed(slot);
        for (written, read) in
            [("12", "00012"), ("ab", "AB"), ("é1", "É1"), ("=\"12\"", "00012"), ("0", "0"), ("123456", "123456")]
        {
            assert_eq!(repaired(written.as_bytes(), &feed.slots[0], &feed).as_ref(), read.as_bytes(), "{written}");
        }
    }
}
