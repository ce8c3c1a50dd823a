//! LOG121: whether a record with a discharge date has status 30.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
    record::vocabulary::DischargeStatus,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG121",
    name: "still-a-patient-with-discharge",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeStatus),
    message: "status 30 (still a patient) stands on a record with a discharge date",
    test: asked!(Encounter {
        applies: |encounter, _| encounter.discharge_status.value().is_some() && facts::discharged(encounter).is_some(),
        violates: |encounter, _| encounter.discharge_status.value() == Some(DischargeStatus::STILL_A_PATIENT),
    }),
    page: include_str!("still_a_patient_with_discharge.md"),
};
