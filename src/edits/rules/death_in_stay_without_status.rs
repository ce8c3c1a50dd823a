//! LOG111: whether a patient with a death date inside the stay, before the day of discharge, has a status of death.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG111",
    name: "death-in-stay-without-status",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeStatus),
    message: "the death date lies before the discharge, and the status is no death",
    test: asked!(Encounter {
        applies: |encounter, _| {
            encounter.discharge_status.value().is_some()
                && encounter.death_date.value().is_some()
                && facts::admitted(encounter).is_some()
                && facts::discharged(encounter).is_some()
        },
        violates: |encounter, _| {
            encounter.death_date.value().is_some_and(|death| {
                facts::admitted(encounter) <= Some(death.day) && Some(death.day) < facts::discharged(encounter)
            }) && !encounter.discharge_status.value().is_some_and(|status| status.is_death())
        },
    }),
    page: include_str!("death_in_stay_without_status.md"),
};
