//! FLD048: whether the birth weight lies between 100 and 9,999 grams.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD048",
    name: "birth-weight-out-of-range",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::BirthWeight),
    message: "the birth weight is not between 100 and 9,999 grams",
    test: asked!(Encounter {
        applies: |encounter, _| encounter.birth_weight_grams.value().is_some(),
        violates: |encounter, _| {
            !encounter.birth_weight_grams.value().is_some_and(|grams| (100..=9999).contains(&grams))
        },
    }),
    page: include_str!("birth_weight_out_of_range.md"),
};
