//! FLD011: whether a record has the type of admission.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD011",
    name: "admission-type-missing",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AdmissionType),
    message: "the type of admission is missing",
    test: asked!(Encounter {
        applies: |_, context| context.is_mapped(Field::AdmissionType),
        violates: |encounter, _| encounter.admission_type.is_blank(),
    }),
    page: include_str!("admission_type_missing.md"),
};
