//! The ICD-10-CM conversion table: each new code, the day it came into force, and what was coded before.

use super::{OfficialSheet, TableInTheMaking, columns::is_code};
use crate::record::{code::CodeSystem, date::Day};

/// What was coded before a new code came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Previous {
    /// One code.
    Code(String),
    /// All codes from one to another, both included.
    Range(String, String),
    /// All codes under a code (`O35.0-`).
    Under(String),
}

impl std::fmt::Display for Previous {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Previous::Code(code) => write!(formatter, "{code}"),
            Previous::Range(first, last) => write!(formatter, "{first}-{last}"),
            Previous::Under(code) => write!(formatter, "{code}-"),
        }
    }
}

/// A dotted code of ICD-10-CM without its dot.
fn undotted(text: &str) -> Option<String> {
    let code = text.replacen('.', "", 1);
    let dot_in_place = text.find('.').is_none_or(|at| at == 3);
    (dot_in_place && is_code(CodeSystem::Icd10Cm, &code)).then_some(code)
}

/// Reads the previous codes: codes, ranges `A-B` and subcategories `A.-`, joined by commas, semicolons, `and` and `&`, with the words
/// `code from categories` before some; `None` in the cell is no code. Nothing that is not understood is passed over.
pub fn previous(text: &str) -> Option<Vec<Previous>> {
    if text.trim().eq_ignore_ascii_case("none") {
        return Some(Vec::new());
    }
    let parts = text.split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | '&'));
    let mut found = Vec::new();
    for part in parts.filter(|part| !part.is_empty()) {
        if matches!(part.to_ascii_lowercase().as_str(), "and" | "a" | "code" | "codes" | "from" | "in" | "categories") {
            continue;
        }
        found.push(match part.split_once('-') {
            None => Previous::Code(undotted(part)?),
            Some((above, "")) => Previous::Under(undotted(above.trim_end_matches('.'))?),
            Some((first, last)) => {
                let (first, last) = (undotted(first)?, undotted(last)?);
                if first > last {
                    return None;
                }
                Previous::Range(first, last)
            }
        });
    }
    (!found.is_empty()).then_some(found)
}

/// The first day of a code: a date, or a year, which is its 1 October (the table's banner).
fn effective(text: &str) -> Option<Day> {
    let text = text.trim();
    match text.parse::<i32>() {
        Ok(year) => (2015..=2099).contains(&year).then(|| Day::from_ymd(year, 10, 1)).flatten(),
        Err(_) => Day::from_iso(text.get(..10)?),
    }
}

/// Reads the sheet: code, effective, previous codes.
pub fn read(sheet: &OfficialSheet) -> TableInTheMaking {
    let mut reading = TableInTheMaking::default();
    let mut repeated = 0;
    for (row, cells) in sheet.rows.iter().skip(1) {
        let cell = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
        let Some(code) = undotted(cell(0)) else {
            reading.fault(*row, "the first cell is no code of ICD-10-CM");
            continue;
        };
        let Some(day) = effective(cell(1)) else {
            reading.fault(*row, "the second cell is neither a year nor a date");
            continue;
        };
        let Some(earlier) = previous(cell(2)) else {
            reading.fault(*row, "the previous codes cannot be read");
            continue;
        };
        let earlier: Vec<String> = earlier.iter().map(Previous::to_string).collect();
        let words = cell(2).split_whitespace().collect::<Vec<_>>().join(" ");
        let cells = [code, day.to_string(), earlier.join(" "), words];
        // The table as published has some rows twice; two that differ are refused.
        if reading.rows.last().is_some_and(|(_, last)| *last == cells) {
            repeated += 1;
            continue;
        }
        reading.rows.push((*row, cells.to_vec()));
    }
    if repeated > 0 {
        reading.notes.push(format!("as published, {repeated} rows are there twice; each was taken once"));
    }
    let newest = reading.rows.iter().map(|(_, row)| row[1].clone()).max().unwrap_or_default();
    let count = reading.rows.iter().filter(|(_, row)| row[1] == newest).count();
    reading.notes.push(format!("{count} codes new on {newest}, of {} since 2016", reading.rows.len()));
    reading
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_ranges_and_subcategories_are_understood() {
        for (text, expected) in [
            ("A04.7", "A047"),
            ("None", ""),
            ("T38.3X5A-T38.3X5S and E10.9", "T383X5A-T383X5S E109"),
            ("O35.0- and A00", "O350- A00"),
            ("O35.0.- & Z3A.00", "O350- Z3A00"),
            ("Codes in Categories V00-Y38", "V00-Y38"),
            ("C50.1; C50.2, C50.3", "C501 C502 C503"),
            ("D89.8 AND Code from categories F01-F03", "D898 F01-F03"),
        ] {
            let found = previous(text).unwrap_or_else(|| panic!("{text}"));
            let found: Vec<String> = found.iter().map(Previous::to_string).collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
        for text in ["", "see note", "A04.7 or so", "B99-A00"] {
            assert_eq!(previous(text), None, "{text}");
        }
    }

    #[test]
    fn a_year_is_its_first_of_october() {
        assert_eq!(effective("2025"), Day::from_ymd(2025, 10, 1));
        assert_eq!(effective("2023-04-01"), Day::from_ymd(2023, 4, 1));
        assert_eq!(effective("Effective"), None);
    }
}
