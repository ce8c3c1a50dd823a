//! FLD091: whether the ethnicity is one of the values of its list.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD091",
    name: "ethnicity-not-in-list",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::Ethnicity),
    message: "the ethnicity is not in its list",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.ethnicity.is_empty(),
        violates: |encounter, _| encounter.unlisted.ethnicity,
    }),
    page: include_str!("ethnicity_not_in_list.md"),
};
