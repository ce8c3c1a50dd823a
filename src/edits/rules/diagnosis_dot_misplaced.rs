//! COD113: whether the dot of a diagnosis code stands where its system has it.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD113",
    name: "diagnosis-dot-misplaced",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the dot stands elsewhere than the code system has it",
    test: asked!(Diagnosis {
        applies: |_, diagnosis, _| diagnosis.normalised && diagnosis.system.is_some() && diagnosis.raw.contains('.'),
        violates: |_, diagnosis, _| diagnosis.dot_misplaced,
    }),
    page: include_str!("diagnosis_dot_misplaced.md"),
};
