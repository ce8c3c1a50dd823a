//! COD103: whether a diagnosis code is a category that needs more characters, judged on the day of discharge.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::code::CodeVerdict,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD103",
    name: "diagnosis-header",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the diagnosis code is a category that needs more characters",
    test: asked!(Diagnosis {
        applies: |_, diagnosis, _| facts::verdict(diagnosis).is_some(),
        violates: |_, diagnosis, _| facts::verdict(diagnosis) == Some(CodeVerdict::Header),
        passes_over: |encounter, _| facts::all_in_force(encounter),
    }),
    page: include_str!("diagnosis_header.md"),
};
