//! COD106: whether a diagnosis code is of the other revision than the one in force, judged on the day of discharge.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::code::CodeVerdict,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD106",
    name: "diagnosis-of-wrong-revision",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the diagnosis code is of the other revision than the one in force",
    test: asked!(Diagnosis {
        applies: |_, diagnosis, _| facts::verdict(diagnosis).is_some(),
        violates: |_, diagnosis, _| facts::verdict(diagnosis) == Some(CodeVerdict::WrongRevision),
        passes_over: |encounter, _| facts::all_in_force(encounter),
    }),
    page: include_str!("diagnosis_of_wrong_revision.md"),
};
