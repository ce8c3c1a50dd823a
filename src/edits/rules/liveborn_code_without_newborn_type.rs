//! LOG130: whether a record with a code of liveborn infant as principal diagnosis has type of admission 4 (newborn).

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
    record::vocabulary::AdmissionType,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG130",
    name: "liveborn-code-without-newborn-type",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "a code of liveborn infant is the principal diagnosis, and the type of admission is not newborn",
    test: asked!(Diagnosis of LIVEBORN {
        applies: |encounter, diagnosis, _| {
            diagnosis.position == 1 && facts::is_liveborn(diagnosis) && encounter.admission_type.value().is_some()
        },
        violates: |encounter, _, _| encounter.admission_type.value() != Some(AdmissionType::NEWBORN),
    }),
    page: include_str!("liveborn_code_without_newborn_type.md"),
};
