//! FLD029: whether the birth weight is a whole number of grams, and such a value exists.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD029",
    name: "birth-weight-unreadable",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::BirthWeight),
    message: "the birth weight cannot be read as a whole number of grams",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.birth_weight_grams.is_blank(),
        violates: |encounter, _| encounter.birth_weight_grams.is_unreadable(),
    }),
    page: include_str!("birth_weight_unreadable.md"),
};
