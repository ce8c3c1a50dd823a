//! COD302: whether the admitting diagnosis is a code of its system at all.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::code::CodeVerdict,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD302",
    name: "admitting-diagnosis-unknown",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AdmittingDiagnosis),
    message: "the admitting diagnosis is well formed but no code of its system",
    test: asked!(Encounter {
        applies: |encounter, _| facts::admitting_verdict(encounter).is_some(),
        violates: |encounter, _| facts::admitting_verdict(encounter) == Some(CodeVerdict::Unknown),
    }),
    page: include_str!("admitting_diagnosis_unknown.md"),
};
