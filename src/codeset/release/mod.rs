//! Official releases of code sets, taken exactly as they are published.
//!
//! A release is read into one plain table: the columns of its kind, one row a code (or a change, a map row). Its kind is told from its content, its name
//! from the file; a line that is not of the kind's layout is refused with its number, and then nothing of the file is stored.

pub mod compare;
mod delimited;
mod fixed;
mod sheets;
pub mod store;

use crate::record::date::Day;

/// What a release is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// ICD-10-CM order file: codes and headers with short and long titles.
    Icd10Cm,
    /// ICD-10-PCS order file.
    Icd10Pcs,
    /// ICD-10-CM codes file: billable codes with long titles.
    Icd10CmCodes,
    /// Changes against the order file of the year before.
    OrderAddenda,
    /// Changes against the codes file of the year before.
    CodesAddenda,
    /// ICD-9-CM diagnoses with long titles.
    Icd9CmLong,
    /// ICD-9-CM diagnoses with short titles.
    Icd9CmShort,
    /// ICD-9-CM procedures with long titles.
    Icd9PcsLong,
    /// ICD-9-CM procedures with short titles.
    Icd9PcsShort,
    /// General equivalence map, ICD-9-CM to ICD-10-CM.
    GemForward,
    /// General equivalence map, ICD-10-CM to ICD-9-CM.
    GemBackward,
    /// General equivalence map of procedures, ICD-9-CM to ICD-10-PCS.
    GemProceduresForward,
    /// General equivalence map of procedures, ICD-10-PCS to ICD-9-CM.
    GemProceduresBackward,
    /// Diagnoses exempt from present-on-admission reporting.
    PoaExempt,
    /// New codes with the codes they had before.
    Conversion,
    /// Clinical Classifications Software Refined: categories of diagnoses.
    Ccsr,
    /// Titles of the categories.
    CcsrCategories,
    /// Chronic Condition Indicator Refined.
    Ccir,
    /// AHRQ's Elixhauser Comorbidity Software Refined: codes by measure, as the reference file.
    AhrqCmr,
    /// The same as a list of pairs.
    AhrqCmrCodes,
    /// Its measures with their weights.
    AhrqCmrMeasures,
    /// Prefixes of a comorbidity index (Quan 2005).
    ComorbidityPrefixes,
    /// Weights of comorbidity indices.
    ComorbidityWeights,
}

impl Kind {
    /// Name in commands and in the store.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Icd10Cm => "icd10cm",
            Kind::Icd10Pcs => "icd10pcs",
            Kind::Icd10CmCodes => "icd10cm-codes",
            Kind::OrderAddenda => "icd10cm-order-addenda",
            Kind::CodesAddenda => "icd10cm-codes-addenda",
            Kind::Icd9CmLong => "icd9cm-long",
            Kind::Icd9CmShort => "icd9cm-short",
            Kind::Icd9PcsLong => "icd9pcs-long",
            Kind::Icd9PcsShort => "icd9pcs-short",
            Kind::GemForward => "gem-icd9cm-icd10cm",
            Kind::GemBackward => "gem-icd10cm-icd9cm",
            Kind::GemProceduresForward => "gem-icd9pcs-icd10pcs",
            Kind::GemProceduresBackward => "gem-icd10pcs-icd9pcs",
            Kind::PoaExempt => "poa-exempt",
            Kind::Conversion => "icd10cm-conversion",
            Kind::Ccsr => "ccsr",
            Kind::CcsrCategories => "ccsr-categories",
            Kind::Ccir => "ccir",
            Kind::AhrqCmr => "ahrq-cmr",
            Kind::AhrqCmrCodes => "ahrq-cmr-codes",
            Kind::AhrqCmrMeasures => "ahrq-cmr-measures",
            Kind::ComorbidityPrefixes => "comorbidity-prefixes",
            Kind::ComorbidityWeights => "comorbidity-weights",
        }
    }

    /// The name a person reads.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Icd10Cm => "ICD-10-CM order file",
            Kind::Icd10Pcs => "ICD-10-PCS order file",
            Kind::Icd10CmCodes => "ICD-10-CM codes file",
            Kind::OrderAddenda => "addenda of an order file",
            Kind::CodesAddenda => "addenda of a codes file",
            Kind::Icd9CmLong => "ICD-9-CM diagnoses, long titles",
            Kind::Icd9CmShort => "ICD-9-CM diagnoses, short titles",
            Kind::Icd9PcsLong => "ICD-9-CM procedures, long titles",
            Kind::Icd9PcsShort => "ICD-9-CM procedures, short titles",
            Kind::GemForward => "general equivalence map, ICD-9-CM to ICD-10-CM",
            Kind::GemBackward => "general equivalence map, ICD-10-CM to ICD-9-CM",
            Kind::GemProceduresForward => "general equivalence map, ICD-9-CM procedures to ICD-10-PCS",
            Kind::GemProceduresBackward => "general equivalence map, ICD-10-PCS to ICD-9-CM procedures",
            Kind::PoaExempt => "diagnoses exempt from present-on-admission reporting",
            Kind::Conversion => "ICD-10-CM conversion table",
            Kind::Ccsr => "CCSR categories of diagnoses",
            Kind::CcsrCategories => "titles of CCSR categories",
            Kind::Ccir => "chronic condition indicator",
            Kind::AhrqCmr => "AHRQ Elixhauser refined, reference file",
            Kind::AhrqCmrCodes => "AHRQ Elixhauser refined, codes",
            Kind::AhrqCmrMeasures => "AHRQ Elixhauser refined, measures",
            Kind::ComorbidityPrefixes => "comorbidity index, prefixes",
            Kind::ComorbidityWeights => "comorbidity indices, weights",
        }
    }

    /// Every kind.
    pub const ALL: [Kind; 23] = [
        Kind::Icd10Cm,
        Kind::Icd10Pcs,
        Kind::Icd10CmCodes,
        Kind::OrderAddenda,
        Kind::CodesAddenda,
        Kind::Icd9CmLong,
        Kind::Icd9CmShort,
        Kind::Icd9PcsLong,
        Kind::Icd9PcsShort,
        Kind::GemForward,
        Kind::GemBackward,
        Kind::GemProceduresForward,
        Kind::GemProceduresBackward,
        Kind::PoaExempt,
        Kind::Conversion,
        Kind::Ccsr,
        Kind::CcsrCategories,
        Kind::Ccir,
        Kind::AhrqCmr,
        Kind::AhrqCmrCodes,
        Kind::AhrqCmrMeasures,
        Kind::ComorbidityPrefixes,
        Kind::ComorbidityWeights,
    ];

    /// The kind of a [`Kind::name`].
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether its rows are codes with titles, so that two releases can be compared.
    pub fn is_code_list(self) -> bool {
        matches!(
            self,
            Kind::Icd10Cm
                | Kind::Icd10Pcs
                | Kind::Icd10CmCodes
                | Kind::Icd9CmLong
                | Kind::Icd9CmShort
                | Kind::Icd9PcsLong
                | Kind::Icd9PcsShort
                | Kind::PoaExempt
        )
    }
}

/// A release read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// What it is.
    pub kind: Kind,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows, as many cells as columns.
    pub rows: Vec<Vec<String>>,
    /// What was counted, in words: of a file of codes how many are billable, of a map how many sources it has.
    pub figures: Vec<(String, u64)>,
}

/// Why a file is no release. Holds line numbers and never more of a line than its number: releases are public, but what is handed in by mistake may not be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseFault {
    /// No kind has this content.
    #[error("is no release that is known: its first line fits no kind of code set")]
    Unknown,
    /// Lines that are not of the kind's layout.
    #[error("reads as {kind}, but {count} of its lines are not of that layout, the first is line {first}: {reason}")]
    Malformed {
        /// The kind, in words.
        kind: &'static str,
        /// How many.
        count: usize,
        /// The first, from 1.
        first: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// It ends before its end.
    #[error("reads as {kind}, but is cut short: {reason}")]
    CutShort {
        /// The kind, in words.
        kind: &'static str,
        /// How that is known.
        reason: String,
    },
}

/// Reads a text as the release it is. `name` is the file's name, which tells long titles from short ones.
///
/// # Errors
/// It is no release, or not whole.
pub fn read_text(name: &str, text: &str) -> Result<Release, ReleaseFault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    if first.contains(',') && !first.starts_with(|letter: char| letter.is_ascii_digit())
        || first.starts_with("Chronic Condition Indicator")
    {
        if let Some(release) = delimited::read(first, text) {
            return release;
        }
    }
    if first.starts_with("Order") && first.contains("\tPOAexemptCode") {
        return delimited::poa_exempt(text);
    }
    fixed::read(name, first, text)
}

/// Reads the rows of a sheet as the release they are.
///
/// # Errors
/// They are no release, or not whole.
pub fn read_rows(rows: &[Vec<String>]) -> Result<Release, ReleaseFault> {
    sheets::read(rows)
}

/// The release's name as its file says it: a year, `v2025-1`, or `v32`; `None` where it says none.
pub fn release_of(name: &str) -> Option<String> {
    let letters = name.as_bytes();
    let digits = |from: usize| letters[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let lower = name.to_ascii_lowercase();
    if let Some(place) = lower.find("cms32") {
        return Some(name[place + 3..place + 5].to_owned());
    }
    if let Some(place) = lower.find("fy") {
        match digits(place + 2) {
            2 => return Some(format!("20{}", &name[place + 2..place + 4])),
            4 => return Some(name[place + 2..place + 6].to_owned()),
            _ => {}
        }
    }
    let place = (0..letters.len()).find(|place| {
        letters[*place..].starts_with(b"20")
            && (*place == 0 || !letters[place - 1].is_ascii_digit())
            && digits(*place) == 4
    })?;
    let year = &name[place..place + 4];
    match name[place + 4..].strip_prefix('-') {
        Some(rest) if rest.starts_with(|letter: char| letter.is_ascii_digit()) => {
            Some(format!("{year}-{}", &rest[..1]))
        }
        _ => Some(year.to_owned()),
    }
}

/// First and last day of a release by its name: the fiscal year, October through September. Version 32 of ICD-9-CM is fiscal year 2015.
pub fn days_in_force(release: &str) -> Option<(Day, Day)> {
    let year: i32 = if release == "32" { 2015 } else { release.get(..4)?.parse().ok()? };
    let first = Day::from_ymd(year - 1, 10, 1)?;
    Some((first, Day::from_ymd(year, 9, 30)?))
}

/// Lines that do not fit, gathered so that the first is named and all are counted.
#[derive(Debug, Default)]
struct BadLines {
    count: usize,
    first: Option<(usize, &'static str)>,
}

impl BadLines {
    fn add(&mut self, line: usize, reason: &'static str) {
        self.count += 1;
        self.first.get_or_insert((line, reason));
    }

    fn check(self, kind: Kind) -> Result<(), ReleaseFault> {
        match self.first {
            None => Ok(()),
            Some((first, reason)) => {
                Err(ReleaseFault::Malformed { kind: kind.title(), count: self.count, first, reason })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_named_by_its_file() {
        for (file, release) in [
            ("icd10cm_order_2026.txt", Some("2026")),
            ("2018_I9gem.txt.gz", Some("2018")),
            ("POAexemptCodesFY26.txt", Some("2026")),
            ("ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx", Some("2026")),
            ("CCIR_v2025-1.csv", Some("2025-1")),
            ("CMS32_DESC_LONG_DX.txt", Some("32")),
            ("gem_i9pcs.txt", None),
        ] {
            assert_eq!(release_of(file).as_deref(), release, "{file}");
        }
    }

    #[test]
    fn fiscal_year_2026_is_october_2025_through_september_2026() {
        let (first, last) = days_in_force("2026").expect("a year");
        assert_eq!((first.to_string().as_str(), last.to_string().as_str()), ("2025-10-01", "2026-09-30"));
        assert_eq!(days_in_force("32"), days_in_force("2015"));
    }

    #[test]
    fn a_line_of_another_layout_is_refused_with_its_number() {
        let good = "00001 A00     0 Cholera                                                      Cholera\r\n";
        let code = "00002 A000    1 Cholera due to Vibrio cholerae 01, biovar cholerae           Cholera due to Vibrio cholerae 01, biovar cholerae\r\n";
        let release = read_text("icd10cm_order_2026.txt", &format!("{good}{code}")).expect("a release");
        assert_eq!((release.kind, release.rows.len()), (Kind::Icd10Cm, 2));
        let fault = read_text("icd10cm_order_2026.txt", &format!("{good}00002 A000    7 x\r\n")).expect_err("no flag");
        assert!(matches!(fault, ReleaseFault::Malformed { count: 1, first: 2, .. }), "{fault}");
        let fault = read_text("x.txt", &format!("{good}{}", code.replace("00002", "00009"))).expect_err("a gap");
        assert!(matches!(fault, ReleaseFault::Malformed { first: 2, .. }), "{fault}");
        assert_eq!(read_text("x.txt", "dear colleague,\nhello"), Err(ReleaseFault::Unknown));
    }
}
