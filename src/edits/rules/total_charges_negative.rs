//! FLD049: whether the total charges are zero or more.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD049",
    name: "total-charges-negative",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::TotalCharges),
    message: "the total charges are below zero",
    test: asked!(Encounter {
        applies: |encounter, _| encounter.total_charges.value().is_some(),
        violates: |encounter, _| encounter.total_charges.value().is_some_and(|cents| cents < 0),
    }),
    page: include_str!("total_charges_negative.md"),
};
