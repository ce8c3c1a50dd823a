//! FLD002: whether a record has the patient number.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD002",
    name: "patient-number-missing",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::PatientId),
    message: "the patient number is missing",
    test: asked!(Encounter {
        applies: |_, context| context.is_mapped(Field::PatientId),
        violates: |encounter, _| encounter.patient_id.is_empty(),
    }),
    page: include_str!("patient_number_missing.md"),
};
