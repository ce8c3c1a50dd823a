//! FLD034: whether the discharge status was in the list on the day of discharge.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD034",
    name: "discharge-status-not-in-force",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeStatus),
    message: "the discharge status was not in force on the day of discharge",
    test: asked!(Encounter {
        applies: |encounter, _| encounter.discharge_status.value().is_some() && facts::discharged(encounter).is_some(),
        violates: |encounter, _| {
            facts::discharged(encounter)
                .zip(encounter.discharge_status.value())
                .is_some_and(|(day, status)| !status.in_force(day))
        },
    }),
    page: include_str!("discharge_status_not_in_force.md"),
};
