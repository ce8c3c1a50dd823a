//! FIL006: whether an input holds no rows.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL006",
    name: "table-empty",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "the input has a heading and no rows",
    test: Test::Input {
        applies: |input| input.fault.is_empty() && !input.not_in_run,
        violates: |input| input.read == 0,
        shows: |_| String::new(),
    },
    page: include_str!("table_empty.md"),
};
