//! The list of diagnoses that are exempt from present-on-admission reporting.

use rustc_hash::FxHashSet;

use super::{Reading, columns::is_code};
use crate::{
    partition::encounter::PackedCode,
    record::{code::CodeSystem, date::Day},
};

/// Reads the list: order, dotted code and description between tabs, under a heading (CMS, POA exempt list).
///
/// Category Z99, dependence on machines, ends every list, so a list without it is cut short.
pub fn read(lines: &[(u64, &str)]) -> Reading {
    let mut reading = Reading::default();
    for (line, text) in lines.iter().skip(1) {
        let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
        let &[order, dotted, description] = cells.as_slice() else {
            reading.fault(*line, "has not three cells between tabs");
            continue;
        };
        let code = dotted.replacen('.', "", 1);
        if order.parse::<u32>().is_err() {
            reading.fault(*line, "the first cell is no order number");
        } else if !is_code(CodeSystem::Icd10Cm, &code) || dotted.len() > 3 && dotted.as_bytes()[3] != b'.' {
            reading.fault(*line, "the second cell is no dotted code of ICD-10-CM");
        } else if description.is_empty() {
            reading.fault(*line, "the description is blank");
        } else {
            reading.row(*line, &[&code, description]);
        }
    }
    if !reading.rows.iter().any(|(_, row)| row[0].starts_with("Z99")) {
        reading.missing.push("has no code of category Z99, with which every list ends: it is cut short".to_owned());
    }
    reading
}

/// The exempt diagnoses of the releases at hand, by day.
#[derive(Debug, Clone, Default)]
pub struct ExemptCodes {
    lists: Vec<(Day, Day, FxHashSet<u64>)>,
}

impl ExemptCodes {
    /// Adds the list of a release that is in force from a day until another, included.
    pub fn add<'c>(&mut self, from: Day, until: Day, codes: impl Iterator<Item = &'c str>) {
        let codes = codes.filter_map(|code| PackedCode::new(code.as_bytes())).map(|code| code.number()).collect();
        self.lists.push((from, until, codes));
    }

    /// Whether a list of the day is at hand: without one nothing can be said of what is not exempt.
    #[inline]
    pub fn knows(&self, on: Day) -> bool {
        self.lists.iter().any(|(from, until, _)| *from <= on && on <= *until)
    }

    /// Whether a diagnosis of ICD-10-CM is exempt on a day; without a list of that day, none is.
    #[inline]
    pub fn is_exempt(&self, code: PackedCode, on: Day) -> bool {
        self.lists.iter().any(|(from, until, codes)| *from <= on && on <= *until && codes.contains(&code.number()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_exempt_in_the_year_of_its_list_alone() {
        let mut exempt = ExemptCodes::default();
        let day = |text| Day::from_iso(text).unwrap();
        exempt.add(day("2025-10-01"), day("2026-09-30"), ["Z9989"].into_iter());
        let code = |text: &str| PackedCode::new(text.as_bytes()).unwrap();
        assert!(exempt.is_exempt(code("Z9989"), day("2026-09-30")));
        assert!(
            !exempt.is_exempt(code("Z9989"), day("2026-10-01")) && !exempt.is_exempt(code("I10"), day("2026-01-01"))
        );
    }

    #[test]
    fn a_list_is_read_with_its_dots_and_without_them_is_not() {
        let lines = [
            (1, "Order26\tPOAexemptCode\tDescription"),
            (2, "01238\tB90.0\tSequelae"),
            (3, "98181\tZ9989\tDependence"),
            (4, "98181\tZ99.89\tDependence"),
        ];
        let reading = read(&lines);
        assert_eq!((reading.rows.len(), reading.faults.len(), reading.faults[0].line), (2, 1, 3));
        assert_eq!(read(&lines[..2]).missing.len(), 1);
    }
}
