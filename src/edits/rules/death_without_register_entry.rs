//! TAB010: whether a record of an inpatient's death has its entry in the deaths register: by the number of the stay, or, where the register does not state it, by the patient's number on a day of the stay.

use crate::{
    edits::{
        facts,
        rule::{Rule, RulePeriod, asked},
    },
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "TAB010",
    name: "death-without-register-entry",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeStatus),
    message: "the deaths register has no entry for a record of a death",
    test: asked!(Encounter {
        applies: |encounter, context| {
            let deaths = context.registers.deaths.as_ref();
            deaths.zip(facts::discharged(encounter)).is_some_and(|(deaths, day)| {
                encounter.is_inpatient()
                    && encounter.died()
                    && facts::admitted(encounter).is_some()
                    && deaths.speaks_of(encounter.facility_id, true, day)
            })
        },
        violates: |encounter, context| {
            let stay = facts::admitted(encounter).zip(facts::discharged(encounter));
            context.registers.deaths.as_ref().zip(stay).is_none_or(|(deaths, stay)| {
                deaths.of(encounter.encounter_id, encounter.patient_id, encounter.facility_id, stay).is_none()
            })
        },
    }),
    page: include_str!("death_without_register_entry.md"),
};
