//! LOG158: whether the stay is longer than `longest_stay_days` of the pipeline (999 days in the example).

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG158",
    name: "stay-longer-than-longest",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeDate),
    message: "the stay is longer than the longest that the pipeline takes as true",
    test: asked!(Encounter {
        applies: |encounter, context| { context.longest_stay_days.is_some() && encounter.length_of_stay().is_some() },
        violates: |encounter, context| encounter.length_of_stay() > context.longest_stay_days,
    }),
    page: include_str!("stay_longer_than_longest.md"),
};
