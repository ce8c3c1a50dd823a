//! FIL004: whether rows of an input could not be read as rows of its table.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL004",
    name: "rows-quarantined",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "rows cannot be read and stand in the quarantine",
    test: Test::Input {
        applies: |input| input.read > 0,
        violates: |input| input.quarantined > 0,
        shows: |input| input.unreadable_rows(),
    },
    page: include_str!("rows_quarantined.md"),
};
