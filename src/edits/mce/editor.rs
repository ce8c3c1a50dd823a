//! The editor: a claim in, its verdict out.

use super::{
    claim::{Claim, ClaimVerdict, Revision},
    days,
    edit::{Edit, EditSet},
    questions::{self, ClaimFacts},
};
use crate::{
    codeset::{sets::CodeSets, table::CodeTable},
    partition::encounter::PackedCode,
    record::{
        code::{CodeSystem, is_filler},
        date::Day,
        editor_flags::EditorFlags,
    },
};

/// The editor with the code tables of one run.
#[derive(Debug, Clone, Copy)]
pub struct MedicareCodeEditor<'s> {
    sets: &'s CodeSets,
    /// Whether the sex edits, which CMS discontinued after 2024-09-30, are asked of later discharges too: some state programmes go on asking them. Codes that
    /// came after that day have no sex.
    pub sex_edits_continue: bool,
}

impl<'s> MedicareCodeEditor<'s> {
    /// The editor as CMS's: each edit ends when it was discontinued.
    pub fn new(sets: &'s CodeSets) -> MedicareCodeEditor<'s> {
        MedicareCodeEditor { sets, sex_edits_continue: false }
    }

    /// Edits a claim.
    pub fn edit(&self, claim: &Claim<'_>) -> ClaimVerdict {
        let mut verdict = ClaimVerdict::default();
        self.edit_into(claim, &mut verdict);
        verdict
    }

    /// Edits a claim into a verdict whose room is used again.
    pub fn edit_into(&self, claim: &Claim<'_>, verdict: &mut ClaimVerdict) {
        let known = claim.discharged.filter(|day| days::are_known(*day));
        verdict.invalid_discharge_date = known.is_none();
        let Some(on) = known else {
            verdict.diagnoses.clear();
            verdict.diagnoses.resize(claim.diagnoses.len(), EditSet::NONE);
            verdict.procedures.clear();
            verdict.procedures.resize(claim.procedures.len(), EditSet::NONE);
            (verdict.admitting, verdict.claim) = (EditSet::NONE, EditSet::NONE);
            return verdict.count_all();
        };
        let (diagnosis_system, procedure_system) = match claim.revision {
            Revision::Icd9 => (CodeSystem::Icd9Cm, CodeSystem::Icd9Procedure),
            Revision::Icd10 => (CodeSystem::Icd10Cm, CodeSystem::Icd10Pcs),
        };
        let diagnosis_table = self.sets.table(diagnosis_system);
        let procedure_table = self.sets.table(procedure_system);
        let mut facts = ClaimFacts {
            discharged: on,
            age: claim.age,
            sex: claim.sex,
            discharge_status: claim.discharge_status,
            length_of_stay: claim.length_of_stay,
            sex_edits_continue: self.sex_edits_continue && on >= questions::SEX_EDITS_ENDED,
            principal: EditorFlags::NONE,
            secondary: EditorFlags::NONE,
            has_secondary: claim.diagnoses.iter().skip(1).any(|code| !is_zeros(code)),
            procedures: EditorFlags::NONE,
            specific_operation: false,
        };
        verdict.diagnoses.clear();
        for (place, code) in claim.diagnoses.iter().enumerate() {
            let flags = flags(diagnosis_table, code, on);
            let known = flags.unwrap_or(EditorFlags::NONE);
            let invalid = EditSet::NONE.with_if(flags.is_none(), Edit::InvalidCode);
            verdict.diagnoses.push(if place == 0 {
                facts.principal = known;
                invalid.and(questions::of_diagnosis(known, &facts)).and(questions::of_principal(known, &facts))
            } else {
                facts.secondary = facts.secondary.with(known);
                let empty = flags.is_none() && is_zeros(code);
                (if empty { EditSet::NONE } else { invalid })
                    .and(questions::of_diagnosis(known, &facts))
                    .with_if(*code == claim.diagnoses[0], Edit::DuplicateOfPrincipal)
            });
        }
        verdict.procedures.clear();
        // What is not covered turns on the other procedures: a first pass takes what they are flagged with, a second asks.
        let looked_up: Vec<Option<EditorFlags>> =
            claim.procedures.iter().map(|code| flags(procedure_table, code, on)).collect();
        for flags in looked_up.iter().flatten() {
            facts.add_procedure(*flags);
        }
        for (flags, code) in looked_up.iter().zip(claim.procedures) {
            verdict.procedures.push(match flags {
                Some(flags) => questions::of_procedure(*flags, claim.revision, &facts),
                None => EditSet::NONE.with_if(!is_zeros(code), Edit::InvalidCode),
            });
        }
        verdict.admitting = match flags(diagnosis_table, claim.admitting, on) {
            Some(flags) => questions::of_admitting(flags, &facts).counted(),
            None => EditSet::NONE.with_if(!is_zeros(claim.admitting), Edit::InvalidAdmittingDiagnosis),
        };
        verdict.claim = questions::of_claim(&facts).with_if(is_bilateral(claim, &looked_up, &facts), Edit::Bilateral);
        verdict.count_all();
    }
}

/// The flags of a code that is in force on a day.
#[inline]
fn flags(table: &CodeTable, code: &str, on: Day) -> Option<EditorFlags> {
    table.editor_flags(PackedCode::new(code.as_bytes())?, on)
}

/// A field of zeros is an empty field.
fn is_zeros(code: &str) -> bool {
    code.is_empty() || is_filler(code.as_bytes())
}

fn is_bilateral(claim: &Claim<'_>, flags: &[Option<EditorFlags>], facts: &ClaimFacts) -> bool {
    facts.procedures.any(EditorFlags::BILATERAL)
        && questions::is_bilateral(
            facts.principal,
            flags
                .iter()
                .zip(claim.procedures)
                .filter(|(flags, _)| flags.is_some_and(|flags| flags.any(EditorFlags::BILATERAL)))
                .map(|(_, code)| *code),
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edits::mce::edit::Review;

    fn claim<'a>(discharged: &str, diagnoses: &'a [&'a str], procedures: &'a [&'a str]) -> Claim<'a> {
        let discharged = Day::from_iso(discharged).expect("a day");
        let icd10 = Day::from_iso("2015-10-01").is_some_and(|first| discharged >= first);
        Claim {
            revision: if icd10 { Revision::Icd10 } else { Revision::Icd9 },
            discharged: Some(discharged),
            age: 50,
            sex: 1,
            discharge_status: 1,
            length_of_stay: 10,
            admitting: "",
            diagnoses,
            procedures,
        }
    }

    /// Names of the edits raised; the cases follow the definitions' own wording of each list.
    fn raised(claim: &Claim<'_>) -> Vec<&'static str> {
        MedicareCodeEditor::new(&CodeSets::default()).edit(claim).raised().map(|(edit, _)| edit.name()).collect()
    }

    #[test]
    fn a_pancreas_is_covered_by_the_rule_of_its_day() {
        let sets = CodeSets::default();
        let covered = |on: &str, diagnoses: &[&str], procedures: &[&str]| {
            MedicareCodeEditor::new(&sets).edit(&claim(on, diagnoses, procedures)).count(Edit::NonCovered) == 0
        };
        assert!(!covered("2005-01-01", &["78650", "25000"], &["5280"]));
        assert!(covered("2005-01-01", &["78650", "25000", "40301"], &["5280"]));
        assert!(!covered("2006-05-01", &["78650", "25000", "40301"], &["5280"]));
        assert!(covered("2006-05-01", &["78650", "25001"], &["5280"]));
        assert!(covered("2006-05-01", &["78650"], &["5280", "5569"]));
        assert!(covered("2023-01-01", &["R079", "E1010"], &["0FYG0Z0"]));
        assert!(!covered("2023-01-01", &["R079"], &["0FYG0Z0"]));
    }

    #[test]
    fn a_carotid_stent_and_an_artificial_heart_turn_on_the_other_codes() {
        assert_eq!(raised(&claim("2010-10-01", &["78650"], &["0062"])), ["NON_COVERED"]);
        assert!(raised(&claim("2010-10-01", &["78650"], &["0062", "0065"])).is_empty());
        assert_eq!(raised(&claim("2010-10-01", &["78650"], &["3752"])), ["NON_COVERED"]);
        assert_eq!(raised(&claim("2010-10-01", &["78650", "V707"], &["3752"])), ["LIMITED_COVERAGE"]);
        assert!(raised(&claim("2020-10-01", &["R079"], &["02RK0JZ"])).is_empty());
        assert_eq!(raised(&claim("2020-10-01", &["R079"], &["02RK0JZ", "02RL0JZ"])), ["NON_COVERED"]);
        assert_eq!(raised(&claim("2020-10-01", &["R079", "Z006"], &["02RK0JZ", "02RL0JZ"])), ["LIMITED_COVERAGE"]);
        assert!(raised(&claim("2004-11-01", &["78650", "V707"], &["0061", "0063"])).is_empty());
        assert_eq!(raised(&claim("2004-11-01", &["78650"], &["0061", "0063"])), ["NON_COVERED"]);
        // The trial is a secondary diagnosis: as the principal one alone it covers nothing, unlike that of an artificial heart.
        assert_eq!(raised(&claim("2005-04-25", &["V707"], &["0061", "0063"])), ["NON_COVERED"]);
        assert_eq!(raised(&claim("2005-04-25", &["V707", "78650"], &["0061", "0063"])), ["NON_COVERED"]);
        assert_eq!(raised(&claim("2010-10-01", &["V707"], &["3752"])), ["LIMITED_COVERAGE"]);
    }

    #[test]
    fn a_claim_without_a_day_of_the_editor_s_tables_is_not_edited() {
        let sets = CodeSets::default();
        let (diagnoses, procedures) = (["ZZZ", "J189"], ["ZZZ"]);
        let of = |discharged: Option<&str>| {
            let discharged = discharged.map(|text| Day::from_iso(text).expect("a day"));
            let claim = Claim { discharged, admitting: "ZZZ", ..claim("2026-10-01", &diagnoses, &procedures) };
            MedicareCodeEditor::new(&sets).edit(&claim)
        };
        for discharged in [None, Some("1985-09-30"), Some("2027-04-01"), Some("2027-09-30")] {
            let verdict = of(discharged);
            assert_eq!((verdict.review(), verdict.raised().count()), (Review::InvalidDischargeDate, 0));
            assert_eq!((verdict.diagnoses.len(), verdict.procedures.len()), (2, 1));
        }
        assert_eq!(Review::InvalidDischargeDate.name(), "INVALID_DISCHARGE_DATE");
        for discharged in [Some("1985-10-01"), Some("2027-03-31")] {
            let verdict = of(discharged);
            assert!(verdict.review() == Review::Prepayment && verdict.count(Edit::InvalidCode) > 0);
        }
    }

    #[test]
    fn zeros_are_no_secondary_diagnosis_and_no_procedure() {
        assert_eq!(raised(&claim("2026-09-01", &["Z5189", "0000"], &["0000000"])), ["REQUIRES_SDX"]);
        assert!(raised(&claim("2026-09-01", &["J189", "0"], &["0"])).is_empty());
        assert_eq!(raised(&claim("2026-09-01", &["0000"], &[])), ["INVALID_CODE"]);
    }

    /// CMS, Definitions of Medicare Code Edits, edit 19: "greater than four consecutive days" of 5A1955Z, and four days or more of 96.72.
    #[test]
    fn ventilation_of_more_than_96_hours_takes_more_than_four_days_in_icd10_and_four_in_icd9() {
        let sets = CodeSets::default();
        let inconsistent = |on: &str, procedure: &str, days: i32| {
            let procedures = [procedure];
            let claim = Claim { length_of_stay: days, ..claim(on, &[], &procedures) };
            MedicareCodeEditor::new(&sets).edit(&claim).count(Edit::InconsistentLengthOfStay) == 1
        };
        assert_eq!(
            [0, 3, 4, 5, 30].map(|days| inconsistent("2026-01-15", "5A1955Z", days)),
            [true, true, true, false, false]
        );
        assert_eq!(
            [0, 3, 4, 5, 30].map(|days| inconsistent("2014-01-15", "9672", days)),
            [true, true, false, false, false]
        );
        assert!(!inconsistent("2026-01-15", "5A1945Z", 1), "of 24 to 96 hours nothing is asked");
    }

    /// CMS, Definitions of Medicare Code Edits v27 to v32, edit 13: two or more of these procedures on a hip, knee or ankle, with a principal diagnosis of the
    /// musculoskeletal system. Of ICD-10-PCS, which has a code for each side, there is no such edit.
    #[test]
    fn two_procedures_on_joints_of_a_pair_are_reviewed_after_payment() {
        const JOINTS: [&str; 9] = ["0070", "0080", "0085", "0086", "0087", "8151", "8152", "8154", "8156"];
        let sets = CodeSets::default();
        let bilateral = |on: &str, principal: &str, procedures: &[&str]| {
            let diagnoses = [principal];
            let verdict = MedicareCodeEditor::new(&sets).edit(&claim(on, &diagnoses, procedures));
            (verdict.count(Edit::Bilateral), verdict.review())
        };
        for first in JOINTS {
            for second in JOINTS.into_iter().filter(|second| *second != first) {
                let raised = bilateral("2009-01-01", "71536", &[first, second]);
                assert_eq!(raised, (1, Review::Postpayment), "{first} {second}");
                assert_eq!(bilateral("2009-01-01", "71536", &[second, "9999", first]).0, 1, "others beside them");
                assert_eq!(bilateral("2009-01-01", "4280", &[first, second]).0, 0, "a heart is no joint");
            }
            assert_eq!(bilateral("2009-01-01", "71536", &[first]).0, 0);
            assert_eq!(bilateral("2009-01-01", "71536", &[first, "8161"]).0, 0, "a spine is no joint of a pair");
        }
        for (on, raised) in [("2006-09-30", 1), ("2006-10-01", 0)] {
            assert_eq!(bilateral(on, "71536", &["8153", "8155"]).0, raised, "revisions left the list in 2006");
        }
        assert_eq!(bilateral("2026-01-15", "M1611", &["0SR90JZ", "0SRB0JZ"]).0, 0);
    }

    #[test]
    fn sex_edits_end_unless_they_are_continued() {
        let sets = CodeSets::default();
        let (until, after) = (claim("2024-09-30", &["O80"], &[]), claim("2024-10-01", &["O80"], &[]));
        let conflict = |editor: MedicareCodeEditor<'_>, claim| editor.edit(claim).count(Edit::SexConflict);
        assert_eq!(
            (conflict(MedicareCodeEditor::new(&sets), &until), conflict(MedicareCodeEditor::new(&sets), &after)),
            (1, 0)
        );
        let continuing = MedicareCodeEditor { sex_edits_continue: true, ..MedicareCodeEditor::new(&sets) };
        assert_eq!((conflict(continuing, &until), conflict(continuing, &after)), (1, 1));
    }

    #[test]
    fn an_empty_claim_raises_nothing_but_what_its_fields_say() {
        assert!(raised(&claim("2026-10-01", &[], &[])).is_empty());
        assert_eq!(raised(&Claim { age: 125, sex: 3, discharge_status: 8, ..claim("2026-10-01", &[], &[]) }).len(), 3);
    }
}
