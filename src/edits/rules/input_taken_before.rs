//! FIL003: whether an input has the same SHA-256 as one taken earlier in this run or, where state is kept, in an earlier run.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL003",
    name: "input-taken-before",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "the same bytes were taken before, under this or another name",
    test: Test::Input {
        applies: |input| input.read > 0,
        violates: |input| input.is_sent_again(),
        shows: |input| input.same_bytes_as.clone(),
    },
    page: include_str!("input_taken_before.md"),
};
