//! Which code system the codes of some columns are of: told by the shipped tables and by form, never by a heading alone.

use std::sync::LazyLock;

use super::column::{DraftColumn, percent, shape};
use crate::{
    codeset::{
        other_systems::{is_cpt, is_hcpcs, is_snomed},
        sets::CodeSets,
    },
    record::{
        code::{CodeSystem, is_filler},
        date::Day,
    },
};

/// First day on which ICD-10-CM and ICD-10-PCS were reported, 2015-10-01.
const ICD10_FROM: Day = Day(16_709);

/// What is known of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodedAs {
    /// Of diagnoses.
    Diagnoses,
    /// Of procedures.
    Procedures,
}

/// How many codes fit each system, counted by rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fits {
    /// Codes, filler aside.
    pub codes: u32,
    /// Systems by the names that a layout has for them, with the codes that fit: the revisions of ICD, and those others that some codes fit.
    pub systems: Vec<(&'static str, u32)>,
    /// Codes of the form of ICD-10 with a fifth character that ICD-10-CM does not have, where there are enough to tell a national ICD-10.
    pub national: u32,
}

/// What the codes prove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SystemVerdict {
    /// This system and no other.
    One(&'static str),
    /// One of these, the likeliest first; where there are none, a system that is not known here.
    Ask(Vec<&'static str>),
}

impl Fits {
    /// Codes that fit a system, in per cent.
    pub fn share(&self, name: &str) -> u32 {
        percent(self.systems.iter().find(|(known, _)| *known == name).map_or(0, |(_, fit)| *fit), self.codes)
    }

    /// The systems that a tenth of the codes fit at least, the likeliest first.
    fn likely(&self) -> Vec<&'static str> {
        let mut likely: Vec<(&'static str, u32)> =
            self.systems.iter().copied().filter(|(_, fit)| percent(*fit, self.codes) >= 10).collect();
        likely.sort_by_key(|(_, fit)| std::cmp::Reverse(*fit));
        likely.into_iter().map(|(name, _)| name).collect()
    }

    /// The shares as a person reads them, of every revision of ICD too that few codes or none fit.
    pub fn words(&self) -> String {
        let of = |(name, fit): &(&'static str, u32)| {
            let share = match percent(*fit, self.codes) {
                0 if *fit > 0 => "under 1%".to_owned(),
                share => format!("{share}%"),
            };
            format!("{fit} of {} codes fit {} ({share})", self.codes, title(name))
        };
        let mut systems = self.systems.clone();
        systems.sort_by_key(|(_, fit)| std::cmp::Reverse(*fit));
        if systems.iter().all(|(_, fit)| *fit == 0) {
            return format!("none of {} codes fits a code system that is known here", self.codes);
        }
        systems.iter().map(of).collect::<Vec<_>>().join(", ")
    }
}

/// A system as a person reads it.
pub fn title(name: &str) -> &'static str {
    match name {
        "icd9cm" | "icd9pcs" => "ICD-9-CM",
        "icd10cm" => "ICD-10-CM",
        "icd10pcs" => "ICD-10-PCS",
        "icd10" => "the form of ICD-10",
        "snomed" => "SNOMED CT by their check digit",
        "hcpcs" => "the form of HCPCS",
        "cpt" => "the form of CPT",
        _ => "another system",
    }
}

/// Whether a system is a revision of ICD as the United States report it.
fn is_revision(name: &str) -> bool {
    matches!(name, "icd9cm" | "icd10cm" | "icd9pcs" | "icd10pcs")
}

/// One code's fit.
struct Fit {
    icd9: bool,
    /// A code of ICD-9-CM of more than three digits, or with a letter: any three digits are a category.
    icd9_long: bool,
    /// One that shows it by its form: a dot behind the category, or a letter before digits.
    icd9_formed: bool,
    icd10cm: bool,
    /// A code that ICD-10-CM alone has: of five characters and more.
    icd10cm_sure: bool,
    /// The form of WHO's ICD-10: a letter, two digits, one or two digits more.
    icd10: bool,
    /// That form, with or without a fifth character.
    formed: bool,
    /// Behind it dagger, plus, asterisk or exclamation mark, which ICD-10-CM does not have.
    signed: bool,
    /// A fifth character that ICD-10-CM does not have: a national ICD-10.
    national: bool,
}

/// The sets of all shipped tables, each read when it is first asked.
pub fn sets() -> &'static CodeSets {
    static SETS: LazyLock<CodeSets> = LazyLock::new(CodeSets::default);
    &SETS
}

/// How the codes of some columns fit, and what that proves.
pub fn judge(kind: CodedAs, columns: &[&DraftColumn], sets: &CodeSets) -> (Fits, SystemVerdict) {
    match kind {
        CodedAs::Diagnoses => diagnoses(columns, sets),
        CodedAs::Procedures => procedures(columns, sets),
    }
}

fn each<'c>(columns: &'c [&DraftColumn]) -> impl Iterator<Item = (&'c str, u32)> {
    columns.iter().flat_map(|column| column.values.iter().map(|(text, count)| (text.as_str(), *count)))
}

fn diagnoses(columns: &[&DraftColumn], sets: &CodeSets) -> (Fits, SystemVerdict) {
    let mut fits = Fits::default();
    let (mut icd9, mut long9, mut formed9) = (0, 0, 0);
    let (mut cm, mut sure_cm, mut who, mut formed, mut signed, mut national, mut snomed) = (0, 0, 0, 0, 0, 0, 0);
    for (text, count) in each(columns) {
        if is_filler(text.as_bytes()) {
            continue;
        }
        fits.codes += count;
        if is_snomed(text) {
            snomed += count;
        }
        let Some(fit) = diagnosis(text, sets) else { continue };
        let add = |sum: &mut u32, holds: bool| *sum += if holds { count } else { 0 };
        add(&mut icd9, fit.icd9);
        add(&mut long9, fit.icd9_long);
        add(&mut formed9, fit.icd9_formed);
        add(&mut cm, fit.icd10cm);
        add(&mut sure_cm, fit.icd10cm_sure);
        add(&mut who, fit.icd10);
        add(&mut formed, fit.formed);
        add(&mut signed, fit.signed);
        add(&mut national, fit.national);
    }
    let all = [("icd9cm", icd9), ("icd10cm", cm), ("icd10", who), ("snomed", snomed)];
    fits.systems = all.into_iter().filter(|(name, fit)| *fit > 0 || is_revision(name)).collect();
    let share = |part: u32| percent(part, fits.codes);
    let verdict = if share(snomed) >= 95 && share(icd9) < 10 {
        SystemVerdict::One("snomed")
    } else if share(signed) >= 2 && share(who) >= 95 {
        SystemVerdict::One("icd10")
    } else if share(icd9) >= 90 && share(cm) < 50 && share(who) < 50 {
        let sure = share(long9) >= 20 || share(formed9) >= 3;
        if sure { SystemVerdict::One("icd9cm") } else { SystemVerdict::Ask(vec!["icd9cm"]) }
    } else if share(cm) >= 90 && sure_cm > 0 && percent(sure_cm, sure_cm + national) >= 90 {
        SystemVerdict::One("icd10cm")
    } else if share(who) >= 95 && share(cm) < 85 && share(national) < 2 && fits.codes >= 10 {
        SystemVerdict::One("icd10")
    } else if share(formed) >= 95 && share(national) >= 2 && share(cm) < 85 {
        fits.national = national;
        SystemVerdict::Ask(vec!["icd10"])
    } else {
        SystemVerdict::Ask(fits.likely())
    };
    (fits, verdict)
}

/// How one text fits the systems of diagnoses; `None` where it is none of them.
fn diagnosis(text: &str, sets: &CodeSets) -> Option<Fit> {
    let plain = shape::without_signs(text);
    let signed = plain.len() < text.trim().len();
    let written = plain.trim_end_matches(['-', '_']).to_ascii_uppercase();
    let code = bare(&written, 7)?;
    let bytes = code.as_bytes();
    let digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
    let icd10 = sets.table(CodeSystem::Icd10Cm);
    let id = icd10.find(bytes);
    let valid = !signed && id.is_some_and(|id| icd10.was_ever_valid(id));
    let form = (3..=5).contains(&bytes.len()) && bytes[0].is_ascii_uppercase() && digits(&bytes[1..]);
    let icd9 = icd9_reading(CodeSystem::Icd9Cm, &written, &code, sets);
    Some(Fit {
        icd9: icd9.is_some(),
        icd9_long: icd9.as_ref().is_some_and(|code| code.len() > 3 || !digits(code.as_bytes())),
        icd9_formed: icd9.is_some_and(|code| written.contains('.') || !digits(code.as_bytes())),
        icd10cm: valid,
        icd10cm_sure: valid && bytes.len() >= 5,
        icd10: form && bytes.len() <= 4,
        formed: form,
        signed: signed && form,
        national: form && bytes.len() == 5 && !valid,
    })
}

/// A code without its dot, of letters and digits alone; `None` where it is longer than `most` or has anything else.
fn bare(written: &str, most: usize) -> Option<String> {
    let code: String = written.chars().filter(|letter| *letter != '.').collect();
    let fits = !code.is_empty() && code.len() <= most && written.matches('.').count() <= 1;
    (fits && code.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(code)
}

/// The code of ICD-9-CM that a text is, its lost zeros given back: before the dot to the width of a category, without a dot to any width that makes a code.
fn icd9_reading(system: CodeSystem, written: &str, code: &str, sets: &CodeSets) -> Option<String> {
    let table = sets.table(system);
    let category = if system == CodeSystem::Icd9Cm { 3 } else { 2 };
    let has = |code: &str| {
        let known = table.find(code.as_bytes()).is_some() || table.codes_under(code.as_bytes(), None) > 0;
        code.len() >= category && known
    };
    if has(code) && written.find('.').is_none_or(|dot| dot >= category) {
        return Some(code.to_owned());
    }
    if !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match written.find('.') {
        Some(dot) => {
            let padded = format!("{}{code}", "0".repeat(category.saturating_sub(dot)));
            has(&padded).then_some(padded)
        }
        None => (1..=2).map(|zeros| format!("{}{code}", "0".repeat(zeros))).find(|padded| has(padded)),
    }
}

fn procedures(columns: &[&DraftColumn], sets: &CodeSets) -> (Fits, SystemVerdict) {
    let mut fits = Fits::default();
    let (mut icd9, mut pcs, mut pcs_cut, mut hcpcs, mut cpt, mut snomed) = (0, 0, 0, 0, 0, 0);
    for (text, count) in each(columns) {
        if is_filler(text.as_bytes()) {
            continue;
        }
        fits.codes += count;
        let written = text.trim().trim_end_matches(['-', '_']).to_ascii_uppercase();
        if is_snomed(text) {
            snomed += count;
        }
        let Some(code) = bare(&written, 7) else { continue };
        let table = sets.table(CodeSystem::Icd10Pcs);
        pcs += if table.find(code.as_bytes()).is_some() { count } else { 0 };
        pcs_cut += if is_cut_icd10pcs(&code, sets) { count } else { 0 };
        icd9 += if icd9_reading(CodeSystem::Icd9Procedure, &written, &code, sets).is_some() { count } else { 0 };
        hcpcs += if is_hcpcs(&written) { count } else { 0 };
        cpt += if is_cpt(&written) { count } else { 0 };
    }
    let all = [("icd10pcs", pcs), ("icd9pcs", icd9), ("cpt", cpt), ("hcpcs", hcpcs), ("snomed", snomed)];
    fits.systems = all.into_iter().filter(|(name, fit)| *fit > 0 || is_revision(name)).collect();
    let share = |part: u32| percent(part, fits.codes);
    let verdict = if share(snomed) >= 95 && share(cpt) < 10 {
        SystemVerdict::One("snomed")
    } else if share(pcs + pcs_cut) >= 90 && share(pcs) >= 50 && share(icd9) < 50 {
        SystemVerdict::One("icd10pcs")
    } else if share(icd9) >= 90 && share(pcs) < 50 && fits.codes >= 10 {
        SystemVerdict::One("icd9pcs")
    } else {
        SystemVerdict::Ask(fits.likely())
    };
    (fits, verdict)
}

/// Whether a text has the form of a diagnosis in a system that is known here.
pub fn is_like_diagnosis(text: &str) -> bool {
    shape::icd10cm(text) || shape::icd9cm(text) || is_snomed(text)
}

/// Whether a text has the form of a procedure in a system that is known here.
pub fn is_like_procedure(text: &str) -> bool {
    [shape::icd10pcs, shape::icd9pcs, is_snomed, is_cpt, is_hcpcs].iter().any(|is_code| is_code(text))
}

/// A code of ICD-10-PCS of digits alone that lost its leading zeros: 16070 of 0016070.
pub fn is_cut_icd10pcs(text: &str, sets: &CodeSets) -> bool {
    let digits = (4..7).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits && sets.table(CodeSystem::Icd10Pcs).find(format!("{text:0>7}").as_bytes()).is_some()
}

/// The system that the days of discharge imply, where they all imply one.
pub fn implied(kind: CodedAs, days: impl Iterator<Item = Day>) -> Option<&'static str> {
    let (mut before, mut after) = (0u32, 0u32);
    for day in days {
        if day < ICD10_FROM { before += 1 } else { after += 1 }
    }
    let name = |earlier: bool| match (kind, earlier) {
        (CodedAs::Diagnoses, true) => "icd9cm",
        (CodedAs::Diagnoses, false) => "icd10cm",
        (CodedAs::Procedures, true) => "icd9pcs",
        (CodedAs::Procedures, false) => "icd10pcs",
    };
    match (before, after) {
        (0, 0) => None,
        (_, 0) => Some(name(true)),
        (0, _) => Some(name(false)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn judged(kind: CodedAs, codes: &[&str]) -> SystemVerdict {
        let mut values = BTreeMap::new();
        for code in codes {
            *values.entry((*code).to_owned()).or_insert(0) += 1;
        }
        let column = DraftColumn {
            name: "x".to_owned(),
            meanings: BTreeSet::new(),
            foreign: false,
            filled: codes.len() as u32,
            rows: codes.len() as u32,
            missing: BTreeMap::new(),
            dates: super::super::dates::study(std::iter::empty()),
            values,
        };
        judge(kind, &[&column], sets()).1
    }

    #[test]
    fn diagnoses_are_told_by_the_tables_and_by_form() {
        let of = |codes: &[&str]| judged(CodedAs::Diagnoses, codes);
        assert_eq!(of(&["4019", "4280", "25000", "41401", "V1582", "486", "0389"]), SystemVerdict::One("icd9cm"));
        assert_eq!(of(&["250.00", "41.2", "8.45", "V58.67", "E849.7"]), SystemVerdict::One("icd9cm"));
        assert_eq!(of(&["S72.141A", "I10", "E11.65", "J44.1", "Z79.4"]), SystemVerdict::One("icd10cm"));
        // Codes of WHO's ICD-10 that ICD-10-CM does not have beside some that both have: I64 stroke, E14.9 unspecified diabetes, A09.9, O80.9, I84.9.
        let who = ["I64", "E149", "A099", "O809", "I849", "J189", "N390", "I10", "C509", "K359", "J180", "O800"];
        assert_eq!(of(&who), SystemVerdict::One("icd10"));
        assert_eq!(of(&["22298006", "44054006", "38341003", "195967001"]), SystemVerdict::One("snomed"));
    }

    #[test]
    fn what_fits_two_systems_or_none_is_asked() {
        let of = |codes: &[&str]| judged(CodedAs::Diagnoses, codes);
        assert!(matches!(of(&["I10", "E119", "J189", "A419"]), SystemVerdict::Ask(names) if names.len() == 2));
        assert!(matches!(of(&["4019", "4280", "I10", "E1165"]), SystemVerdict::Ask(_)));
        assert_eq!(of(&["zebra", "lion", "0303140151"]), SystemVerdict::Ask(vec![]));
        // Any three digits are a category of ICD-9-CM.
        assert_eq!(of(&["101", "102", "103", "104", "110"]), SystemVerdict::Ask(vec!["icd9cm"]));
        // Signs behind codes are of the WHO's ICD-10, though ICD-10-CM has most of these codes too.
        let signed = ["A17.0\u{2020}", "G01*", "J18.9", "I64", "E10.3+", "H36.0*", "J18.0", "K35.9"];
        assert_eq!(of(&signed), SystemVerdict::One("icd10"));
        // ICD-10-GM has fifth characters that ICD-10-CM does not have.
        assert!(matches!(of(&["I1090", "E1190", "I1000", "J4499", "I2519"]), SystemVerdict::Ask(_)));
    }

    #[test]
    fn procedures_are_told_alike() {
        let of = |codes: &[&str]| judged(CodedAs::Procedures, codes);
        assert_eq!(of(&["0DTJ4ZZ", "30233N1", "5A1955Z"]), SystemVerdict::One("icd10pcs"));
        assert_eq!(
            of(&["3995", "9604", "5491", "9671", "9672", "3893", "4516", "8856", "3722", "966"]),
            SystemVerdict::One("icd9pcs")
        );
        // Two that a spreadsheet took for numbers.
        assert_eq!(of(&["30233N1", "0DTJ4ZZ", "5A1955Z", "0016070", "16070", "16071"]), SystemVerdict::One("icd10pcs"));
        assert!(matches!(of(&["99213", "36415", "J1100"]), SystemVerdict::Ask(names) if names.contains(&"cpt")));
        assert_eq!(of(&["0303140151", "0411010034"]), SystemVerdict::Ask(vec![]));
    }
}
