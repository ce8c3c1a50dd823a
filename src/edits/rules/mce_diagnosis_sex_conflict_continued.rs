//! MCE205: whether diagnoses that are for one sex stand on records of that sex, for discharges from 2024-10-01, as the editor's tables last had it.

use crate::{
    edits::mce::encounter,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE205",
    name: "diagnosis-sex-conflict-continued",
    severity: Severity::Warning,
    life: RulePeriod::from("2024-10-01"),
    field: Some(Field::DiagnosisCode),
    message: "the diagnosis does not go with the sex (edit until 2024-09-30)",
    test: asked!(Diagnosis {
        applies: |encounter, diagnosis, context| {
            encounter::asks_diagnosis(encounter, diagnosis)
                && encounter::asks_sex(encounter, context, true)
                && !encounter::is_maternal_on_male(encounter, diagnosis)
        },
        violates: |encounter, diagnosis, _| encounter::has_sex_conflict(encounter, diagnosis.judgement, true),
        passes_over: |encounter, context| encounter::passes_over_sex(encounter, context, true),
    }),
    page: include_str!("mce_diagnosis_sex_conflict_continued.md"),
};
