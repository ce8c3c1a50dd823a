//! FIL033: whether dates of two readings were decided by another column.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::{account::counts_by_field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL033",
    name: "dates-decided-by-another-column",
    severity: Severity::Info,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "dates have two readings by the order of day and month, and another column decides; those that it does not decide are unreadable",
    test: Test::Input {
        applies: |input| input.fault.is_empty(),
        violates: |input| !input.dates_decided.is_empty() || !input.dates_undecided.is_empty(),
        shows: |input| {
            let decided = counts_by_field(&input.dates_decided);
            let undecided = counts_by_field(&input.dates_undecided);
            match (decided.is_empty(), undecided.is_empty()) {
                (false, false) => format!("decided: {decided}; not decided: {undecided}"),
                (true, _) => format!("not decided: {undecided}"),
                (_, true) => format!("decided: {decided}"),
            }
        },
    },
    page: include_str!("dates_decided_by_another_column.md"),
};
