//! TRD106: whether the share of a facility's diagnoses in a month with the present-on-admission mark U, documentation insufficient, among those that need a mark (not marked 1, nor exempt by an imported list) lies within the critical limits of its own twelve months before.

use crate::{
    edits::{
        rule::{Rule, RulePeriod, Test},
        trend::{
            examine::{is_implausible, is_judged},
            measure::TrendMeasure,
        },
    },
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "TRD106",
    name: "present-on-admission-unknown-share-implausible",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::PresentOnAdmission),
    message: "the share of marks U lies beyond the critical limits of the facility's own months before",
    test: Test::Trend {
        measure: TrendMeasure::PresentOnAdmissionUnknown,
        twin: None,
        applies: is_judged,
        violates: is_implausible,
    },
    page: include_str!("present_on_admission_unknown_share_implausible.md"),
};
