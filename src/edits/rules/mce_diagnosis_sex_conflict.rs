//! MCE005: whether diagnoses that are for one sex stand on records of that sex, for discharges through 2024-09-30.

use crate::{
    edits::mce::encounter,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE005",
    name: "diagnosis-sex-conflict",
    severity: Severity::Warning,
    life: RulePeriod::until("2024-09-30"),
    field: Some(Field::DiagnosisCode),
    message: "the diagnosis does not go with the sex",
    test: asked!(Diagnosis {
        applies: |encounter, diagnosis, context| {
            encounter::asks_diagnosis(encounter, diagnosis)
                && encounter::asks_sex(encounter, context, false)
                && !encounter::is_maternal_on_male(encounter, diagnosis)
        },
        violates: |encounter, diagnosis, _| encounter::has_sex_conflict(encounter, diagnosis.judgement, false),
        passes_over: |encounter, context| encounter::passes_over_sex(encounter, context, false),
    }),
    page: include_str!("mce_diagnosis_sex_conflict.md"),
};
