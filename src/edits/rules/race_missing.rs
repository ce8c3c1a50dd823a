//! FLD016: whether a record has the race.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD016",
    name: "race-missing",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::Race),
    message: "the race is missing",
    test: asked!(Encounter {
        applies: |encounter, context| context.is_expected(Field::Race, encounter),
        violates: |encounter, _| encounter.race.is_empty(),
    }),
    page: include_str!("race_missing.md"),
};
