//! FLD013: whether a record has a diagnosis in the first position.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD013",
    name: "principal-diagnosis-missing",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the principal diagnosis is missing",
    test: asked!(Encounter {
        applies: |_, context| context.is_mapped(Field::DiagnosisCode) && context.is_mapped(Field::DiagnosisSequence),
        violates: |encounter, _| {
            !encounter.diagnoses.iter().any(|diagnosis| diagnosis.position == 1 && !diagnosis.raw.is_empty())
        },
    }),
    page: include_str!("principal_diagnosis_missing.md"),
};
