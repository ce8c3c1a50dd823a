//! DUP001: whether an encounter number stands on one record alone.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "DUP001",
    name: "encounter-number-repeated",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::EncounterId),
    message: "the encounter number stands on another record with other content",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.encounter_id.is_empty(),
        violates: |encounter, _| encounter.same_number > 0,
    }),
    page: include_str!("encounter_number_repeated.md"),
};
