//! Code systems that are stated and no ICD: HCPCS, CPT, ICD-O-3, SNOMED CT, and a site's own.
//!
//! Their tables do not ship. A code is judged by the published form of its system and, where a list of codes was imported, by that. It is counted under the name of
//! its system and never as ICD.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::record::{
    code::{CodeSystem, CodeVerdict},
    date::Day,
    field::Field,
};

/// A system that is known by name.
#[derive(Debug, Clone, Copy)]
pub struct OtherSystem {
    /// The name in layouts and output columns.
    pub name: &'static str,
    /// The name a person reads.
    pub title: &'static str,
    /// Whether it has diagnoses.
    pub diagnoses: bool,
    /// Whether it has procedures.
    pub procedures: bool,
    /// Whether a text has the form of its codes.
    pub is_well_formed: fn(&str) -> bool,
}

impl OtherSystem {
    /// Whether it has procedures, or diagnoses.
    pub fn has(&self, procedures: bool) -> bool {
        if procedures { self.procedures } else { self.diagnoses }
    }
}

/// The systems.
pub const OTHER_SYSTEMS: [OtherSystem; 4] = [
    OtherSystem { name: "cpt", title: "CPT", diagnoses: false, procedures: true, is_well_formed: is_cpt },
    OtherSystem { name: "hcpcs", title: "HCPCS", diagnoses: false, procedures: true, is_well_formed: is_hcpcs },
    OtherSystem { name: "icdo3", title: "ICD-O-3", diagnoses: true, procedures: false, is_well_formed: is_icdo3 },
    OtherSystem { name: "snomed", title: "SNOMED CT", diagnoses: true, procedures: true, is_well_formed: is_snomed },
];

/// A site's own system; several are told apart by a name behind it: `local_tariff`.
pub const LOCAL: &str = "local";

/// Whether a name is that of a site's own system.
pub fn is_local(name: &str) -> bool {
    let rest = name.strip_prefix(LOCAL);
    rest.is_some_and(|rest| {
        let well = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        rest.is_empty() || rest.len() > 1 && rest.starts_with('_') && rest.bytes().all(well)
    })
}

fn known(name: &str) -> Option<&'static OtherSystem> {
    OTHER_SYSTEMS.iter().find(|system| system.name == name)
}

/// The titles of the systems that have codes of such a form.
pub fn titles_by_form(code: &str) -> Vec<&'static str> {
    OTHER_SYSTEMS.iter().filter(|system| (system.is_well_formed)(code)).map(|system| system.title).collect()
}

/// Whether a text names a system that is no ICD of ours: one of [`OTHER_SYSTEMS`] or a site's own.
pub fn is_other_system(name: &str) -> bool {
    known(name).is_some() || is_local(name)
}

/// Whether a text can stand in a field of revisions.
pub fn is_revision(field: Field, name: &str) -> bool {
    let procedure = field == Field::ProcedureRevision;
    match CodeSystem::from_name(name) {
        Some(system) => system.is_of_procedures() == procedure,
        None => known(name).map_or(is_local(name), |system| system.has(procedure)),
    }
}

/// The texts that can stand in a field of revisions, for a message.
pub fn revisions(field: Field) -> Vec<&'static str> {
    let systems =
        CodeSystem::ALL.iter().map(|system| system.name()).chain(OTHER_SYSTEMS.iter().map(|system| system.name));
    systems.chain([LOCAL]).filter(|name| is_revision(field, name)).collect()
}

/// The name a person reads.
pub fn title(name: &str) -> &str {
    known(name).map_or(name, |system| system.title)
}

/// CPT: five digits (category I), or four digits and F (category II), T (III), U (laboratory analyses), A, M (administrative, and multianalyte assays). Source: AMA, CPT
/// code format.
pub fn is_cpt(code: &str) -> bool {
    let bytes = code.as_bytes();
    bytes.len() == 5
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && matches!(bytes[4], b'0'..=b'9' | b'F' | b'T' | b'U' | b'A' | b'M')
}

/// HCPCS: level I is CPT; level II a letter A to V and four digits. Source: CMS, HCPCS Level II coding procedures.
pub fn is_hcpcs(code: &str) -> bool {
    let bytes = code.as_bytes();
    is_cpt(code) || bytes.len() == 5 && matches!(bytes[0], b'A'..=b'V') && bytes[1..].iter().all(u8::is_ascii_digit)
}

/// ICD-O-3: topography C00.0 to C80.9, with or without its dot; morphology of four digits from 8000 on, behaviour 0, 1, 2, 3, 6 or 9 behind a stroke, and a grade
/// 1 to 9 or none, an M before it or none. Source: WHO, International Classification of Diseases for Oncology, third edition.
fn is_icdo3(code: &str) -> bool {
    let bytes = code.as_bytes();
    let digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
    if let [b'C', rest @ ..] = bytes {
        return match rest {
            [tens @ b'0'..=b'8', ones, tail] if digits(&[*ones, *tail]) => *tens < b'8' || *ones == b'0',
            [tens @ b'0'..=b'8', ones, b'.', tail] if digits(&[*ones, *tail]) => *tens < b'8' || *ones == b'0',
            _ => false,
        };
    }
    let morphology = bytes.strip_prefix(b"M").unwrap_or(bytes);
    let (Some(kind), Some(rest)) = (morphology.get(..4), morphology.get(4..)) else { return false };
    let rest = rest.strip_prefix(b"/").unwrap_or(rest);
    digits(kind)
        && matches!(kind[0], b'8' | b'9')
        && match rest {
            [behaviour] => b"012369".contains(behaviour),
            [behaviour, grade] => b"012369".contains(behaviour) && matches!(grade, b'1'..=b'9'),
            _ => false,
        }
}

/// SNOMED CT: an identifier of 6 to 18 digits without a leading zero, of a concept (its partition is 00 or 10), with Verhoeff's check digit. Source: SNOMED CT
/// Release File Specifications, SCTID.
pub fn is_snomed(code: &str) -> bool {
    let bytes = code.as_bytes();
    if !(6..=18).contains(&bytes.len()) || !bytes.iter().all(u8::is_ascii_digit) || bytes[0] == b'0' {
        return false;
    }
    let partition = &bytes[bytes.len() - 3..bytes.len() - 1];
    matches!(partition, b"00" | b"10") && has_verhoeff_check_digit(bytes)
}

/// Verhoeff's check digit: the digits, from the right and each turned by its place, multiply to nothing in the dihedral group of order ten.
fn has_verhoeff_check_digit(digits: &[u8]) -> bool {
    const MULTIPLIED: [[u8; 10]; 10] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
        [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];
    const TURNED: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let turned = |digit: u8, place: usize| (0..place % 8).fold(digit, |digit, _| TURNED[usize::from(digit)]);
    let product =
        digits.iter().rev().enumerate().fold(0, |product, (place, byte)| {
            MULTIPLIED[usize::from(product)][usize::from(turned(byte - b'0', place))]
        });
    product == 0
}

/// A text as it is held against a list: upper case and trimmed, of a site's own system as it is written.
fn comparable(name: &str, text: &str) -> String {
    let text = text.trim();
    if is_local(name) { text.to_owned() } else { text.to_ascii_uppercase() }
}

/// First day, last day and title of a listed code.
type Listed = (Option<Day>, Option<Day>, String);

/// An imported list of codes: of each, the days in force and its title.
#[derive(Debug, Clone, Default)]
pub struct CodeList {
    codes: FxHashMap<String, Vec<Listed>>,
}

/// The imported lists, by the name of their system.
#[derive(Debug, Clone, Default)]
pub struct CodeLists(BTreeMap<String, CodeList>);

impl CodeLists {
    /// Adds a list: rows of code, title, first and last day in force.
    pub fn add(&mut self, name: &str, rows: &[Vec<String>]) {
        let list = self.0.entry(name.to_owned()).or_default();
        for row in rows {
            let day = |at: usize| row.get(at).and_then(|text| Day::from_iso(text));
            let title = row.get(1).cloned().unwrap_or_default();
            list.codes.entry(comparable(name, &row[0])).or_default().push((day(2), day(3), title));
        }
    }

    /// Judges a code of a system that is no ICD of ours, on a day or on any day: by its form, then by the list of the system where there is one.
    pub fn judge(&self, name: &str, text: &str, on: Option<Day>) -> CodeVerdict {
        let code = comparable(name, text);
        let Some(list) = self.0.get(name) else {
            let well = known(name).is_none_or(|system| (system.is_well_formed)(&code));
            return if well { CodeVerdict::Valid } else { CodeVerdict::Malformed };
        };
        let Some(periods) = list.codes.get(&code) else {
            let well = known(name).is_none_or(|system| (system.is_well_formed)(&code));
            return if well { CodeVerdict::Unknown } else { CodeVerdict::Malformed };
        };
        let Some(on) = on else { return CodeVerdict::Valid };
        let begun = |first: &Option<Day>| first.is_none_or(|first| first <= on);
        let not_ended = |last: &Option<Day>| last.is_none_or(|last| on <= last);
        if periods.iter().any(|(first, last, _)| begun(first) && not_ended(last)) {
            CodeVerdict::Valid
        } else if periods.iter().all(|(first, ..)| !begun(first)) {
            CodeVerdict::NotYetValid
        } else {
            CodeVerdict::Expired
        }
    }

    /// The title of a code; `None` where no list has it.
    pub fn title(&self, name: &str, text: &str) -> Option<&str> {
        let periods = self.0.get(name)?.codes.get(&comparable(name, text))?;
        periods.last().map(|(.., title)| title.as_str())
    }

    /// Names of the systems that have a list.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_judged_by_the_published_form_of_their_system() {
        let lists = CodeLists::default();
        for (name, code, well) in [
            ("cpt", "99213", true),
            ("cpt", "0001F", true),
            ("cpt", "0042T", true),
            ("cpt", "J1100", false),
            ("hcpcs", "J1100", true),
            ("hcpcs", "j1100", true),
            ("hcpcs", "99213", true),
            ("hcpcs", "Z1234", false),
            ("icdo3", "C50.9", true),
            ("icdo3", "C509", true),
            ("icdo3", "C81.0", false),
            ("icdo3", "8140/3", true),
            ("icdo3", "M81403", true),
            ("icdo3", "8140/5", false),
            // Diabetes mellitus type 2, myocardial infarction; one digit changed; a description.
            ("snomed", "44054006", true),
            ("snomed", "22298006", true),
            ("snomed", "44054007", false),
            ("snomed", "44054016", false),
            ("snomed", "E11.9", false),
            ("local_tariff", "anything at all", true),
        ] {
            let verdict = if well { CodeVerdict::Valid } else { CodeVerdict::Malformed };
            assert_eq!(lists.judge(name, code, None), verdict, "{name} {code}");
        }
    }

    #[test]
    fn a_list_says_which_codes_there_are_and_when() {
        let mut lists = CodeLists::default();
        let rows = [["J1100", "Dexamethasone", "2010-01-01", "2024-12-31"], ["J1200", "Diphenhydramine", "", ""]];
        lists.add("hcpcs", &rows.map(|row| row.map(str::to_owned).to_vec()));
        for (code, on, verdict) in [
            ("J1100", "2020-01-01", CodeVerdict::Valid),
            ("J1100", "2009-12-31", CodeVerdict::NotYetValid),
            ("J1100", "2025-01-01", CodeVerdict::Expired),
            ("J1200", "1999-01-01", CodeVerdict::Valid),
            ("J1300", "2020-01-01", CodeVerdict::Unknown),
            ("J13", "2020-01-01", CodeVerdict::Malformed),
        ] {
            assert_eq!(lists.judge("hcpcs", code, Day::from_iso(on)), verdict, "{code} on {on}");
        }
        assert_eq!(lists.title("hcpcs", "j1100"), Some("Dexamethasone"));
    }

    #[test]
    fn a_text_that_is_no_revision_is_none() {
        let (diagnoses, procedures) = (Field::DiagnosisRevision, Field::ProcedureRevision);
        for name in ["icd10cm", "icd9cm", "icd10", "icdo3", "snomed", "local", "local_tariff"] {
            assert!(is_revision(diagnoses, name), "{name}");
        }
        for name in ["icd10pcs", "icd9pcs", "hcpcs", "cpt", "snomed", "local"] {
            assert!(is_revision(procedures, name), "{name}");
        }
        for name in ["icd10pcs", "hcpcs", "cpt", "", "icd-10", "icd10mc", "localtariff", "local_", "local_A", "10"] {
            assert!(!is_revision(diagnoses, name), "{name}");
        }
    }
}
