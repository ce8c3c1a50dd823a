//! FIL011: whether at least one row of an input can be read.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL011",
    name: "every-row-quarantined",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "no row of the input can be read",
    test: Test::Input {
        applies: |input| input.read > 0,
        violates: |input| input.quarantined == input.read,
        shows: |input| input.unreadable_rows(),
    },
    page: include_str!("every_row_quarantined.md"),
};
