//! LOG109: whether the death flag is set exactly for the discharge statuses 20, 40, 41 and 42.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG109",
    name: "death-flag-differs-from-status",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DeathFlag),
    message: "the death flag and the discharge status say different things",
    test: asked!(Encounter {
        applies: |encounter, _| encounter.death_flag.value().is_some() && encounter.discharge_status.value().is_some(),
        violates: |encounter, _| {
            encounter.death_flag.value() != encounter.discharge_status.value().map(|status| status.is_death())
        },
    }),
    page: include_str!("death_flag_differs_from_status.md"),
};
