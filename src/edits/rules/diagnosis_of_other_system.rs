//! COD109: whether a diagnosis is coded in ICD.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD109",
    name: "diagnosis-of-other-system",
    severity: Severity::Info,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the diagnosis is coded in another system than ICD",
    test: asked!(Diagnosis {
        applies: |_, diagnosis, _| !diagnosis.raw.is_empty(),
        violates: |_, diagnosis, _| !diagnosis.other_system.is_empty() && diagnosis.other_verdict.is_some(),
        passes_over: |encounter, _| facts::all_in_force(encounter),
    }),
    page: include_str!("diagnosis_of_other_system.md"),
};
