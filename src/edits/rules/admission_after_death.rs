//! PAT003: whether the patient is admitted after the day on which another record says that the patient died.

use crate::{
    edits::{
        rule::{Life, Rule, Test},
        stay::Together,
    },
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "PAT003",
    name: "admission-after-death",
    severity: Severity::Error,
    life: Life::ALWAYS,
    field: Some(Field::AdmissionDate),
    message: "the patient is admitted after the death that another record states",
    test: Test::Patient {
        together: Together::PatientNumber,
        applies: |records, place, _| {
            records.stays[place].admission.is_some() && records.death.is_some_and(|death| death != place)
        },
        violates: |records, place, _| {
            let dead = records.death?;
            let (own, other) = (&records.stays[place], &records.stays[dead]);
            (own.admission? > other.death? && !own.contradicts(other)).then_some(dead)
        },
    },
    page: include_str!("admission_after_death.md"),
};
