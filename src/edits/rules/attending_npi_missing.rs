//! FLD010: whether a record has the attending practitioner.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD010",
    name: "attending-npi-missing",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AttendingNpi),
    message: "the attending practitioner is missing",
    test: asked!(Encounter {
        applies: |_, context| context.is_mapped(Field::AttendingNpi),
        violates: |encounter, _| encounter.attending_npi.is_empty(),
    }),
    page: include_str!("attending_npi_missing.md"),
};
