//! COD101: whether a diagnosis code cannot be a code of its system, judged on the day of discharge.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::code::CodeVerdict,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD101",
    name: "diagnosis-malformed",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the diagnosis code cannot be a code of its system",
    test: asked!(Diagnosis {
        applies: |_, diagnosis, _| facts::verdict(diagnosis).is_some(),
        violates: |_, diagnosis, _| facts::verdict(diagnosis) == Some(CodeVerdict::Malformed),
        passes_over: |encounter, _| facts::all_in_force(encounter),
    }),
    page: include_str!("diagnosis_malformed.md"),
};
