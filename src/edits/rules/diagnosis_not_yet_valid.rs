//! COD104: whether a diagnosis code comes into force after the discharge, judged on the day of discharge.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::code::CodeVerdict,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD104",
    name: "diagnosis-not-yet-valid",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the diagnosis code comes into force after the discharge",
    test: asked!(Diagnosis {
        applies: |_, diagnosis, _| facts::verdict(diagnosis).is_some(),
        violates: |_, diagnosis, _| facts::verdict(diagnosis) == Some(CodeVerdict::NotYetValid),
        passes_over: |encounter, _| facts::all_in_force(encounter),
    }),
    page: include_str!("diagnosis_not_yet_valid.md"),
};
