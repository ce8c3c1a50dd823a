//! PAT009: whether a patient has a second record of birth: type of admission 4, born in the hospital.

use crate::{
    edits::{
        rule::{Rule, RulePeriod, Test},
        stay::JoinKey,
    },
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "PAT009",
    name: "born-twice",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AdmissionType),
    message: "the patient has another record of birth",
    test: Test::Patient {
        together: JoinKey::PatientNumber,
        applies: |records, place, _| records.stays.len() > 1 && records.stays[place].newborn,
        violates: |records, place, _| {
            let first = records.stays.iter().position(|stay| stay.newborn)?;
            // A record that is there twice has been found as such.
            let (own, other) = (&records.stays[place], &records.stays[first]);
            (first != place && (own.facility_id, own.days()) != (other.facility_id, other.days())).then_some(first)
        },
    },
    page: include_str!("born_twice.md"),
};
