//! LOG123: whether the principal diagnosis is a code of external cause (V00 to Y99; E codes of ICD-9-CM).

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG123",
    name: "external-cause-principal",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "a code of external cause is the principal diagnosis",
    test: asked!(PrincipalDiagnosis {
        applies: |_, diagnosis, _| diagnosis.position == 1 && facts::has_meaning(diagnosis),
        violates: |_, diagnosis, _| facts::is_external_cause(diagnosis),
    }),
    page: include_str!("external_cause_principal.md"),
};
