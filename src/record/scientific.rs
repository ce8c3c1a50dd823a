//! Numbers in scientific notation, which a spreadsheet writes in place of a long identifier: the digits behind the first few are gone.

/// Whether a text is a whole identifier in scientific notation: `4.56E+09`, `1,23E+11`, `5E+09`, blanks around it aside.
#[inline]
pub fn is_scientific(text: &[u8]) -> bool {
    // Few texts have the mark of it, and all of those at one of two places.
    match text {
        [.., b'+', _, _] | [.., b'+', _, _, _] => is_whole(text.trim_ascii()),
        [.., b' '] => is_whole(text.trim_ascii()),
        _ => false,
    }
}

fn is_whole(text: &[u8]) -> bool {
    let Some(mark) = text.iter().position(|byte| matches!(byte, b'E' | b'e')) else { return false };
    let (number, exponent) = (&text[..mark], &text[mark + 1..]);
    let [b'+', exponent @ ..] = exponent else { return false };
    let digits = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    let is_number = match number {
        [first] => first.is_ascii_digit(),
        [first, b'.' | b',', rest @ ..] => first.is_ascii_digit() && digits(rest),
        _ => false,
    };
    is_number && (2..=3).contains(&exponent.len()) && digits(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_writes_for_a_long_number_is_told_from_numbers_and_codes() {
        for text in ["4.56E+09", "1,23E+11", "2.19E+26", "5E+09", "1.234567890123E+15", " 4.56e+09 ", "1.2E+100"] {
            assert!(is_scientific(text.as_bytes()), "{text}");
        }
        for text in [
            "4560000001",
            "4.56",
            "E+09",
            "4.56E09",
            "4.56E-09",
            "45.6E+09",
            "E11.9",
            "A+1",
            "1E+",
            "1.E+09",
            "",
            "1E+9",
        ] {
            assert!(!is_scientific(text.as_bytes()), "{text}");
        }
    }
}
