//! MCE006: whether the principal diagnosis is a manifestation of another disease.

use crate::{
    edits::mce::{edit::Edit, encounter},
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE006",
    name: "manifestation-principal",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "a manifestation is the principal diagnosis",
    test: asked!(PrincipalDiagnosis {
        applies: |encounter, diagnosis, _| encounter::asks_principal(encounter, diagnosis),
        violates: |encounter, diagnosis, _| encounter::principal_raises(
            encounter,
            diagnosis,
            Edit::ManifestationPrincipal
        ),
    }),
    page: include_str!("mce_manifestation_principal.md"),
};
