//! FLD041: whether the stated age is a whole number from 0 to 124.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD041",
    name: "age-out-of-range",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::Age),
    message: "the age is not between 0 and 124 years",
    test: asked!(Encounter {
        applies: |encounter, _| encounter.stated_age.value().is_some(),
        violates: |encounter, _| !encounter.stated_age.value().is_some_and(|age| (0..=124).contains(&age)),
    }),
    page: include_str!("age_out_of_range.md"),
};
