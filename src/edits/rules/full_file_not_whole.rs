//! FIL036: whether a full file has rows, and every one of them can be read.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::{delivery::DeliveredContent, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL036",
    name: "full-file-not-whole",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "the full file has no rows, or rows that cannot be read: nothing is withdrawn because it is missing from it",
    test: Test::Input {
        applies: |input| input.delivery == DeliveredContent::Full.name() && input.fault.is_empty(),
        violates: |input| input.withdraws_nothing,
        shows: |input| input.quarantined.to_string(),
    },
    page: include_str!("full_file_not_whole.md"),
};
