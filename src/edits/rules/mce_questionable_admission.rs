//! MCE008: whether the principal diagnosis is one that usually is no sufficient reason for an admission to an acute hospital.

use crate::{
    edits::mce::{edit::Edit, encounter},
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE008",
    name: "questionable-admission",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the principal diagnosis alone seldom needs acute inpatient care",
    test: asked!(PrincipalDiagnosis {
        applies: |encounter, diagnosis, _| encounter::asks_principal(encounter, diagnosis),
        violates: |encounter, diagnosis, _| encounter::principal_raises(
            encounter,
            diagnosis,
            Edit::QuestionableAdmission
        ),
    }),
    page: include_str!("mce_questionable_admission.md"),
};
