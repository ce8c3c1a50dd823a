//! FLD027: whether the total charges is an amount of money, and such a value exists.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD027",
    name: "total-charges-unreadable",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::TotalCharges),
    message: "the total charges cannot be read as an amount of money",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.total_charges.is_blank(),
        violates: |encounter, _| encounter.total_charges.is_unreadable(),
    }),
    page: include_str!("total_charges_unreadable.md"),
};
