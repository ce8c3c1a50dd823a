//! FLD017: whether every record names the chart it is filed under.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD017",
    name: "medical-record-number-missing",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::MedicalRecordNumber),
    message: "the medical record number is missing",
    test: asked!(Encounter {
        applies: |encounter, context| context.is_expected(Field::MedicalRecordNumber, encounter),
        violates: |encounter, _| encounter.medical_record_number.is_empty(),
    }),
    page: include_str!("medical_record_number_missing.md"),
};
