//! Texts that are too long for a cell of a list: shown by their begin, with how long they are and where the whole stands.

use std::borrow::Cow;

/// Bytes of a text that a cell of a list or workbook shows whole: Excel keeps 32,767 UTF-16 units a cell, of which UTF-8 never has fewer bytes.
pub const LONGEST_SHOWN: usize = 32_767;
/// Bytes of a longer text that stand before the note.
const BEGIN: usize = 32_000;

/// The text, or its begin with a note of its length and of where the whole value stands.
pub fn shown(text: &str, whole_in: impl FnOnce() -> String) -> Cow<'_, str> {
    if text.len() <= LONGEST_SHOWN {
        return text.into();
    }
    let begin = &text[..text.floor_char_boundary(BEGIN)];
    format!("{begin}... ({} characters; whole value in {})", with_commas(text.chars().count()), whole_in()).into()
}

/// The same in a form that is longer than the text where it holds escapes: `form` gives it, and that is what has to fit.
pub fn shown_as<'t>(
    text: &'t str,
    form: impl Fn(&str) -> Cow<'_, str>,
    whole_in: impl FnOnce() -> String,
) -> Cow<'t, str> {
    match form(text) {
        // Nothing is escaped in it, so that the text itself may be lent on.
        Cow::Borrowed(same) if same.len() <= LONGEST_SHOWN => text.into(),
        Cow::Owned(longer) if longer.len() <= LONGEST_SHOWN => longer.into(),
        _ => {
            let mut begin = &text[..text.floor_char_boundary(BEGIN)];
            while form(begin).len() > BEGIN {
                begin = &begin[..begin.floor_char_boundary(begin.len() / 2)];
            }
            let begin = form(begin);
            format!("{begin}... ({} characters; whole value in {})", with_commas(text.chars().count()), whole_in())
                .into()
        }
    }
}

fn with_commas(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_says_how_long_it_is_and_fits_a_cell_of_excel() {
        let long = "€".repeat(5_000_000);
        let text = shown(&long, || "discharges.csv row 7".to_owned());
        assert!(text.ends_with("€... (5,000,000 characters; whole value in discharges.csv row 7)"));
        assert!(text.encode_utf16().count() <= 32_767);
        assert_eq!(shown(&text, String::new), text, "a text that was shortened is not shortened again");
        let escaped =
            shown_as(&"\u{1b}".repeat(20_000), crate::record::shown::cell, || "the input".to_owned()).into_owned();
        assert!(
            escaped.len() <= 32_767 && escaped.ends_with("\\u{1b}... (20,000 characters; whole value in the input)")
        );
        assert!(matches!(shown("short", String::new), Cow::Borrowed("short")));
    }
}
