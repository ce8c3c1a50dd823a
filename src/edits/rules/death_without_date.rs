//! LOG128: whether a discharge by death has a death date.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG128",
    name: "death-without-date",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DeathDate),
    message: "the status is a death, and the death date is missing",
    test: asked!(Encounter {
        applies: |encounter, context| {
            context.is_mapped(Field::DeathDate)
                && encounter.discharge_status.value().is_some_and(|status| status.is_death())
        },
        violates: |encounter, _| encounter.death_date.is_blank() && encounter.partial.death.is_none(),
    }),
    page: include_str!("death_without_date.md"),
};
