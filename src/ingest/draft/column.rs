//! What is known of one column of a sample: its name in words, its values with their counts, what is missing.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    dates::{self, DateColumns},
    sample::DraftSample,
    words,
};

/// Texts by which exports say "nothing".
const MISSING: &[&str] = &[
    "?", "NA", "N/A", "n/a", "#N/A", "NULL", "Null", "null", "(null)", "<NULL>", "\\N", "NaN", "nan", "None", "EMPTY",
    "empty", "MISSING", "missing", "-", "--", ".",
];

/// One column of a sample.
#[derive(Debug, Clone)]
pub struct DraftColumn {
    /// Name in the heading.
    pub name: String,
    /// Words of the name.
    pub meanings: BTreeSet<String>,
    /// Whether the name is one of another language or country, whose lists of values are its own.
    pub foreign: bool,
    /// Values with their counts; blanks and missing tokens left out.
    pub values: BTreeMap<String, u32>,
    /// Rows with a value.
    pub filled: u32,
    /// Rows of the sample.
    pub rows: u32,
    /// Missing tokens seen, with their counts.
    pub missing: BTreeMap<&'static str, u32>,
    /// What the values tell of dates.
    pub dates: DateColumns,
}

/// The columns of a sample.
pub fn columns(sample: &DraftSample) -> Vec<DraftColumn> {
    let mut columns: Vec<DraftColumn> =
        sample.header.iter().enumerate().map(|(at, name)| column(name, at, sample)).collect();
    // In an export of another country a heading that is the same word in English is of that country too: `Code postal`, `mode`.
    let foreign = columns.iter().filter(|column| column.foreign).count();
    if foreign > 2 && foreign * 4 >= columns.len() {
        columns.iter_mut().for_each(|column| column.foreign = true);
    }
    columns
}

fn column(name: &str, at: usize, sample: &DraftSample) -> DraftColumn {
    let mut values: BTreeMap<String, u32> = BTreeMap::new();
    let mut missing = BTreeMap::new();
    for text in sample.rows.iter().filter_map(|row| row.get(at)).filter(|text| !text.is_empty()) {
        match MISSING.iter().find(|token| *token == text) {
            Some(token) => *missing.entry(*token).or_insert(0) += 1,
            None => match values.get_mut(text) {
                Some(count) => *count += 1,
                None => {
                    values.insert(text.clone(), 1);
                }
            },
        }
    }
    DraftColumn {
        name: name.to_owned(),
        meanings: if sample.header_row == 0 { BTreeSet::new() } else { words::meanings(name) },
        foreign: sample.header_row > 0 && words::is_foreign(name),
        filled: values.values().sum(),
        rows: sample.rows.len() as u32,
        dates: dates::study(values.iter().map(|(value, count)| (value.as_str(), *count))),
        values,
        missing,
    }
}

impl DraftColumn {
    /// Values for which something holds, in per cent of the rows with a value; 0 for a blank column.
    pub fn share(&self, holds: impl Fn(&str) -> bool) -> u32 {
        let count: u32 = self.values.iter().filter(|(value, _)| holds(value)).map(|(_, count)| count).sum();
        percent(count, self.filled)
    }

    /// Dates, in per cent of the rows with a value.
    pub fn date_share(&self) -> u32 {
        percent(self.dates.dates, self.filled)
    }

    /// Whether every row has a value and none stands twice.
    pub fn is_unique(&self) -> bool {
        self.filled == self.rows && self.values.len() as u32 == self.rows && self.rows > 0
    }

    /// Whether the name has a word of this meaning.
    pub fn says(&self, meaning: &str) -> bool {
        self.meanings.contains(meaning)
    }
}

/// Per cent, rounded down.
pub fn percent(part: u32, whole: u32) -> u32 {
    if whole == 0 { 0 } else { (u64::from(part) * 100 / u64::from(whole)) as u32 }
}

/// Shapes of values.
pub mod shape {
    /// A code without the signs of the WHO's ICD-10 behind it.
    pub fn without_signs(text: &str) -> &str {
        text.trim().trim_end_matches(['\u{2020}', '+', '*', '!', ' '])
    }

    /// Letters and digits of a code, in upper case, one dot allowed after the third place or the second of a procedure.
    fn bare(text: &str) -> Option<String> {
        let text = without_signs(text);
        if text.matches('.').count() > 1 || !text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '.')
        {
            return None;
        }
        Some(text.replace('.', "").to_ascii_uppercase())
    }

    /// ICD-10-CM: a letter, a digit, then one to five letters or digits.
    pub fn icd10cm(text: &str) -> bool {
        bare(text).is_some_and(|code| {
            let bytes = code.as_bytes();
            (3..=7).contains(&bytes.len())
                && bytes[0].is_ascii_uppercase()
                && bytes[1].is_ascii_digit()
                && (bytes[2].is_ascii_digit() || matches!(bytes[2], b'A' | b'B' | b'C' | b'M'))
        })
    }

    /// ICD-9-CM diagnosis, leading zeros lost or not: one to five digits, or V or E and digits.
    pub fn icd9cm(text: &str) -> bool {
        bare(text).is_some_and(|code| {
            let digits = code.strip_prefix(['V', 'E']).unwrap_or(&code);
            (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        })
    }

    /// ICD-10-PCS: seven digits and letters, no I and no O, with both digits and letters. The few codes of digits alone look like any other number.
    pub fn icd10pcs(text: &str) -> bool {
        let is_digit = |byte: u8| byte.is_ascii_digit();
        text.len() == 7
            && text.bytes().all(|byte| is_digit(byte) || (byte.is_ascii_uppercase() && !matches!(byte, b'I' | b'O')))
            && text.bytes().any(is_digit)
            && text.bytes().any(|byte| byte.is_ascii_uppercase())
    }

    /// ICD-9-CM procedure: two to four digits, a dot after the second allowed.
    pub fn icd9pcs(text: &str) -> bool {
        bare(text).is_some_and(|code| (2..=4).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// National Provider Identifier: ten digits from 1 or 2 with the Luhn check digit over the prefix 80840 (45 CFR 162.406).
    pub fn npi(text: &str) -> bool {
        if text.len() != 10 || !text.starts_with(['1', '2']) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return false;
        }
        let sum: u32 = text
            .bytes()
            .rev()
            .enumerate()
            .map(|(place, byte)| {
                let digit = u32::from(byte - b'0');
                let doubled = if place % 2 == 1 { digit * 2 } else { digit };
                doubled / 10 + doubled % 10
            })
            .sum();
        // 24 is what the prefix 80840 adds.
        (sum + 24).is_multiple_of(10)
    }

    /// A day as a spreadsheet keeps it: a number from 1901 to 2099, with a fraction where it has a time.
    pub fn serial_date(text: &str) -> bool {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits(whole) && digits(fraction) && whole.parse::<u32>().is_ok_and(|day| (366..73_051).contains(&day))
    }

    /// An amount whose parts stand behind a comma: `12,50` or `1.234,5`.
    pub fn decimal_comma(text: &str) -> bool {
        let Some((whole, parts)) = text.trim_start_matches('-').rsplit_once(',') else { return false };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits(parts) && parts.len() != 3 && whole.split('.').all(digits)
    }

    /// ZIP code of five or nine digits.
    pub fn zip(text: &str) -> bool {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        match text.split_once('-') {
            Some((five, four)) => five.len() == 5 && four.len() == 4 && digits(five) && digits(four),
            None => matches!(text.len(), 5 | 9) && digits(text),
        }
    }

    /// A number, thousands commas and a currency sign allowed.
    pub fn number(text: &str) -> bool {
        let digits: String = text.trim_start_matches(['-', '$']).chars().filter(|letter| *letter != ',').collect();
        digits.starts_with(|first: char| first.is_ascii_digit()) && digits.parse::<f64>().is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn codes_are_told_by_their_shape() {
        assert!(["I10", "e11.9", "S72.141A", "M1A.00X0", "Z3A39"].iter().all(|code| shape::icd10cm(code)));
        assert!(!["250.00", "30233N1", "HOME", "I1", "1I0"].iter().any(|code| shape::icd10cm(code)));
        assert!(["250.00", "88", "V70.7", "E8497"].iter().all(|code| shape::icd9cm(code)));
        assert!(!["1948774", "0210093"].iter().any(|code| shape::icd10pcs(code)), "seven digits are any number");
        assert!(["30233N1", "0DTJ4ZZ"].iter().all(|code| shape::icd10pcs(code)));
        assert!(!["0DTJ4Z", "0DTO4ZZ"].iter().any(|code| shape::icd10pcs(code)));
    }

    #[test]
    fn an_npi_is_told_by_its_check_digit() {
        // The worked example of the CMS document "Requirements for NPI check digit".
        assert!(shape::npi("1234567893"));
        assert!(!shape::npi("1234567890"));
    }
}
