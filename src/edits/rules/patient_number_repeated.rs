//! DUP002: whether the patients export has one row for the patient of the encounter. Of several the first in the order of content is used, whatever the order of the file.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "DUP002",
    name: "patient-number-repeated",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::PatientId),
    message: "the patients export has several rows of this patient with other content",
    test: asked!(Encounter {
        applies: |encounter, _| encounter.patient.is_some(),
        violates: |encounter, _| encounter.patient_repeated,
    }),
    page: include_str!("patient_number_repeated.md"),
};
