//! A code as written, made comparable: upper case, no dot, no blanks around it, no filler on its right.

use crate::{
    partition::encounter::PackedCode,
    record::{code::CodeSystem, date::Day},
};

/// A code made comparable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Normalised {
    /// The code; empty where nothing comparable can be made (too long, or filler alone).
    pub code: PackedCode,
    /// Whether dots, case, blanks or filler were changed.
    pub changed: bool,
    /// How many characters stand before the dot; `None` where there is no dot. Where there are several dots, a number that is the place of none.
    pub dot: Option<u8>,
}

/// The place of several dots.
pub const SEVERAL_DOTS: u8 = u8::MAX;

/// Filler on the right of a code: blanks, dashes and underscores. A dot that nothing follows goes with it.
fn is_filler_on_the_right(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'-' | b'_' | b'.')
}

/// A code as it was written, without the blanks around it and the filler on its right; what is filler alone stays.
pub fn without_filler(raw: &str) -> &str {
    let trimmed = raw.trim_ascii();
    match trimmed.trim_end_matches(|letter: char| u8::try_from(letter).is_ok_and(is_filler_on_the_right)) {
        "" => trimmed,
        code => code,
    }
}

/// Trims blanks and the filler on the right, upper-cases, drops dots. Never guesses: a letter O is no zero.
#[inline]
pub fn normalise(raw: &[u8]) -> Normalised {
    // Nearly every code is written as it is compared.
    if raw.len() <= 7 && raw.iter().all(|byte| byte.is_ascii_uppercase() | byte.is_ascii_digit()) {
        let mut code = [0u8; 8];
        code[..raw.len()].copy_from_slice(raw);
        return Normalised { code: PackedCode(code), changed: false, dot: None };
    }
    normalise_with_marks(raw)
}

/// [`normalise`] of a text with dots, blanks, filler or small letters.
fn normalise_with_marks(raw: &[u8]) -> Normalised {
    let trimmed = raw.trim_ascii();
    let end = trimmed.iter().rposition(|byte| !is_filler_on_the_right(*byte)).map_or(0, |at| at + 1);
    let (trimmed, filler) = trimmed.split_at(end);
    let mut found = Normalised { code: PackedCode::default(), changed: trimmed.len() != raw.len(), dot: None };
    let mut code = [0u8; 8];
    let mut length = 0;
    for byte in trimmed {
        let byte = match byte {
            b'.' => {
                found.changed = true;
                found.dot = Some(if found.dot.is_some() { SEVERAL_DOTS } else { length as u8 });
                continue;
            }
            b'a'..=b'z' => {
                found.changed = true;
                byte.to_ascii_uppercase()
            }
            other => *other,
        };
        if length == 7 {
            return Normalised { code: PackedCode::default(), ..found };
        }
        code[length] = byte;
        length += 1;
    }
    if found.dot.is_none() && length > 0 && filler.contains(&b'.') {
        found.dot = Some(length as u8);
    }
    found.code = PackedCode(code);
    found
}

/// Whether a normalised code has the form of its system.
///
/// ICD-10-CM: a letter, a digit or A (QA0 of 2025), a digit or A or B (C4A, C7B), then up to four letters or digits.
/// ICD-10-PCS: seven digits or letters except I and O. ICD-9-CM diagnoses: three to five digits, V and two to four digits, E and three or four digits.
/// ICD-9-CM procedures: two to four digits. ICD-10 (WHO): a letter, two digits, and up to two more.
pub fn is_well_formed(system: CodeSystem, code: &[u8]) -> bool {
    let digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
    let upper = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    match system {
        CodeSystem::Icd10Cm => {
            (3..=7).contains(&code.len())
                && code[0].is_ascii_uppercase()
                && matches!(code[1], b'0'..=b'9' | b'A')
                && matches!(code[2], b'0'..=b'9' | b'A' | b'B')
                && code[3..].iter().all(upper)
        }
        CodeSystem::Icd10Pcs => code.len() == 7 && code.iter().all(|byte| upper(byte) && !matches!(byte, b'I' | b'O')),
        CodeSystem::Icd9Cm => match code.first() {
            Some(b'V') => (3..=5).contains(&code.len()) && digits(&code[1..]),
            Some(b'E') => (4..=5).contains(&code.len()) && digits(&code[1..]),
            _ => (3..=5).contains(&code.len()) && digits(code),
        },
        CodeSystem::Icd9Procedure => (2..=4).contains(&code.len()) && digits(code),
        CodeSystem::Icd10 => (3..=5).contains(&code.len()) && code[0].is_ascii_uppercase() && digits(&code[1..]),
    }
}

/// Last day on which ICD-9-CM was reported.
pub const ICD9_LAST: Day = Day(16_708);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filler_is_taken_off_a_code_as_it_was_written() {
        for (raw, code) in
            [(" 38-", "38"), ("38__", "38"), ("486.-", "486"), ("e11.9 ", "e11.9"), ("---", "---"), ("", "")]
        {
            assert_eq!(without_filler(raw), code, "{raw}");
        }
    }

    #[test]
    fn normalising_keeps_what_is_a_code_and_says_when_it_changed_something() {
        for (raw, code, changed) in [
            ("E11.9", "E119", true),
            (" i10 ", "I10", true),
            ("I10", "I10", false),
            ("M54.5-", "M545", true),
            ("486--", "486", true),
            ("4019-", "4019", true),
            ("486.-", "486", true),
            ("486  ", "486", true),
            ("V58__", "V58", true),
            ("-----", "", true),
            ("ABCDEFGH", "", false),
        ] {
            let found = normalise(raw.as_bytes());
            assert_eq!((found.code.text(), found.changed), (code, changed), "{raw}");
        }
    }
}
