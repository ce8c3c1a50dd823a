//! FLD023: whether the birth date is a date in a format that the layout states, and such a value exists.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD023",
    name: "birth-date-unreadable",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::BirthDate),
    message: "the birth date cannot be read as a date in a format that the layout states",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.birth_date.is_blank(),
        violates: |encounter, _| encounter.birth_date.is_unreadable(),
    }),
    page: include_str!("birth_date_unreadable.md"),
};
