//! COD305: whether the admitting diagnosis was still in force on the day of discharge.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::code::CodeVerdict,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD305",
    name: "admitting-diagnosis-expired",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AdmittingDiagnosis),
    message: "the admitting diagnosis ended before the discharge",
    test: asked!(Encounter {
        applies: |encounter, _| facts::admitting_verdict(encounter).is_some(),
        violates: |encounter, _| facts::admitting_verdict(encounter) == Some(CodeVerdict::Expired),
    }),
    page: include_str!("admitting_diagnosis_expired.md"),
};
