//! POA005: whether a code that is exempt from present-on-admission reporting has a mark of Y, N, U or W.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
    record::vocabulary::PresentOnAdmission,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "POA005",
    name: "present-on-admission-on-exempt",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::PresentOnAdmission),
    message: "the code is exempt from present-on-admission reporting and has a mark",
    test: asked!(Diagnosis {
        applies: |encounter, diagnosis, context| facts::exempt(encounter, diagnosis, context) == Some(true),
        violates: |_, diagnosis, _| {
            diagnosis.present_on_admission.value().is_some_and(|mark| mark != PresentOnAdmission::Exempt)
        },
    }),
    page: include_str!("present_on_admission_on_exempt.md"),
};
