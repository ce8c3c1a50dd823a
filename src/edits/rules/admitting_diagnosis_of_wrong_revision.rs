//! COD306: whether the admitting diagnosis is of the other revision than the one in force on the day of discharge.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::code::CodeVerdict,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD306",
    name: "admitting-diagnosis-of-wrong-revision",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AdmittingDiagnosis),
    message: "the admitting diagnosis is of the other revision than the one in force",
    test: asked!(Encounter {
        applies: |encounter, _| {
            facts::admitting_verdict(encounter).is_some() && facts::discharged(encounter).is_some()
        },
        violates: |encounter, _| facts::admitting_verdict(encounter) == Some(CodeVerdict::WrongRevision),
    }),
    page: include_str!("admitting_diagnosis_of_wrong_revision.md"),
};
