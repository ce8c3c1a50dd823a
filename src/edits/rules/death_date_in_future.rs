//! FLD065: whether the death date lies on or before the business date of the run (2026-11-01 in the example).

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD065",
    name: "death-date-in-future",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DeathDate),
    message: "the death date lies after the business date; data with shifted dates need --as-of",
    test: asked!(Encounter {
        applies: |encounter, _| encounter.death_date.value().is_some(),
        violates: |encounter, context| {
            encounter.death_date.value().is_some_and(|death| death.day > context.business_date)
        },
    }),
    page: include_str!("death_date_in_future.md"),
};
