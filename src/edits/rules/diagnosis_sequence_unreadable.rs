//! FLD054: whether the sequence of a diagnosis of a long export is a whole number from 1 to 65,535. A diagnosis without a readable one is never principal.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD054",
    name: "diagnosis-sequence-unreadable",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the sequence of the diagnosis is no number from 1 on",
    test: asked!(Diagnosis {
        applies: |encounter, diagnosis, _| diagnosis.origin != encounter.origin()
            && (diagnosis.position > 0 || diagnosis.sequence_unreadable),
        violates: |_, diagnosis, _| diagnosis.sequence_unreadable,
    }),
    page: include_str!("diagnosis_sequence_unreadable.md"),
};
