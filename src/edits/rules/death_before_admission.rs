//! LOG127: whether a death date is not before the day of admission.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG127",
    name: "death-before-admission",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DeathDate),
    message: "the death lies before the admission",
    test: asked!(Encounter {
        applies: |encounter, _| encounter.death_date.value().is_some() && facts::admitted(encounter).is_some(),
        violates: |encounter, _| encounter.death_date.value().map(|moment| moment.day) < facts::admitted(encounter),
    }),
    page: include_str!("death_before_admission.md"),
};
