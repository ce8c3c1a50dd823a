//! POA007: whether a present-on-admission mark is U: the documentation is insufficient to tell.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
    record::vocabulary::PresentOnAdmission,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "POA007",
    name: "present-on-admission-undocumented",
    severity: Severity::Info,
    life: RulePeriod::ALWAYS,
    field: Some(Field::PresentOnAdmission),
    message: "the documentation does not tell whether the diagnosis was present on admission",
    test: asked!(Diagnosis {
        applies: |_, diagnosis, _| diagnosis.present_on_admission.value().is_some(),
        violates: |_, diagnosis, _| diagnosis.present_on_admission.value() == Some(PresentOnAdmission::Unknown),
    }),
    page: include_str!("present_on_admission_undocumented.md"),
};
