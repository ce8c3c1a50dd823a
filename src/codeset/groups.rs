//! Groups of ICD-10-CM codes for counting: clinical categories (CCSR) and the chronic condition indicator (CCIR), both of AHRQ.
//!
//! The tables that ship are the edition v2023.1: the indicator in full, and of the one to six categories of a code the one that its publisher lists first.
//! The other categories and the default for inpatients come with the publisher's own file, read by [`Groups::read_categories`].

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::sets::unpacked;
use crate::partition::encounter::PackedCode;

/// The edition that ships.
pub const EDITION: &str = "v2023.1";

/// Whether a code says a chronic condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chronic {
    /// Lasts twelve months or longer and needs care or limits the patient.
    Chronic,
    /// Does not.
    NotChronic,
    /// The code does not tell: external causes, factors that influence health status and the like (indicator 9).
    NotApplicable,
    /// The edition does not have the code.
    Unknown,
}

impl Chronic {
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

/// The clinical categories of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Categories<'g> {
    /// Categories, separated by blanks, in the order of the source.
    listed: &'g str,
    /// The category that counts for an inpatient's principal diagnosis; `None` where the code cannot be one or the source does not say.
    pub default_inpatient: Option<&'g str>,
}

impl<'g> Categories<'g> {
    /// The categories, six characters each: `END002`.
    pub fn all(self) -> impl Iterator<Item = &'g str> {
        self.listed.split_ascii_whitespace()
    }
}

/// Both groupings.
#[derive(Debug, Default)]
pub struct Groups {
    chronic: FxHashMap<u64, Chronic>,
    categories: FxHashMap<u64, (String, String)>,
    /// Whether every category of a code and the default for inpatients are known.
    pub complete: bool,
}

static SHIPPED: LazyLock<Groups> = LazyLock::new(|| {
    Groups::read(
        &unpacked(include_bytes!("tables/icd10cm_chronic.tsv.zst")),
        &unpacked(include_bytes!("tables/icd10cm_ccsr.tsv.zst")),
    )
});

/// The clinical categories of a code, of the edition that ships.
pub fn ccsr(code: PackedCode) -> Option<Categories<'static>> {
    SHIPPED.ccsr(code)
}

/// Whether a code says a chronic condition, of the edition that ships.
pub fn chronic(code: PackedCode) -> Chronic {
    SHIPPED.chronic(code)
}

impl Groups {
    /// The groups that ship.
    pub fn shipped() -> &'static Groups {
        &SHIPPED
    }

    /// Reads both tables: code, indicator; code, categories separated by blanks, default for inpatients.
    pub fn read(chronic: &str, categories: &str) -> Groups {
        let chronic = chronic
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .filter_map(|(code, indicator)| Some((number(code)?, Chronic::from_indicator(indicator)?)))
            .collect();
        Groups { chronic, ..Groups::default() }.read_categories(categories, false)
    }

    /// The same with other categories, all of them and the default (`complete`) or the first alone.
    pub fn read_categories(mut self, text: &str, complete: bool) -> Groups {
        self.complete = complete;
        self.categories = text
            .lines()
            .filter_map(|line| {
                let mut parts = line.split('\t');
                let (code, listed, default) = (parts.next()?, parts.next()?, parts.next()?);
                Some((number(code)?, (listed.to_owned(), default.to_owned())))
            })
            .collect();
        self
    }

    /// The clinical categories of a code; `None` where the edition does not have it.
    pub fn ccsr(&self, code: PackedCode) -> Option<Categories<'_>> {
        let (listed, default) = self.categories.get(&code.number())?;
        Some(Categories { listed, default_inpatient: Some(default.as_str()).filter(|default| !default.is_empty()) })
    }

    /// Whether a code says a chronic condition.
    pub fn chronic(&self, code: PackedCode) -> Chronic {
        self.chronic.get(&code.number()).copied().unwrap_or(Chronic::Unknown)
    }
}

fn number(code: &str) -> Option<u64> {
    PackedCode::new(code.as_bytes()).map(|code| code.number())
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

    fn code(text: &str) -> PackedCode {
        PackedCode::new(text.as_bytes()).expect("a code")
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
            assert_eq!(chronic(code(text)), expected, "{text}");
        }
    }

    #[test]
    fn every_category_is_of_a_body_system() {
        for (listed, _) in Groups::shipped().categories.values() {
            assert!(listed.len() == 6 && !body_system(listed).is_empty(), "{listed}");
        }
        assert_eq!(ccsr(code("E119")).map(|found| found.all().collect()), Some(vec!["END002"]));
    }

    #[test]
    fn a_table_of_all_categories_has_the_default_for_inpatients() {
        let groups = Groups::default().read_categories("A000\tDIG001 INF003\tDIG001\nV892XXA\tEXT010 EXT020\t\n", true);
        let found = groups.ccsr(code("A000")).expect("known");
        assert_eq!((found.all().count(), found.default_inpatient), (2, Some("DIG001")));
        assert_eq!(groups.ccsr(code("V892XXA")).and_then(|found| found.default_inpatient), None);
    }
}
