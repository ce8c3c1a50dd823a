//! FIL015: whether an input has values of more than 32,767 bytes in columns that are mapped.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL015",
    name: "values-too-long-to-show",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "values of more than 32,767 bytes are read whole and shown in lists by their begin",
    test: Test::Input {
        applies: |input| input.bytes > 0,
        violates: |input| input.long_values > 0,
        shows: |input| input.long_values.to_string(),
    },
    page: include_str!("values_too_long_to_show.md"),
};
