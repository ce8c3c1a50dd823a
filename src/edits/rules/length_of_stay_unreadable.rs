//! FLD028: whether the length of stay is a whole number of days, and such a value exists.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD028",
    name: "length-of-stay-unreadable",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::LengthOfStay),
    message: "the length of stay cannot be read as a whole number of days",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.stated_length_of_stay.is_blank(),
        violates: |encounter, _| encounter.stated_length_of_stay.is_unreadable(),
    }),
    page: include_str!("length_of_stay_unreadable.md"),
};
