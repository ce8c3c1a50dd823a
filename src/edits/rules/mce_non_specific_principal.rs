//! MCE007: whether the principal diagnosis says no more than the organ or system, for discharges through 2007-09-30.

use crate::{
    edits::mce::{edit::Edit, encounter},
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE007",
    name: "non-specific-principal",
    severity: Severity::Warning,
    life: RulePeriod::until("2007-09-30"),
    field: Some(Field::DiagnosisCode),
    message: "the principal diagnosis is non-specific",
    test: asked!(PrincipalDiagnosis {
        applies: |encounter, diagnosis, _| encounter::asks_principal(encounter, diagnosis),
        violates: |encounter, diagnosis, _| encounter::principal_raises(
            encounter,
            diagnosis,
            Edit::NonSpecificPrincipal
        ),
    }),
    page: include_str!("mce_non_specific_principal.md"),
};
