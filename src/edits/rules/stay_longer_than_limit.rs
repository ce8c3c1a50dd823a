//! LOG104: whether the stay is longer than `long_stay_days`, 365 days unless the pipeline says otherwise.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG104",
    name: "stay-longer-than-limit",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeDate),
    message: "the stay is longer than the limit of the pipeline",
    test: asked!(Encounter {
        applies: |encounter, _| encounter.length_of_stay().is_some(),
        violates: |encounter, context| encounter.length_of_stay().is_some_and(|days| days > context.long_stay_days),
    }),
    page: include_str!("stay_longer_than_limit.md"),
};
