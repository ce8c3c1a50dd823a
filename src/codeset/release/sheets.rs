//! Releases as sheets: the conversion table of ICD-10-CM and AHRQ's reference file.

use std::collections::BTreeSet;

use super::{BadLines, Kind, Release, ReleaseFault};
use crate::record::date::Day;

/// Reads a sheet by its heading, which may stand beneath a title.
pub fn read(rows: &[Vec<String>]) -> Result<Release, ReleaseFault> {
    for (at, row) in rows.iter().enumerate().take(10) {
        let heading: Vec<String> = row.iter().map(|cell| cell.trim().to_ascii_lowercase()).collect();
        let starts = |words: &[&str]| {
            words.iter().enumerate().all(|(at, word)| heading.get(at).is_some_and(|cell| cell.starts_with(word)))
        };
        if starts(&["current code", "effective", "previous code"]) {
            return conversion(&rows[at + 1..], at + 2);
        }
        if starts(&["icd-10-cm diagnosis", "icd-10-cm code description"]) {
            return reference(row, &rows[at + 1..], at + 2);
        }
    }
    Err(ReleaseFault::Unknown)
}

/// The codes named in a text of previous codes: single ones, lists, and ranges by their two ends. Words between them are left out.
fn codes_in(text: &str) -> Vec<String> {
    let is_code = |word: &str| {
        let bare: String = word.chars().filter(|letter| *letter != '.').collect();
        (3..=7).contains(&bare.len())
            && bare.starts_with(|letter: char| letter.is_ascii_uppercase())
            && bare.as_bytes()[1].is_ascii_digit()
            && bare.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    // A dash joins two ends of a range.
    text.replace(['\u{2013}', '\u{2014}'], "-")
        .split([',', ';', ' ', '\n', '(', ')', '+'])
        .flat_map(|part| {
            let ends: Vec<&str> = part.split('-').map(str::trim).filter(|end| is_code(end)).collect();
            match ends.as_slice() {
                [first, last] => vec![format!("{}-{}", first.replace('.', ""), last.replace('.', ""))],
                ends => ends.iter().map(|code| code.replace('.', "")).collect(),
            }
        })
        .collect()
}

/// New code, effective (a year is its first of October), previous codes as free text.
fn conversion(rows: &[Vec<String>], first: usize) -> Result<Release, ReleaseFault> {
    let mut bad = BadLines::default();
    let mut out = Vec::new();
    let mut days = BTreeSet::new();
    for (at, row) in rows.iter().enumerate() {
        let cell = |place: usize| row.get(place).map_or("", |text| text.trim());
        let code = cell(0).replace('.', "").to_ascii_uppercase();
        if code.is_empty() && cell(2).is_empty() {
            continue;
        }
        let effective = effective(cell(1));
        let sound = (3..=7).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
        match effective {
            Some(day) if sound => {
                days.insert(day);
                out.push(vec![code, day.to_string(), codes_in(cell(2)).join(" "), cell(2).replace(['\n', '\t'], " ")]);
            }
            _ => bad.add(first + at, "it is not a code with the day from which it is effective"),
        }
    }
    bad.check(Kind::Conversion)?;
    let figures = vec![("codes".to_owned(), out.len() as u64), ("effective days".to_owned(), days.len() as u64)];
    let columns = ["code", "effective", "previous_codes", "as_written"].map(str::to_owned).to_vec();
    Ok(Release { kind: Kind::Conversion, columns, rows: out, figures })
}

/// A year, which means its first of October, or a date.
fn effective(text: &str) -> Option<Day> {
    if let Ok(year) = text.parse::<i32>() {
        return Day::from_ymd(year, 10, 1);
    }
    if let Some(day) = text.get(..10).and_then(Day::from_iso) {
        return Some(day);
    }
    // Words such as `April 1, 2023` and `4/1/2023`.
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let parts: Vec<&str> = text.split([' ', ',', '/']).filter(|part| !part.is_empty()).collect();
    let [month, day, year] = parts.as_slice() else { return None };
    let wanted = month.to_ascii_lowercase();
    let named = MONTHS.iter().position(|name| wanted.len() >= 3 && name.starts_with(wanted.trim_end_matches('.')));
    let month = named.map(|place| place as u32 + 1).or_else(|| month.parse().ok())?;
    Day::from_ymd(year.parse().ok()?, month, day.parse().ok()?)
}

/// Code, title, number of comorbidities, then a column of 0 and 1 for each measure.
fn reference(heading: &[String], rows: &[Vec<String>], first: usize) -> Result<Release, ReleaseFault> {
    let mut bad = BadLines::default();
    let mut out = Vec::new();
    let mut pairs = 0;
    for (at, row) in rows.iter().enumerate() {
        let cell = |place: usize| row.get(place).map_or("", |text| text.trim());
        if cell(0).is_empty() || cell(1).is_empty() {
            // Notes beneath the table.
            continue;
        }
        let marks: Vec<&str> = (3..heading.len()).map(cell).collect();
        let stated: Option<u64> = cell(2).parse().ok();
        let counted = marks.iter().filter(|mark| **mark == "1").count() as u64;
        if stated != Some(counted) || marks.iter().any(|mark| !matches!(*mark, "0" | "1" | "")) {
            bad.add(first + at, "its marks are not as many as it states");
            continue;
        }
        pairs += counted;
        let names = (3..heading.len()).filter(|place| cell(*place) == "1").map(|place| heading[place].trim());
        out.push(vec![cell(0).replace('.', ""), cell(1).to_owned(), names.collect::<Vec<_>>().join(" ")]);
    }
    bad.check(Kind::AhrqCmr)?;
    let figures = vec![
        ("codes".to_owned(), out.len() as u64),
        ("measures".to_owned(), heading.len().saturating_sub(3) as u64),
        ("codes by measure".to_owned(), pairs),
    ];
    Ok(Release {
        kind: Kind::AhrqCmr,
        columns: ["code", "title", "measures"].map(str::to_owned).to_vec(),
        rows: out,
        figures,
    })
}
