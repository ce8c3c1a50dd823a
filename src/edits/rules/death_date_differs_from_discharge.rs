//! LOG110: whether a patient whose status is a death died on the day of discharge.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG110",
    name: "death-date-differs-from-discharge",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DeathDate),
    message: "the patient died on another day than the discharge",
    test: asked!(Encounter {
        applies: |encounter, _| {
            encounter.discharge_status.value().is_some_and(|status| status.is_death())
                && encounter.death_date.value().is_some()
                && facts::discharged(encounter).is_some()
        },
        violates: |encounter, _| encounter.death_date.value().map(|moment| moment.day) != facts::discharged(encounter),
    }),
    page: include_str!("death_date_differs_from_discharge.md"),
};
