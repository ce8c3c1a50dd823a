//! COD105: whether a diagnosis code ended before the discharge, judged on the day of discharge.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::code::CodeVerdict,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD105",
    name: "diagnosis-expired",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the diagnosis code ended before the discharge",
    test: asked!(Diagnosis {
        applies: |_, diagnosis, _| facts::verdict(diagnosis).is_some(),
        violates: |_, diagnosis, _| facts::verdict(diagnosis) == Some(CodeVerdict::Expired),
        passes_over: |encounter, _| facts::all_in_force(encounter),
    }),
    page: include_str!("diagnosis_expired.md"),
};
