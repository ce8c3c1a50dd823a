//! POA003: whether a present-on-admission mark stands beside a diagnosis.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "POA003",
    name: "present-on-admission-without-diagnosis",
    severity: Severity::Info,
    life: RulePeriod::ALWAYS,
    field: Some(Field::PresentOnAdmission),
    message: "a present-on-admission mark stands where there is no diagnosis",
    test: asked!(Diagnosis {
        applies: |_, diagnosis, _| !diagnosis.present_on_admission.is_blank(),
        violates: |_, diagnosis, _| diagnosis.raw.is_empty(),
    }),
    page: include_str!("present_on_admission_without_diagnosis.md"),
};
