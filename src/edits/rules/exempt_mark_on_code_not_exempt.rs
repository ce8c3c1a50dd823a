//! POA006: whether a code that is marked as exempt from present-on-admission reporting (1) is on the exempt list.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
    record::vocabulary::PresentOnAdmission,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "POA006",
    name: "exempt-mark-on-code-not-exempt",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::PresentOnAdmission),
    message: "the mark says exempt, and the code is not on the exempt list",
    test: asked!(Diagnosis {
        applies: |encounter, diagnosis, context| {
            diagnosis.present_on_admission.value() == Some(PresentOnAdmission::Exempt)
                && facts::exempt(encounter, diagnosis, context).is_some()
        },
        violates: |encounter, diagnosis, context| facts::exempt(encounter, diagnosis, context) == Some(false),
    }),
    page: include_str!("exempt_mark_on_code_not_exempt.md"),
};
