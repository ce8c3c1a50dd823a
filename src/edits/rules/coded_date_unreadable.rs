//! FLD067: whether the date of coding is a date in a format that the layout states, and such a value exists.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD067",
    name: "coded-date-unreadable",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::CodedDate),
    message: "the date of coding cannot be read as a date in a format that the layout states",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.coded_date.is_blank(),
        violates: |encounter, _| encounter.coded_date.is_unreadable(),
    }),
    page: include_str!("coded_date_unreadable.md"),
};
