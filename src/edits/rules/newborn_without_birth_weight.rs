//! LOG115: whether a newborn has a birth weight.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG115",
    name: "newborn-without-birth-weight",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::BirthWeight),
    message: "a newborn has no birth weight",
    test: asked!(Encounter {
        applies: |encounter, context| context.is_mapped(Field::BirthWeight) && encounter.is_newborn(),
        violates: |encounter, _| encounter.birth_weight_grams.is_blank(),
    }),
    page: include_str!("newborn_without_birth_weight.md"),
};
