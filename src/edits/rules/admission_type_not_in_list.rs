//! FLD035: whether the type of admission is one of the values of its list.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD035",
    name: "admission-type-not-in-list",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AdmissionType),
    message: "the type of admission is not in its list",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.admission_type.is_blank(),
        violates: |encounter, _| encounter.admission_type.is_unreadable(),
    }),
    page: include_str!("admission_type_not_in_list.md"),
};
