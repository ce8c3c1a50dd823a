//! MCE109: whether a principal diagnosis that is acceptable only with a secondary one (Z51.

use crate::{
    edits::mce::{edit::Edit, encounter},
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE109",
    name: "principal-requires-secondary",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the principal diagnosis is acceptable with a secondary diagnosis alone, and there is none",
    test: asked!(PrincipalDiagnosis {
        applies: |encounter, diagnosis, _| encounter::asks_principal(encounter, diagnosis),
        violates: |encounter, diagnosis, _| encounter::principal_raises(encounter, diagnosis, Edit::RequiresSecondary),
    }),
    page: include_str!("mce_principal_requires_secondary.md"),
};
