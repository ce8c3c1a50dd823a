//! LOG119: whether codes of childbirth and codes of the newborn stand on the same record.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::diagnosis_kinds::DiagnosisKinds,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG119",
    name: "neonatal-and-maternal-codes",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "codes of the mother and of the newborn stand on one record",
    test: asked!(Encounter {
        applies: |encounter, _| encounter.diagnoses.len() > 1,
        violates: |encounter, _| {
            encounter.kinds.any(DiagnosisKinds::MATERNAL) && encounter.kinds.any(DiagnosisKinds::PERINATAL)
        },
    }),
    page: include_str!("neonatal_and_maternal_codes.md"),
};
