//! FLD037: whether the present-on-admission mark is Y, N, U, W or 1 (exempt).

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD037",
    name: "present-on-admission-not-in-list",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::PresentOnAdmission),
    message: "the present-on-admission mark is not in its list",
    test: asked!(Diagnosis {
        applies: |_, diagnosis, _| !diagnosis.present_on_admission.is_blank(),
        violates: |_, diagnosis, _| diagnosis.present_on_admission.is_unreadable(),
    }),
    page: include_str!("present_on_admission_not_in_list.md"),
};
