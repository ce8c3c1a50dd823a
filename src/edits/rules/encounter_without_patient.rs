//! TAB004: whether every encounter has its patient in the patients export, where the run has one.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "TAB004",
    name: "encounter-without-patient",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::PatientId),
    message: "the patients export has no row for the patient of this encounter",
    test: asked!(Encounter {
        applies: |encounter, _| {
            !encounter.patient_id.is_empty() && (encounter.patient.is_some() || encounter.patient_unknown)
        },
        violates: |encounter, _| encounter.patient_unknown,
    }),
    page: include_str!("encounter_without_patient.md"),
};
