//! COD303: whether the admitting diagnosis is a category that needs more characters.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::code::CodeVerdict,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD303",
    name: "admitting-diagnosis-header",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AdmittingDiagnosis),
    message: "the admitting diagnosis is a category that needs more characters",
    test: asked!(Encounter {
        applies: |encounter, _| facts::admitting_verdict(encounter).is_some(),
        violates: |encounter, _| facts::admitting_verdict(encounter) == Some(CodeVerdict::Header),
    }),
    page: include_str!("admitting_diagnosis_header.md"),
};
