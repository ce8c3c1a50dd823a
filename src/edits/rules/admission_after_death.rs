//! PAT003: whether the patient is admitted after the day on which another record says that the patient died.

use crate::{
    edits::{
        rule::{Rule, RulePeriod, Test},
        stay::JoinKey,
    },
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "PAT003",
    name: "admission-after-death",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AdmissionDate),
    message: "the patient is admitted after the death that another record states",
    test: Test::Patient {
        together: JoinKey::PatientNumber,
        applies: |records, place, _| {
            records.stays[place].admission.is_some() && records.death.is_some_and(|death| death != place)
        },
        violates: |records, place, _| {
            let dead = records.death?;
            let (own, other) = (&records.stays[place], &records.stays[dead]);
            (own.admission?.day > other.death? && !own.contradicts(other)).then_some(dead)
        },
    },
    page: include_str!("admission_after_death.md"),
};
