//! Words as a page has them: what has a meaning in HTML, SVG or a style sheet is escaped, and what cannot be seen is a visible escape.

use std::fmt::Write as _;

use crate::record::{long_text, shown};

/// Letters of a word after which it may be broken: no word makes a column wider than a telephone.
const LONGEST_PIECE: usize = 28;

/// Text for an attribute, a title or a drawing. Nothing in it ends an element or an attribute, and it is well-formed XML too.
pub fn escaped(text: &str) -> String {
    let text = long_text::shown(text, || "the records".to_owned());
    let mut escaped = String::with_capacity(text.len() + 8);
    for letter in shown::shown(&text).chars() {
        push(&mut escaped, letter);
    }
    escaped
}

/// Text that flows on the page: as [`escaped`], and a word without a blank may be broken, a path best behind a stroke.
pub fn flowing(text: &str) -> String {
    let text = long_text::shown(text, || "the records".to_owned());
    let mut flowing = String::with_capacity(text.len() + 8);
    let mut run = 0;
    for letter in shown::shown(&text).chars() {
        if run == LONGEST_PIECE {
            flowing.push_str("<wbr/>");
            run = 0;
        }
        run = if letter.is_whitespace() || letter == '-' { 0 } else { run + 1 };
        push(&mut flowing, letter);
        if letter == '/' && run > 1 {
            flowing.push_str("<wbr/>");
            run = 0;
        }
    }
    flowing
}

fn push(escaped: &mut String, letter: char) {
    match letter {
        '&' => escaped.push_str("&amp;"),
        '<' => escaped.push_str("&lt;"),
        '>' => escaped.push_str("&gt;"),
        '"' => escaped.push_str("&quot;"),
        '\'' => escaped.push_str("&#39;"),
        // No characters, which neither XML nor HTML has: the last two of every plane of Unicode, and 32 of Arabic forms.
        letter if u32::from(letter) & 0xfffe == 0xfffe || ('\u{fdd0}'..='\u{fdef}').contains(&letter) => {
            let _ = write!(escaped, "\\u{{{:x}}}", u32::from(letter));
        }
        letter => escaped.push(letter),
    }
}

/// Text between the quote marks of a style sheet: whatever is no letter or digit of ASCII is written by its number.
pub fn in_style(text: &str) -> String {
    let mut written = String::with_capacity(text.len() * 2);
    for letter in shown::shown(text).chars() {
        match letter {
            letter if letter.is_ascii_alphanumeric() => written.push(letter),
            letter => {
                let _ = write!(written, "\\{:x} ", u32::from(letter));
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_an_element_an_attribute_or_a_style() {
        let hostile = "</style><script>alert(\"x\")</script> ' onload='x' & \u{0}\u{202e}\u{fffe}\\";
        for text in [escaped(hostile), flowing(hostile).replace("<wbr/>", "")] {
            assert!(!text.contains(['<', '>', '"', '\'', '\u{0}', '\u{202e}', '\u{fffe}']), "{text}");
            assert!(text.contains("\\u{0}\\u{202e}\\u{fffe}"), "{text}");
        }
        let style = in_style(hostile);
        assert!(!style.contains(['<', '>', '"', '\'', ';', '}', '&']), "{style}");
        assert!(!style.ends_with('\\'));
    }

    #[test]
    fn a_word_of_ten_thousand_letters_may_be_broken_and_loses_none() {
        let word = "x".repeat(10_000);
        let text = flowing(&word);
        assert_eq!(text.replace("<wbr/>", ""), word);
        assert!(text.split("<wbr/>").all(|piece| piece.len() <= LONGEST_PIECE));
        assert_eq!(flowing("short words only"), "short words only");
        assert_eq!(flowing("worklists/inputs.csv"), "worklists/<wbr/>inputs.csv");
    }
}
