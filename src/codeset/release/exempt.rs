//! The list of diagnoses that are exempt from present-on-admission reporting.

use std::sync::OnceLock;

use rustc_hash::FxHashSet;
use sha2::{Digest as _, Sha256};

use super::{TableInTheMaking, columns::is_code, edition::fiscal_year};
use crate::{
    codeset::provenance::Provenance,
    fs::hexadecimal,
    partition::encounter::PackedCode,
    record::{code::CodeSystem, date::Day},
};

/// Reads the list: order, dotted code and description between tabs, under a heading (CMS, POA exempt list).
///
/// Category Z99, dependence on machines, ends every list, so a list without it is cut short.
pub fn read(lines: &[(u64, &str)]) -> TableInTheMaking {
    let mut reading = TableInTheMaking::default();
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

/// The list that ships, as the beginnings of the codes on it: a line for codes of fewer than seven characters (`-`) and for seventh characters. Applied to the
/// codes in force it is CDC's list of fiscal year 2026 to the code (38,349), and has as many codes as those of 2025 (38,154) and 2024 (38,110).
const SHIPPED: &str = include_str!("../tables/poa_exempt.tsv");

/// First and last day of the fiscal years whose list ships, 2023-10-01 and 2026-09-30; a test holds them to their dates.
const SHIPPED_FROM: Day = Day(19_631);
const SHIPPED_UNTIL: Day = Day(20_726);

/// The beginnings of one seventh character, or of shorter codes, by category.
#[derive(Debug, Clone, Default)]
struct Beginnings {
    /// By [`category`]: whether a beginning of three characters or fewer has all of it.
    whole: Vec<bool>,
    /// The longer beginnings in the order of their numbers.
    sorted: Vec<Beginning>,
    /// By [`category`]: the first beginning that is of it or of a later one; at the end how many there are.
    first: Vec<u16>,
}

/// Categories of ICD-10-CM that can be told apart: a letter and two digits or letters (QA0 since 2025-10-01).
const CATEGORIES: usize = 26 * 36 * 36;

/// The place of a code's category among all, in the order of their texts; `None` where the code begins as no code does.
#[inline]
fn category(code: PackedCode) -> Option<usize> {
    let [letter, second, third, ..] = code.0;
    let place = |byte: u8| match byte {
        b'0'..=b'9' => Some(usize::from(byte - b'0')),
        b'A'..=b'Z' => Some(usize::from(byte - b'A') + 10),
        _ => None,
    };
    let letter = usize::from(letter.wrapping_sub(b'A'));
    if letter < 26 { Some((letter * 36 + place(second)?) * 36 + place(third)?) } else { None }
}

/// The number of a category's three characters; the other way round of [`category`].
fn number_of_category(category: usize) -> u64 {
    const PLACES: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let letter = b'A' + (category / 1296) as u8;
    u64::from_be_bytes([letter, PLACES[category / 36 % 36], PLACES[category % 36], 0, 0, 0, 0, 0])
}

impl Beginnings {
    fn new(codes: &str) -> Beginnings {
        let (short, mut sorted): (Vec<Beginning>, Vec<Beginning>) =
            codes.split(' ').filter_map(Beginning::new).partition(|beginning| beginning.bits << 24 == 0);
        sorted.sort_unstable_by_key(|beginning| beginning.number);
        let whole = (0..CATEGORIES).map(number_of_category);
        let whole = whole.map(|number| short.iter().any(|beginning| beginning.covers(number))).collect();
        let mut first = vec![0; CATEGORIES + 1];
        for category in sorted.iter().filter_map(|beginning| category(PackedCode(beginning.number.to_be_bytes()))) {
            first[category + 1] += 1;
        }
        for category in 0..CATEGORIES {
            first[category + 1] += first[category];
        }
        Beginnings { whole, sorted, first }
    }

    #[inline]
    fn cover(&self, code: PackedCode) -> bool {
        let (Some(category), false) = (category(code), self.whole.is_empty()) else { return false };
        let longer = usize::from(self.first[category])..usize::from(self.first[category + 1]);
        self.whole[category] || self.sorted[longer].iter().any(|beginning| beginning.covers(code.number()))
    }
}

/// The beginning of codes: its number, and the bits of a code's number that it speaks of.
#[derive(Debug, Clone, Copy)]
struct Beginning {
    number: u64,
    bits: u64,
}

impl Beginning {
    fn new(text: &str) -> Option<Beginning> {
        let number = PackedCode::new(text.as_bytes())?.number();
        Some(Beginning { number, bits: u64::MAX << (64 - 8 * text.len()) })
    }

    fn covers(self, number: u64) -> bool {
        number & self.bits == self.number
    }
}

/// The list by seventh character; at 0 that of shorter codes.
fn shipped() -> &'static [Beginnings] {
    static BEGINNINGS: OnceLock<Vec<Beginnings>> = OnceLock::new();
    BEGINNINGS.get_or_init(|| {
        let mut beginnings = vec![Beginnings::default(); 128];
        for (seventh, codes) in SHIPPED.lines().filter_map(|line| line.split_once('\t')) {
            let of_codes = Beginnings::new(codes);
            for byte in seventh.bytes() {
                beginnings[if byte == b'-' { 0 } else { usize::from(byte) }].clone_from(&of_codes);
            }
        }
        beginnings
    })
}

/// Whether a diagnosis of ICD-10-CM is on the list that ships.
#[inline]
pub fn is_shipped(code: PackedCode) -> bool {
    // The seventh character; 0 where the code is shorter, as the bytes behind a code are.
    shipped().get(usize::from(code.0[6])).is_some_and(|beginnings| beginnings.cover(code))
}

/// First and last day of the list that ships, `YYYY-MM-DD`.
pub const SHIPPED_DAYS: (&str, &str) = ("2023-10-01", "2026-09-30");

/// Rows of the table of the list that ships: one a seventh character, with the beginnings of its codes.
pub fn shipped_rows() -> usize {
    SHIPPED.lines().count()
}

/// Provenance of the list that ships.
pub fn provenance() -> Provenance {
    Provenance {
        name: "poa_exempt",
        release: "CDC, codes exempt from present-on-admission reporting, FY2026; in force 2023-10-01 to 2026-09-30",
        sha256: hexadecimal(&Sha256::digest(SHIPPED)),
    }
}

/// A list that was imported.
#[derive(Debug, Clone)]
struct List {
    from: Day,
    until: Day,
    codes: FxHashSet<u64>,
}

/// A list to go by on a day.
#[derive(Debug, Clone, Copy)]
pub struct ExemptList<'e> {
    /// The fiscal year that the list is of.
    pub fiscal_year: i32,
    /// Whether it is the list of the day's own fiscal year; else that of the nearest stands in for it.
    pub is_of_the_day: bool,
    imported: Option<&'e List>,
}

impl ExemptList<'_> {
    /// Whether a diagnosis of ICD-10-CM is on the list.
    pub fn has(&self, code: PackedCode) -> bool {
        self.imported.map_or_else(|| is_shipped(code), |list| list.codes.contains(&code.number()))
    }
}

/// The exempt diagnoses of the lists at hand, by day: those that ship, and imported ones in their place or beside them.
#[derive(Debug, Clone, Default)]
pub struct ExemptCodes {
    imported: Vec<List>,
}

impl ExemptCodes {
    /// Adds the list of a release that is in force from a day until another, included.
    pub fn add<'c>(&mut self, from: Day, until: Day, codes: impl Iterator<Item = &'c str>) {
        let codes = codes.filter_map(|code| PackedCode::new(code.as_bytes())).map(|code| code.number()).collect();
        self.imported.push(List { from, until, codes });
    }

    /// The list of a day's own fiscal year; without one nothing can be said of what is not exempt.
    #[inline]
    fn own(&self, on: Day) -> Option<ExemptList<'_>> {
        let list = |imported| ExemptList { fiscal_year: fiscal_year(on), is_of_the_day: true, imported };
        let imported = self.imported.iter().find(|list| list.from <= on && on <= list.until);
        match imported {
            Some(_) => Some(list(imported)),
            None => (SHIPPED_FROM <= on && on <= SHIPPED_UNTIL).then(|| list(None)),
        }
    }

    /// Whether a list of the day is at hand.
    #[inline]
    pub fn knows(&self, on: Day) -> bool {
        self.exempts(PackedCode::default(), false, on).is_some()
    }

    /// Whether a valid diagnosis of ICD-10-CM is exempt on a day; `None` without a list of that day. `is_listed`: whether the list that ships has it, which the
    /// judgement on a code says already.
    #[inline]
    pub fn exempts(&self, code: PackedCode, is_listed: bool, on: Day) -> Option<bool> {
        match self.imported.iter().find(|list| list.from <= on && on <= list.until) {
            Some(list) => Some(list.codes.contains(&code.number())),
            None => (SHIPPED_FROM <= on && on <= SHIPPED_UNTIL).then_some(is_listed),
        }
    }

    /// The list of a day, else that of the nearest fiscal year at hand: of the codes that AHRQ's measures turn on, sequelae of stroke above all, every list since
    /// 2016 has said the same, so that another year's list is far nearer the truth than none.
    pub fn nearest(&self, on: Day) -> ExemptList<'_> {
        let shipped = (SHIPPED_FROM, SHIPPED_UNTIL, None);
        let imported = self.imported.iter().map(|list| (list.from, list.until, Some(list)));
        let far = |(from, until, _): &(Day, Day, Option<&List>)| (from.0 - on.0).max(on.0 - until.0).max(0);
        let nearest = imported.chain([shipped]).min_by_key(far);
        self.own(on).unwrap_or_else(|| {
            let (from, until, imported) = nearest.unwrap_or(shipped);
            let fiscal_year = fiscal_year(if on < from { from } else { until });
            ExemptList { fiscal_year, is_of_the_day: false, imported }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::from_iso(text).unwrap()
    }

    fn is_exempt(exempt: &ExemptCodes, code: PackedCode, on: Day) -> bool {
        exempt.own(on).is_some_and(|list| list.has(code))
    }

    fn code(text: &str) -> PackedCode {
        PackedCode::new(text.as_bytes()).unwrap()
    }

    #[test]
    fn the_list_that_ships_is_of_three_fiscal_years() {
        assert_eq!((SHIPPED_FROM, SHIPPED_UNTIL), (day(SHIPPED_DAYS.0), day(SHIPPED_DAYS.1)));
        let exempt = ExemptCodes::default();
        assert!(exempt.knows(SHIPPED_FROM) && exempt.knows(SHIPPED_UNTIL));
        assert!(!exempt.knows(day("2023-09-30")) && !exempt.knows(day("2026-10-01")));
    }

    /// ICD-10-CM Official Guidelines, Appendix I: sequelae, congenital conditions, subsequent encounters, outcome of delivery, status and history are exempt;
    /// diseases and initial encounters of injuries are not.
    #[test]
    fn the_list_that_ships_has_what_the_guidelines_name() {
        let exempt = ExemptCodes::default();
        let on = day("2026-01-15");
        for listed in ["I69031", "I252", "Q2381", "Z992", "Z370", "Z9989", "S72001D", "S72001S", "B909", "Z4081", "O80"]
        {
            assert!(is_exempt(&exempt, code(listed), on), "{listed}");
        }
        for other in ["I10", "E119", "S72001A", "S72001B", "Z408", "Z21", "Z66", "A419", "J189", "P0"] {
            assert!(!is_exempt(&exempt, code(other), on), "{other}");
        }
    }

    /// The counts are those of CDC's own lists, and of its lists of additions and deletions: 49 codes came and 5 went on 2024-10-01.
    #[test]
    fn the_list_that_ships_has_as_many_codes_as_that_of_each_year() {
        let sets = crate::codeset::sets::CodeSets::default();
        let table = sets.table(CodeSystem::Icd10Cm);
        let on = |text: &str| {
            let on = day(text);
            let in_force = table.ids().filter(|id| table.in_force(*id, Some(on))).map(|id| *table.code(id));
            in_force.filter(|code| is_shipped(*code)).collect::<std::collections::BTreeSet<_>>()
        };
        let lists = ["2024-01-15", "2025-01-15", "2026-01-15"].map(on);
        assert_eq!(lists.each_ref().map(|list| list.len()), [38_110, 38_154, 38_349]);
        let [before, after, _] = &lists;
        assert_eq!(after.difference(before).count(), 49);
        let gone: Vec<&str> = before.difference(after).map(|code| code.text()).collect();
        assert_eq!(gone, ["Q238", "T8132XD", "T8132XS", "Z597", "Z86010"]);
    }

    #[test]
    fn the_readme_of_the_tables_gives_its_digest() {
        assert!(include_str!("../tables/README.md").contains(&provenance().sha256));
    }

    #[test]
    fn no_beginning_covers_another() {
        for beginnings in shipped() {
            let category = |beginning: &Beginning| category(PackedCode(beginning.number.to_be_bytes()));
            assert!(
                beginnings.sorted.iter().all(|beginning| category(beginning).is_some_and(|at| !beginnings.whole[at]))
            );
            assert!(beginnings.sorted.windows(2).all(|pair| !pair[0].covers(pair[1].number)));
        }
    }

    #[test]
    fn an_imported_list_stands_in_the_place_of_the_one_that_ships() {
        let mut exempt = ExemptCodes::default();
        exempt.add(day("2025-10-01"), day("2026-09-30"), ["Z9989"].into_iter());
        assert!(
            is_exempt(&exempt, code("Z9989"), day("2026-09-30"))
                && !is_exempt(&exempt, code("Z992"), day("2026-09-30"))
        );
        assert!(is_exempt(&exempt, code("Z992"), day("2025-09-30")), "the year before is the shipped one's");
        assert!(!is_exempt(&exempt, code("I10"), day("2026-01-01")) && !exempt.knows(day("2026-10-01")));
    }

    #[test]
    fn the_nearest_list_stands_in_where_a_year_has_none() {
        let mut exempt = ExemptCodes::default();
        let nearest = |exempt: &ExemptCodes, on| {
            let list = exempt.nearest(day(on));
            (list.fiscal_year, list.is_of_the_day)
        };
        assert_eq!(nearest(&exempt, "2018-03-01"), (2024, false));
        assert_eq!(nearest(&exempt, "2024-10-01"), (2025, true));
        assert_eq!(nearest(&exempt, "2027-03-01"), (2026, false));
        assert!(exempt.nearest(day("2027-03-01")).has(code("I69031")));
        exempt.add(day("2016-10-01"), day("2017-09-30"), ["I69031"].into_iter());
        assert_eq!(nearest(&exempt, "2018-03-01"), (2017, false));
        assert_eq!(nearest(&exempt, "2017-03-01"), (2017, true));
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
