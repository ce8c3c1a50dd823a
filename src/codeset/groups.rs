//! Groups of ICD-10-CM codes for counting: clinical categories (CCSR) and the chronic condition indicator (CCIR), both of AHRQ.
//!
//! The tables that ship are the edition v2023.1: the indicator in full, and of the one to six categories of a code the one that its publisher lists first.
//! The other categories and the default for inpatients come with the publisher's own file. An edition of AHRQ's covers the codes of all years before it.

use std::{collections::BTreeSet, sync::LazyLock};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    codeset::{
        code_index::IndexedCode,
        sets::{lines_beginning, unpacked},
    },
    partition::encounter::PackedCode,
    record::code::CodeSystem,
};

/// The edition that ships.
pub const EDITION: &str = "v2023.1";

/// Whether a code says a chronic condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Chronic {
    /// Lasts twelve months or longer and needs care or limits the patient.
    Chronic,
    /// Does not.
    NotChronic,
    /// The code does not tell: external causes, factors that influence health status and the like (indicator 9).
    NotApplicable,
    /// The edition does not have the code.
    #[default]
    Unknown,
}

impl Chronic {
    /// Every indicator, in the order of reports.
    pub const ALL: [Chronic; 4] = [Chronic::Chronic, Chronic::NotChronic, Chronic::NotApplicable, Chronic::Unknown];

    /// The word in output columns.
    pub fn name(self) -> &'static str {
        match self {
            Chronic::Chronic => "chronic",
            Chronic::NotChronic => "not_chronic",
            Chronic::NotApplicable => "not_applicable",
            Chronic::Unknown => "unknown",
        }
    }

    /// The publisher's figure.
    fn from_indicator(text: &str) -> Option<Chronic> {
        match text {
            "0" => Some(Chronic::NotChronic),
            "1" => Some(Chronic::Chronic),
            "9" => Some(Chronic::NotApplicable),
            _ => None,
        }
    }
}

/// The groups of one code, in few bytes, so that they can stand in an array by code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct CodeGroups {
    /// Its set of categories: a number for [`Groups::listed`] and [`Groups::categories`]; 0 where it has none.
    pub set: u16,
    /// The category that counts for an inpatient's principal diagnosis, as a number for [`Groups::category`]; 0 where the code cannot be one or the source
    /// does not say.
    pub default_inpatient: u16,
    /// Whether it says a chronic condition.
    pub chronic: Chronic,
}

/// Both groupings. Categories are numbers from 1 in the order of their names, and sets of categories as well.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    codes: FxHashMap<u64, CodeGroups>,
    /// Names of the categories; the first is blank.
    names: Vec<String>,
    /// Titles by category; blank where the source has none.
    titles: Vec<String>,
    /// Sets of categories in the order of the source, as numbers and joined by blanks; the first is empty.
    sets: Vec<(Vec<u16>, String)>,
    /// Whether every category of a code and the default for inpatients are known.
    pub complete: bool,
    /// Editions of the categories and of the indicator.
    pub editions: [String; 2],
}

/// The rows that groups are made of.
#[derive(Debug, Clone, Copy)]
pub struct GroupRows<'r> {
    /// Code, category, and `Y` where it is the default for an inpatient's principal diagnosis; a code once a category, in the publisher's order.
    pub categories: &'r [Vec<String>],
    /// Whether these are all categories of a code.
    pub complete: bool,
    /// Category and its title.
    pub titles: &'r [Vec<String>],
    /// Code, description, and 0, 1 or 9.
    pub chronic: &'r [Vec<String>],
}

static SHIPPED: LazyLock<Groups> = LazyLock::new(|| {
    let (categories, chronic) = (unpacked(CATEGORIES), unpacked(CHRONIC));
    Groups::of_shipped(&category_cells(&categories), &chronic_cells(&chronic))
});

const CATEGORIES: &[u8] = include_bytes!("tables/icd10cm_ccsr.tsv.zst");
const CHRONIC: &[u8] = include_bytes!("tables/icd10cm_chronic.tsv.zst");

impl Groups {
    /// The groups that ship.
    pub fn shipped() -> &'static Groups {
        &SHIPPED
    }

    /// The groups that ship as far as they concern one code.
    pub fn shipped_of(code: PackedCode) -> Groups {
        let (categories, chronic) = (unpacked(CATEGORIES), unpacked(CHRONIC));
        let mut categories = category_cells(lines_beginning(&categories, code.text()));
        let mut chronic = chronic_cells(lines_beginning(&chronic, code.text()));
        categories.retain(|row| row[0] == code.text());
        chronic.retain(|row| row[0] == code.text());
        Groups::of_shipped(&categories, &chronic)
    }

    fn of_shipped(categories: &[[&str; 3]], chronic: &[[&str; 3]]) -> Groups {
        Groups::of_cells(categories, &[], chronic, false, [EDITION, EDITION].map(str::to_owned))
    }

    /// The shipped table of categories in the columns of a release: code, category, default (blank: not known).
    pub fn shipped_categories() -> Vec<Vec<String>> {
        category_cells(&unpacked(CATEGORIES)).iter().map(|row| row.map(str::to_owned).to_vec()).collect()
    }

    /// The shipped table of the indicator in the columns of a release: code, description (blank), indicator.
    pub fn shipped_chronic() -> Vec<Vec<String>> {
        chronic_cells(&unpacked(CHRONIC)).iter().map(|row| row.map(str::to_owned).to_vec()).collect()
    }

    /// Makes groups of rows. `editions` are those of the categories and of the indicator.
    pub fn new(rows: GroupRows<'_>, editions: [String; 2]) -> Groups {
        let (categories, titles) = (cells(rows.categories), cells(rows.titles));
        Groups::of_cells(&categories, &titles, &cells(rows.chronic), rows.complete, editions)
    }

    fn of_cells(
        categories: &[[&str; 3]],
        titles: &[[&str; 2]],
        chronic: &[[&str; 3]],
        complete: bool,
        editions: [String; 2],
    ) -> Groups {
        let names: FxHashSet<&str> = categories.iter().map(|row| row[1]).collect();
        let mut names: Vec<&str> = std::iter::once("").chain(names).collect();
        names.sort_unstable();
        names.dedup();
        let numbers: FxHashMap<&str, u16> = names.iter().enumerate().map(|(at, name)| (*name, at as u16)).collect();
        let mut by_code: FxHashMap<u64, (Vec<u16>, u16)> = FxHashMap::default();
        by_code.reserve(categories.len());
        for [code, name, default] in categories {
            let Some(code) = PackedCode::new(code.as_bytes()) else { continue };
            let (listed, inpatient) = by_code.entry(code.number()).or_default();
            listed.push(numbers[name]);
            if *default == "Y" {
                *inpatient = numbers[name];
            }
        }
        let distinct: FxHashSet<&Vec<u16>> = by_code.values().map(|(listed, _)| listed).collect();
        let distinct: BTreeSet<&Vec<u16>> = distinct.into_iter().collect();
        let joined = |set: &Vec<u16>| set.iter().map(|at| names[usize::from(*at)]).collect::<Vec<_>>().join(" ");
        let sets: Vec<(Vec<u16>, String)> = std::iter::once((Vec::new(), String::new()))
            .chain(distinct.into_iter().map(|set| (set.clone(), joined(set))))
            .collect();
        let mut codes: FxHashMap<u64, CodeGroups> = FxHashMap::default();
        codes.reserve(by_code.len().max(chronic.len()));
        for (code, (listed, default_inpatient)) in &by_code {
            let set = sets.binary_search_by(|(known, _)| known.cmp(listed)).map_or(0, |at| at as u16);
            codes.insert(*code, CodeGroups { set, default_inpatient: *default_inpatient, chronic: Chronic::Unknown });
        }
        for [code, _, indicator] in chronic {
            if let Some((code, chronic)) = PackedCode::new(code.as_bytes()).zip(Chronic::from_indicator(indicator)) {
                codes.entry(code.number()).or_default().chronic = chronic;
            }
        }
        let titled: FxHashMap<&str, &str> = titles.iter().map(|[name, title]| (*name, *title)).collect();
        let titles = names.iter().map(|name| titled.get(name).copied().unwrap_or("").to_owned()).collect();
        let names = names.into_iter().map(str::to_owned).collect();
        Groups { codes, names, titles, sets, complete, editions }
    }

    /// The groups of a code; of a code of another system than ICD-10-CM none.
    pub fn of(&self, system: CodeSystem, code: PackedCode) -> CodeGroups {
        match system {
            CodeSystem::Icd10Cm => self.codes.get(&code.number()).copied().unwrap_or_default(),
            _ => CodeGroups::default(),
        }
    }

    /// The groups of a code of the code index; of one that its system does not have none.
    pub fn of_indexed(&self, met: &IndexedCode) -> CodeGroups {
        met.id.map_or(CodeGroups::default(), |_| self.of(met.system, met.code))
    }

    /// How many categories there are, with number 0, which is none.
    pub fn category_count(&self) -> usize {
        self.names.len()
    }

    /// The name of a category, six characters: `END002`; blank of number 0.
    pub fn category(&self, number: u16) -> &str {
        self.names.get(usize::from(number)).map_or("", String::as_str)
    }

    /// The title of a category; blank where the source has none.
    pub fn title(&self, number: u16) -> &str {
        self.titles.get(usize::from(number)).map_or("", String::as_str)
    }

    /// The categories of a set as numbers, in the order of the source.
    #[inline]
    pub fn categories(&self, set: u16) -> &[u16] {
        self.sets.get(usize::from(set)).map_or(&[], |(numbers, _)| numbers)
    }

    /// The categories of a set as text, separated by blanks: `END002 CIR007`.
    #[inline]
    pub fn listed(&self, set: u16) -> &str {
        self.sets.get(usize::from(set)).map_or("", |(_, text)| text)
    }

    /// The category that a principal diagnosis counts in: the default for inpatients, and where the source does not have that the only category it names.
    pub fn principal(&self, of: CodeGroups) -> u16 {
        match self.complete {
            true => of.default_inpatient,
            false => self.categories(of.set).first().copied().unwrap_or(0),
        }
    }
}

/// Code, category and default for inpatients (blank: not known) of lines of the shipped table.
fn category_cells(lines: &str) -> Vec<[&str; 3]> {
    let cells = lines.lines().filter_map(|line| line.split_once('\t'));
    cells.map(|(code, rest)| [code, rest.split('\t').next().unwrap_or(""), ""]).collect()
}

/// Code, description (blank) and indicator of lines of the shipped table.
fn chronic_cells(lines: &str) -> Vec<[&str; 3]> {
    let cells = lines.lines().filter_map(|line| line.split_once('\t'));
    cells.map(|(code, indicator)| [code, "", indicator]).collect()
}

/// The first cells of rows.
fn cells<const COUNT: usize>(rows: &[Vec<String>]) -> Vec<[&str; COUNT]> {
    rows.iter().map(|row| std::array::from_fn(|at| row[at].as_str())).collect()
}

/// The body system of a clinical category, by its three letters.
pub fn body_system(category: &str) -> &'static str {
    match category.get(..3).unwrap_or("") {
        "BLD" => "blood and immune mechanism",
        "CIR" => "circulatory system",
        "DEN" => "dental",
        "DIG" => "digestive system",
        "EAR" => "ear and mastoid process",
        "END" => "endocrine, nutritional and metabolic",
        "EXT" => "external causes",
        "EYE" => "eye and adnexa",
        "FAC" => "factors influencing health status",
        "GEN" => "genitourinary system",
        "INF" => "infectious and parasitic diseases",
        "INJ" => "injury, poisoning and other external causes",
        "MAL" => "congenital malformations",
        "MBD" => "mental, behavioral and neurodevelopmental",
        "MUS" => "musculoskeletal system",
        "NEO" => "neoplasms",
        "NVS" => "nervous system",
        "PNL" => "perinatal period",
        "PRG" => "pregnancy, childbirth and the puerperium",
        "RSP" => "respiratory system",
        "SKN" => "skin and subcutaneous tissue",
        "SYM" => "symptoms, signs and abnormal findings",
        "XXX" => "not acceptable alone",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(groups: &Groups, text: &str) -> CodeGroups {
        groups.of(CodeSystem::Icd10Cm, PackedCode::new(text.as_bytes()).expect("a code"))
    }

    #[test]
    fn chronic_conditions_are_told_from_others() {
        for (text, expected) in [
            ("E119", Chronic::Chronic),
            ("I10", Chronic::Chronic),
            ("J449", Chronic::Chronic),
            ("J189", Chronic::NotChronic),
            ("V892XXA", Chronic::NotApplicable),
            ("ZZZ", Chronic::Unknown),
        ] {
            assert_eq!(of(Groups::shipped(), text).chronic, expected, "{text}");
        }
    }

    #[test]
    fn groups_of_one_code_are_those_of_all() {
        for text in ["E119", "A000", "Z9989", "I10", "E11", "ZZZ"] {
            let code = PackedCode::new(text.as_bytes()).expect("a code");
            let (one, all) = (Groups::shipped_of(code), Groups::shipped());
            let said = |groups: &Groups| {
                let found = of(groups, text);
                (
                    groups.listed(found.set).to_owned(),
                    groups.category(groups.principal(found)).to_owned(),
                    found.chronic,
                )
            };
            assert_eq!(said(&one), said(all), "{text}");
        }
    }

    #[test]
    fn every_category_is_of_a_body_system() {
        let groups = Groups::shipped();
        for number in 1..groups.category_count() as u16 {
            let name = groups.category(number);
            assert!(name.len() == 6 && !body_system(name).is_empty(), "{name}");
        }
        assert_eq!(groups.listed(of(groups, "E119").set), "END002");
        assert_eq!(groups.of(CodeSystem::Icd9Cm, PackedCode::new(b"E119").expect("a code")), CodeGroups::default());
    }

    #[test]
    fn a_table_of_all_categories_has_the_default_for_inpatients() {
        let rows = |text: &str| -> Vec<Vec<String>> {
            text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
        };
        let categories = rows("A000,INF003,N\nA000,DIG001,Y\nV892XXA,EXT010,X\nV892XXA,EXT020,X");
        let titles = rows("DIG001,Intestinal infection");
        let groups = Groups::new(
            GroupRows { categories: &categories, complete: true, titles: &titles, chronic: &[] },
            [String::new(), String::new()],
        );
        let cholera = of(&groups, "A000");
        assert_eq!(groups.listed(cholera.set), "INF003 DIG001", "in the publisher's order");
        assert_eq!(groups.category(groups.principal(cholera)), "DIG001");
        assert_eq!(groups.title(cholera.default_inpatient), "Intestinal infection");
        let accident = of(&groups, "V892XXA");
        assert_eq!(
            (groups.categories(accident.set).len(), groups.principal(accident)),
            (2, 0),
            "no principal diagnosis"
        );
    }
}
