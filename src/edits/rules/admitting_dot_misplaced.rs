//! COD115: whether the dot of the admitting diagnosis stands where its system has it.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD115",
    name: "admitting-dot-misplaced",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AdmittingDiagnosis),
    message: "the dot stands elsewhere than the code system has it",
    test: asked!(Encounter {
        applies: |encounter, _| encounter.admitting.judgement.is_some() && encounter.admitting_diagnosis.contains('.'),
        violates: |encounter, _| encounter.admitting.dot_misplaced,
    }),
    page: include_str!("admitting_dot_misplaced.md"),
};
