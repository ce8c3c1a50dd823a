//! FIL019: whether a file holds rows that are left out because the layout or the pipeline names others.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::{account::UnreadPart, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL019",
    name: "rows-not-read-by-choice",
    severity: Severity::Info,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "the file holds rows that are left out by choice",
    test: Test::Input {
        applies: |input| input.fault.is_empty(),
        violates: |input| input.unread_by_choice().next().is_some(),
        shows: |input| UnreadPart::list(input.unread_by_choice()),
    },
    page: include_str!("rows_not_read_by_choice.md"),
};
