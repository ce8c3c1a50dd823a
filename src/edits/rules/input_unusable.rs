//! FIL007: whether an input could be read at all.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL007",
    name: "input-unusable",
    severity: Severity::Fatal,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "the input as a whole cannot be used",
    test: Test::Input {
        applies: |input| input.missing.is_empty(),
        violates: |input| !input.fault.is_empty(),
        shows: |input| input.fault.clone(),
    },
    page: include_str!("input_unusable.md"),
};
