//! FLD062: whether an inpatient record has the admitting diagnosis.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD062",
    name: "admitting-diagnosis-missing",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AdmittingDiagnosis),
    message: "the admitting diagnosis is missing",
    test: asked!(Encounter {
        applies: |encounter, context| { context.is_mapped(Field::AdmittingDiagnosis) && encounter.is_inpatient() },
        violates: |encounter, _| { encounter.admitting_diagnosis.is_empty() },
    }),
    page: include_str!("admitting_diagnosis_missing.md"),
};
