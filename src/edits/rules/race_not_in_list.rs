//! FLD090: whether the race is one of the values of its list.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD090",
    name: "race-not-in-list",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::Race),
    message: "the race is not in its list",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.race.is_empty(),
        violates: |encounter, _| encounter.unlisted.race,
    }),
    page: include_str!("race_not_in_list.md"),
};
