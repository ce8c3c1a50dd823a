//! FIL034: whether dates state a month or a year alone.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::{account::counts_by_field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL034",
    name: "dates-without-day",
    severity: Severity::Info,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "dates state a month or a year alone: they are counted as that, and edits that need a day are not applied to them",
    test: Test::Input {
        applies: |input| input.fault.is_empty(),
        violates: |input| !input.partial_dates.is_empty(),
        shows: |input| counts_by_field(&input.partial_dates),
    },
    page: include_str!("dates_without_day.md"),
};
