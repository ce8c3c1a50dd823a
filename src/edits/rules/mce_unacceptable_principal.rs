//! MCE009: whether the principal diagnosis is one that tells a circumstance, not a current illness or injury.

use crate::{
    edits::mce::{edit::Edit, encounter},
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE009",
    name: "unacceptable-principal",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the diagnosis is not acceptable as principal",
    test: asked!(PrincipalDiagnosis {
        applies: |encounter, diagnosis, _| encounter::asks_principal(encounter, diagnosis),
        violates: |encounter, diagnosis, _| encounter::principal_raises(
            encounter,
            diagnosis,
            Edit::UnacceptablePrincipal
        ),
    }),
    page: include_str!("mce_unacceptable_principal.md"),
};
