//! FLD026: whether the age is a whole number, and such a value exists.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD026",
    name: "age-unreadable",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::Age),
    message: "the age cannot be read as a whole number",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.stated_age.is_blank(),
        violates: |encounter, _| encounter.stated_age.is_unreadable(),
    }),
    page: include_str!("age_unreadable.md"),
};
