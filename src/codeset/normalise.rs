//! A code as written, made comparable: upper case, no dot, no blanks around it. And what a spreadsheet took from ICD-9-CM codes, given back.

use crate::{
    codeset::table::CodeTable,
    partition::encounter::PackedCode,
    record::{code::CodeSystem, date::Day},
};

/// A code made comparable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Normalised {
    /// The code; empty where nothing comparable can be made (too long).
    pub code: PackedCode,
    /// Whether dots, case or blanks were changed.
    pub changed: bool,
}

/// Trims blanks, upper-cases, drops dots and a trailing dash. Never guesses: a letter O is no zero.
#[inline]
pub fn normalise(raw: &[u8]) -> Normalised {
    let mut code = [0u8; 8];
    // Nearly every code is written as it is compared.
    if raw.len() <= 7 && raw.iter().all(|byte| byte.is_ascii_uppercase() | byte.is_ascii_digit()) {
        code[..raw.len()].copy_from_slice(raw);
        return Normalised { code: PackedCode(code), changed: false };
    }
    let mut length = 0;
    let mut changed = false;
    let trimmed = raw.trim_ascii();
    let trimmed = trimmed.strip_suffix(b"-").unwrap_or(trimmed);
    for byte in trimmed {
        let byte = match byte {
            b'.' => {
                changed = true;
                continue;
            }
            b'a'..=b'z' => {
                changed = true;
                byte.to_ascii_uppercase()
            }
            other => *other,
        };
        if length == 7 {
            return Normalised { code: PackedCode::default(), changed };
        }
        code[length] = byte;
        length += 1;
    }
    Normalised { code: PackedCode(code), changed: changed || trimmed.len() != raw.len() }
}

/// Whether a normalised code has the form of its system.
///
/// ICD-10-CM: a letter, a digit or A (QA0 of 2025), a digit or A or B (C4A, C7B), then up to four letters or digits.
/// ICD-10-PCS: seven digits or letters except I and O. ICD-9-CM diagnoses: three to five digits, V and two to four digits, E and three or four digits.
/// ICD-9-CM procedures: two to four digits.
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
    }
}

/// What came of giving leading zeros back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// The code, with its zeros.
    pub code: PackedCode,
    /// Whether zeros were given back.
    pub restored: bool,
    /// Whether another reading is a valid code too: a coder should look.
    pub ambiguous: bool,
}

/// Last day on which ICD-9-CM was reported.
pub const ICD9_LAST: Day = Day(16_708);

/// Gives an ICD-9-CM diagnosis of digits alone back the leading zeros that a spreadsheet took.
///
/// A spreadsheet that reads `0088` as a number keeps 88. The rule: a code that is valid as written stands; otherwise the padding that makes a valid code is
/// taken, the longest where there are two (`845` is 084.5 or 008.45: codes are written to their last digit); otherwise the code stands as written.
/// Where another reading is valid too the code is marked, never passed over in silence. Valid means in force on the day or, for a day outside the life
/// of ICD-9-CM (shifted research dates), on its last day.
pub fn restore_zeros(table: &CodeTable, code: PackedCode, on: Option<Day>) -> Restored {
    let text = code.text().as_bytes();
    let as_written = Restored { code, restored: false, ambiguous: false };
    if text.is_empty() || text.len() > 4 || !text.iter().all(u8::is_ascii_digit) {
        return as_written;
    }
    let on = on.filter(|on| *on <= ICD9_LAST).unwrap_or(ICD9_LAST);
    let valid = |code: &[u8]| table.find(code).is_some_and(|id| table.in_force(id, Some(on)));
    let mut padded = [b'0'; 5];
    let mut longest = None;
    let mut readings = 0;
    for width in (text.len() + 1).max(3)..=5 {
        padded[..width - text.len()].fill(b'0');
        padded[width - text.len()..width].copy_from_slice(text);
        if valid(&padded[..width]) {
            longest = PackedCode::new(&padded[..width]);
            readings += 1;
        }
    }
    if text.len() >= 3 && valid(text) {
        return Restored { ambiguous: readings > 0, ..as_written };
    }
    match longest {
        Some(code) => Restored { code, restored: true, ambiguous: readings > 1 },
        None => as_written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codeset::sets::CodeSets;

    #[test]
    fn normalising_keeps_what_is_a_code_and_says_when_it_changed_something() {
        for (raw, code, changed) in [
            ("E11.9", "E119", true),
            (" i10 ", "I10", true),
            ("I10", "I10", false),
            ("M54.5-", "M545", true),
            ("ABCDEFGH", "", false),
        ] {
            let found = normalise(raw.as_bytes());
            assert_eq!((found.code.text(), found.changed), (code, changed), "{raw}");
        }
    }

    #[test]
    fn lost_zeros_come_back_and_sound_codes_stay() {
        let sets = CodeSets::default();
        let table = sets.table(CodeSystem::Icd9Cm);
        // 008.8, 008.45 (or 084.5), 070.32, 041.09; 401.9, 428.0 and 384.9 (or 038.49) are codes as they stand.
        for (written, restored, ambiguous) in [
            ("88", "0088", false),
            ("845", "00845", true),
            ("7032", "07032", false),
            ("4109", "04109", false),
            ("4019", "4019", false),
            ("4280", "4280", false),
            ("3849", "3849", true),
            ("V5867", "V5867", false),
        ] {
            let found = restore_zeros(table, PackedCode::new(written.as_bytes()).expect("short"), None);
            assert_eq!((found.code.text(), found.ambiguous), (restored, ambiguous), "{written}");
        }
    }
}
