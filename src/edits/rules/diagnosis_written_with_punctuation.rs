//! COD107: whether a diagnosis code is written plainly: upper case, no dot, no blanks around it.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD107",
    name: "diagnosis-written-with-punctuation",
    severity: Severity::Info,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the diagnosis code is written with a dot, in lower case, with blanks or with filler",
    test: asked!(Diagnosis {
        applies: |_, diagnosis, _| !diagnosis.raw.is_empty(),
        violates: |_, diagnosis, _| diagnosis.normalised,
    }),
    page: include_str!("diagnosis_written_with_punctuation.md"),
};
