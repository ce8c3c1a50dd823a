//! FIL018: whether a file holds rows that no feed reads, and nothing says that it should not.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::{account::UnreadPart, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL018",
    name: "rows-not-read",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "the file holds rows that are not read",
    test: Test::Input {
        applies: |input| input.fault.is_empty(),
        violates: |input| input.unread_unasked().next().is_some(),
        shows: |input| UnreadPart::list(input.unread_unasked()),
    },
    page: include_str!("rows_not_read.md"),
};
