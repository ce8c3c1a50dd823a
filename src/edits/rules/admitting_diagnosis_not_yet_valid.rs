//! COD304: whether the admitting diagnosis had come into force by the day of discharge.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::code::CodeVerdict,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD304",
    name: "admitting-diagnosis-not-yet-valid",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AdmittingDiagnosis),
    message: "the admitting diagnosis came into force after the discharge",
    test: asked!(Encounter {
        applies: |encounter, _| facts::admitting_verdict(encounter).is_some(),
        violates: |encounter, _| facts::admitting_verdict(encounter) == Some(CodeVerdict::NotYetValid),
    }),
    page: include_str!("admitting_diagnosis_not_yet_valid.md"),
};
