//! FLD030: whether the death flag is one of the values that the layout translates.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD030",
    name: "death-flag-unreadable",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DeathFlag),
    message: "the death flag is neither yes nor no",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.death_flag.is_blank(),
        violates: |encounter, _| encounter.death_flag.is_unreadable(),
    }),
    page: include_str!("death_flag_unreadable.md"),
};
