//! FLD001: whether a record has the encounter number.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD001",
    name: "encounter-number-missing",
    severity: Severity::Fatal,
    life: RulePeriod::ALWAYS,
    field: Some(Field::EncounterId),
    message: "the encounter number is missing",
    test: asked!(Encounter { applies: |_, _| true, violates: |encounter, _| encounter.encounter_id.is_empty() }),
    page: include_str!("encounter_number_missing.md"),
};
