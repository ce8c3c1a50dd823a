//! POA002: whether the principal diagnosis is marked N.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
    record::vocabulary::PresentOnAdmission,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "POA002",
    name: "principal-not-present-on-admission",
    severity: Severity::Warning,
    life: RulePeriod::from("2007-10-01"),
    field: Some(Field::PresentOnAdmission),
    message: "the principal diagnosis is marked as not present on admission",
    test: asked!(PrincipalDiagnosis {
        applies: |_, diagnosis, _| diagnosis.position == 1 && diagnosis.present_on_admission.value().is_some(),
        violates: |_, diagnosis, _| diagnosis.present_on_admission.value() == Some(PresentOnAdmission::No),
    }),
    page: include_str!("principal_not_present_on_admission.md"),
};
