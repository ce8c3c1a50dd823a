//! FIL001: whether the heading of an input names a column twice.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL001",
    name: "repeated-column",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "a column name stands more than once in the heading",
    test: Test::Input {
        applies: |_| true,
        violates: |input| !input.repeated_columns.is_empty(),
        shows: |input| input.repeated_columns.join(", "),
    },
    page: include_str!("repeated_column.md"),
};
