//! AHRQ's Elixhauser Comorbidity Software Refined: 38 measures of ICD-10-CM by whole codes, half of them only where present on admission.
//!
//! Rules of the software (its mapping and index programs): the principal diagnosis is passed over; a measure that uses present-on-admission
//! marks counts only a diagnosis marked Y or W or exempt from reporting, and is missing, not 0, where there are no marks at all; cerebrovascular disease counts
//! by its own codes, and by sequelae unless one of its own codes arose in hospital (N or U). The indices add the weights of the measures that are known.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::index::{Comorbidity, ComorbidityIndex};
use crate::{partition::encounter::PackedCode, record::vocabulary::PresentOnAdmission};

/// The graver measure and the milder one it silences, in the order of the software.
pub const HIERARCHY: [(&str, &str); 7] = [
    ("DIAB_CX", "DIAB_UNCX"),
    ("HTN_CX", "HTN_UNCX"),
    ("CANCER_METS", "CANCER_SOLID"),
    ("CANCER_METS", "CANCER_NSITU"),
    ("CANCER_SOLID", "CANCER_NSITU"),
    ("LIVER_SEV", "LIVER_MLD"),
    ("RENLFL_SEV", "RENLFL_MOD"),
];

const CEREBROVASCULAR: &str = "CBVD";
/// Cerebrovascular disease itself, in the columns of the reference file.
const CEREBROVASCULAR_DISEASE: &str = "CBVD_POA";
/// Its sequelae.
const CEREBROVASCULAR_SEQUELAE: &str = "CBVD_SQLA";
/// Working bits beyond the measures: cerebrovascular disease itself, and its sequelae.
const DISEASE: u64 = 1 << 62;
const SEQUELAE: u64 = 1 << 63;

/// The measures of one encounter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AhrqRefined {
    /// Measures after the hierarchy: bit n is measure n of [`AhrqTable::index`].
    pub conditions: u64,
    /// Measures that are missing for want of present-on-admission marks; never among `conditions`.
    pub unknown: u64,
    /// Index of readmission within 30 days, over the measures that are known.
    pub readmission_index: i32,
    /// Index of death in hospital, over the measures that are known.
    pub mortality_index: i32,
}

/// A secondary diagnosis.
#[derive(Debug, Clone, Copy)]
pub struct SecondaryDiagnosis {
    /// ICD-10-CM code.
    pub code: PackedCode,
    /// Its mark, where it has a readable one.
    pub present_on_admission: Option<PresentOnAdmission>,
    /// On the list of codes exempt from reporting: it counts as present, whatever its mark. The mark 1 says so too, and is believed of no other code, as in the
    /// software.
    pub exempt: bool,
}

impl SecondaryDiagnosis {
    fn is_present(self) -> bool {
        use PresentOnAdmission::{Undetermined, Yes};
        self.exempt || matches!(self.present_on_admission, Some(Yes | Undetermined))
    }

    fn arose_in_hospital(self) -> bool {
        use PresentOnAdmission::{No, Unknown};
        !self.exempt && matches!(self.present_on_admission, Some(No | Unknown))
    }
}

/// A table of the software that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AhrqTableFault {
    /// The heading row of the sheet of codes is not there.
    #[error("the comorbidity reference file has no row with the headings `ICD-10-CM Diagnosis` and `# Comorbidities`")]
    NoHeading,
    /// A measure that the software does not have.
    #[error("the comorbidity reference file names a measure that is not known: {0}")]
    UnknownMeasure(String),
    /// No code has a measure.
    #[error("the comorbidity reference file has no code with a measure")]
    NoCodes,
}

/// The measures with their weights, and the codes that have them.
#[derive(Debug)]
pub struct AhrqTable {
    /// Measures; the weights are those of readmission and of mortality.
    pub index: ComorbidityIndex,
    uses_marks: u64,
    cerebrovascular: u64,
    codes: FxHashMap<u64, u64>,
}

impl AhrqTable {
    /// The version that ships, v2026.1.
    pub fn shipped() -> &'static AhrqTable {
        static TABLE: OnceLock<AhrqTable> = OnceLock::new();
        TABLE.get_or_init(|| {
            let codes = zstd::decode_all(include_bytes!("tables/refined_codes.tsv.zst").as_slice())
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .expect("a shipped table unpacks: a test reads each");
            let pairs = codes
                .lines()
                .filter_map(|line| line.split_once('\t'))
                .flat_map(|(code, measures)| measures.split(' ').map(move |measure| (code, measure)));
            AhrqTable::read(pairs).expect("a shipped table reads: a test reads each")
        })
    }

    /// Another version of the software, as pairs of a code and a measure that it has (with or without the prefix `CMR_`); measures and weights are the shipped
    /// ones, which v2025.1 and v2026.1 share.
    ///
    /// # Errors
    /// A measure is not known, or there is no pair.
    pub fn read<'r>(pairs: impl IntoIterator<Item = (&'r str, &'r str)>) -> Result<AhrqTable, AhrqTableFault> {
        let (index, uses_marks) = measures();
        let cerebrovascular = index.bit(CEREBROVASCULAR).expect("a shipped table reads: a test reads each");
        let mut codes: FxHashMap<u64, u64> = FxHashMap::default();
        for (code, measure) in pairs {
            let name = measure.trim().trim_start_matches("CMR_");
            let bit = match name {
                CEREBROVASCULAR_DISEASE => DISEASE,
                CEREBROVASCULAR_SEQUELAE => SEQUELAE,
                CEREBROVASCULAR => return Err(AhrqTableFault::UnknownMeasure(measure.to_owned())),
                name => index.bit(name).ok_or_else(|| AhrqTableFault::UnknownMeasure(measure.to_owned()))?,
            };
            if let Some(code) = PackedCode::new(code.trim().as_bytes()) {
                *codes.entry(code.number()).or_default() |= bit;
            }
        }
        if codes.is_empty() {
            return Err(AhrqTableFault::NoCodes);
        }
        Ok(AhrqTable { index, uses_marks, cerebrovascular, codes })
    }

    /// The same with what a version states of its measures: name, whether it uses present-on-admission marks, and the weights of readmission and mortality
    /// where they are stated. A measure that is not named keeps what the shipped version has.
    ///
    /// # Errors
    /// A measure is not known.
    pub fn with_measures<'r>(
        mut self,
        measures: impl IntoIterator<Item = (&'r str, bool, Option<[i32; 2]>)>,
    ) -> Result<AhrqTable, AhrqTableFault> {
        for (measure, uses_marks, weights) in measures {
            let name = measure.trim().trim_start_matches("CMR_");
            let bit = self.index.bit(name).ok_or_else(|| AhrqTableFault::UnknownMeasure(measure.to_owned()))?;
            self.uses_marks = if uses_marks { self.uses_marks | bit } else { self.uses_marks & !bit };
            if let Some(weights) = weights {
                self.index.conditions[bit.trailing_zeros() as usize].weights = weights;
            }
        }
        Ok(self)
    }

    /// The same with the weights of a version, whose reference file has none; gives whether they are known.
    pub fn with_weights_of(mut self, release: &str) -> (AhrqTable, bool) {
        if let Some(weights) = mortality_weights(release) {
            for (name, weight) in weights {
                if let Some(bit) = self.index.bit(name) {
                    self.index.conditions[bit.trailing_zeros() as usize].weights[1] = *weight;
                }
            }
        }
        (self, mortality_weights(release).is_some())
    }

    /// AHRQ's own reference file: the rows of its sheet `DX_to_Comorb_Mapping`, cells as text. A heading row, then a code, its title, the number of its
    /// measures and a 1 in the column of each; what follows the last code is passed over.
    ///
    /// # Errors
    /// There is no heading row, it names a measure that is not known, or no code has a measure.
    pub fn read_reference_sheet(rows: &[Vec<String>]) -> Result<AhrqTable, AhrqTableFault> {
        let is_heading = |row: &&Vec<String>| {
            row.first().is_some_and(|cell| cell.trim() == "ICD-10-CM Diagnosis")
                && row.get(2).is_some_and(|cell| cell.trim() == "# Comorbidities")
        };
        let heading = rows.iter().find(is_heading).ok_or(AhrqTableFault::NoHeading)?;
        AhrqTable::read(rows.iter().flat_map(|row| {
            let marked = row.iter().zip(heading).skip(3).filter(|(cell, _)| cell.trim() == "1");
            let code = row.first().map_or("", String::as_str);
            marked.map(move |(_, measure)| (code, measure.as_str()))
        }))
    }

    /// How many codes have a measure.
    pub fn code_count(&self) -> usize {
        self.codes.len()
    }

    /// The measures of a code as bits, cerebrovascular disease and its sequelae apart; 0 where it has none.
    pub fn measures_of(&self, code: &PackedCode) -> u64 {
        self.codes.get(&code.number()).copied().unwrap_or(0)
    }

    /// Measures that use present-on-admission marks, as bits.
    pub fn uses_marks(&self) -> u64 {
        self.uses_marks
    }

    /// The measures of an encounter by its secondary diagnoses. `marks_available` says whether the encounter has present-on-admission marks at all.
    pub fn evaluate(
        &self,
        secondary: impl IntoIterator<Item = SecondaryDiagnosis>,
        marks_available: bool,
    ) -> AhrqRefined {
        let (mut found, mut present, mut disease_in_hospital) = (0, 0, false);
        for diagnosis in secondary {
            let measures = self.measures_of(&diagnosis.code);
            if measures == 0 {
                continue;
            }
            found |= measures;
            if diagnosis.is_present() {
                present |= measures;
            }
            disease_in_hospital |= measures & DISEASE != 0 && diagnosis.arose_in_hospital();
        }
        let mut measures = found & !self.uses_marks;
        if marks_available {
            measures |= present & self.uses_marks;
            if present & DISEASE != 0 || present & SEQUELAE != 0 && !disease_in_hospital {
                measures |= self.cerebrovascular;
            }
        }
        let settled = self.index.settle(measures & !(DISEASE | SEQUELAE));
        AhrqRefined {
            conditions: settled.conditions,
            unknown: if marks_available { 0 } else { self.uses_marks },
            readmission_index: settled.scores[0],
            mortality_index: settled.scores[1],
        }
    }
}

/// Mortality weights of v2022.1 that are others than those of v2023.1 to v2026.1, which ship. Source: AHRQ, HCUP, `CMR_Index_Program_v2022-1.sas`; the weights of
/// readmission are the same in all.
const MORTALITY_2022: &[(&str, i32)] = &[
    ("AUTOIMMUNE", -1),
    ("CANCER_LYMPH", 6),
    ("CANCER_METS", 23),
    ("COAG", 15),
    ("DEPRESS", -9),
    ("HF", 15),
    ("LIVER_SEV", 17),
    ("NEURO_OTH", 23),
    ("RENLFL_SEV", 8),
    ("WGHTLOSS", 14),
];

/// In what the mortality weights of a version differ from those that ship; `None` where its weights are not known here.
pub fn mortality_weights(release: &str) -> Option<&'static [(&'static str, i32)]> {
    match release {
        "v2022.1" => Some(MORTALITY_2022),
        "v2023.1" | "v2024.1" | "v2025.1" | "v2026.1" => Some(&[]),
        _ => None,
    }
}

/// The measures, and which of them use present-on-admission marks.
fn measures() -> (ComorbidityIndex, u64) {
    let mut uses_marks = 0;
    let mut conditions = Vec::new();
    for line in include_str!("tables/refined_measures.tsv").lines() {
        let mut parts = line.split('\t');
        let mut next = || parts.next().unwrap_or("");
        let (name, title, uses, readmission, mortality) = (next(), next(), next(), next(), next());
        uses_marks |= u64::from(uses == "yes") << conditions.len();
        let weight = |text: &str| text.parse().expect("a shipped table reads: a test reads each");
        conditions.push(Comorbidity {
            name: name.to_owned(),
            title: title.to_owned(),
            weights: [weight(readmission), weight(mortality)],
        });
    }
    (ComorbidityIndex::new(conditions, &HIERARCHY), uses_marks)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn diagnosis(code: &str, mark: &str) -> SecondaryDiagnosis {
        SecondaryDiagnosis {
            code: PackedCode::new(code.as_bytes()).expect("short"),
            present_on_admission: PresentOnAdmission::read(mark.as_bytes()),
            exempt: false,
        }
    }

    fn names(diagnoses: &[(&str, &str)], marks: bool) -> Vec<String> {
        let table = AhrqTable::shipped();
        let measures = table.evaluate(diagnoses.iter().map(|(code, mark)| diagnosis(code, mark)), marks);
        let conditions = table.index.conditions.iter().enumerate();
        conditions
            .filter(|(place, _)| measures.conditions >> place & 1 == 1)
            .map(|(_, condition)| condition.name.clone())
            .collect()
    }

    #[test]
    fn the_software_has_38_measures_and_4567_codes_of_which_18_use_marks() {
        let table = AhrqTable::shipped();
        assert_eq!((table.index.conditions.len(), table.code_count()), (38, 4567));
        assert_eq!(table.uses_marks().count_ones(), 18);
    }

    #[test]
    fn heart_failure_counts_when_present_on_admission_and_hypertension_always() {
        for (mark, expected) in [
            ("Y", vec!["HF", "HTN_CX"]),
            ("W", vec!["HF", "HTN_CX"]),
            // Neither is exempt from reporting, so the mark that says so counts for nothing.
            ("1", vec!["HTN_CX"]),
            ("N", vec!["HTN_CX"]),
            ("U", vec!["HTN_CX"]),
            ("", vec!["HTN_CX"]),
        ] {
            assert_eq!(names(&[("I110", mark)], true), expected, "{mark:?}");
        }
        assert_eq!(names(&[("I110", "Y")], false), ["HTN_CX"]);
    }

    #[test]
    fn sequelae_of_stroke_count_unless_a_stroke_arose_in_hospital() {
        assert_eq!(names(&[("I63511", "Y")], true), ["CBVD"]);
        assert!(names(&[("I63511", "N")], true).is_empty());
        assert_eq!(names(&[("I69320", "Y")], true), ["CBVD"]);
        assert!(names(&[("I69320", "Y"), ("I63511", "N")], true).is_empty());
        assert_eq!(names(&[("I69320", "Y"), ("I63511", "N"), ("I63512", "Y")], true), ["CBVD"]);
        assert!(names(&[("I69320", "Y")], false).is_empty());
    }

    #[test]
    fn the_graver_measure_silences_the_milder_one() {
        assert_eq!(names(&[("E119", "Y"), ("E1121", "Y")], true), ["DIAB_CX"]);
        assert_eq!(names(&[("C787", "Y"), ("C50911", "Y"), ("D0511", "Y")], true), ["CANCER_METS"]);
        assert_eq!(names(&[("C50911", "Y"), ("D0511", "Y")], true), ["CANCER_SOLID"]);
    }

    #[test]
    fn a_code_on_the_exempt_list_counts_without_a_mark() {
        let exempt = SecondaryDiagnosis { exempt: true, ..diagnosis("I69320", "") };
        let table = AhrqTable::shipped();
        assert_eq!(table.evaluate([exempt], true).conditions, table.index.bit("CBVD").expect("a measure"));
        assert_eq!(table.evaluate([diagnosis("I69320", "")], true).conditions, 0);
    }

    #[test]
    fn a_reference_sheet_is_read_by_its_headings() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<String>>();
        let heading =
            row(&["ICD-10-CM Diagnosis", "ICD-10-CM Code Description", "# Comorbidities", "AIDS", "CBVD_POA"]);
        let rows =
            [row(&["Searchable list"]), heading.clone(), row(&["B20", "", "1", "1", "0"]), row(&["End of Content"])];
        let table = AhrqTable::read_reference_sheet(&rows).expect("a table");
        assert_eq!(table.evaluate([diagnosis("B20", "N")], false).readmission_index, 5);
        assert_eq!(AhrqTable::read_reference_sheet(&rows[..1]).err(), Some(AhrqTableFault::NoHeading));
        assert_eq!(AhrqTable::read_reference_sheet(&[heading]).err(), Some(AhrqTableFault::NoCodes));
        assert_eq!(AhrqTable::read([("B20", "GOUT")]).err(), Some(AhrqTableFault::UnknownMeasure("GOUT".to_owned())));
    }

    /// AHRQ, CMR_Index_Program_v2022-1.sas and v2023-1: depression is -9 and then -8, coagulopathy 15 and then 14; readmission 2 and 3 in both.
    #[test]
    fn weights_are_those_of_the_version() {
        let table = || AhrqTable::read([("F3342", "DEPRESS"), ("D65", "COAG")]).expect("a table");
        let of = |release: &str| {
            let (table, known) = table().with_weights_of(release);
            let codes = [diagnosis("F3342", "Y"), diagnosis("D65", "Y")];
            let one = |at: usize| table.evaluate([codes[at]], true);
            (known, one(0).mortality_index, one(1).mortality_index, table.evaluate(codes, true).readmission_index)
        };
        assert_eq!(of("v2022.1"), (true, -9, 15, 5));
        assert_eq!(of("v2023.1"), (true, -8, 14, 5));
        assert_eq!(of("v2026.1"), (true, -8, 14, 5));
        assert!(!of("v2021.1").0 && !of("v2027.1").0);
    }

    proptest! {
        #[test]
        fn the_order_of_diagnoses_does_not_matter_and_without_marks_no_measure_that_uses_them_is_known(
            picks in prop::collection::vec((any::<prop::sample::Index>(), "[YNUW1]?"), 0..20),
            turn in any::<prop::sample::Index>(),
        ) {
            let table = AhrqTable::shipped();
            let mut all: Vec<u64> = table.codes.keys().copied().collect();
            all.sort_unstable();
            let mut diagnoses: Vec<SecondaryDiagnosis> = picks
                .iter()
                .map(|(pick, mark)| SecondaryDiagnosis {
                    code: PackedCode(all[pick.index(all.len())].to_be_bytes()),
                    present_on_admission: PresentOnAdmission::read(mark.as_bytes()),
                    exempt: false,
                })
                .collect();
            let (with, without) = (table.evaluate(diagnoses.clone(), true), table.evaluate(diagnoses.clone(), false));
            prop_assert_eq!(without.unknown, table.uses_marks());
            prop_assert_eq!(without.conditions & table.uses_marks(), 0);
            prop_assert_eq!(with.conditions & !table.uses_marks(), without.conditions);
            let turn = turn.index(diagnoses.len() + 1);
            diagnoses.rotate_left(turn);
            prop_assert_eq!(table.evaluate(diagnoses, true), with);
        }
    }
}
