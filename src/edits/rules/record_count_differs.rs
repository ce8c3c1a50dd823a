//! FIL002: whether as many rows were read as the pipeline file or the transmittal states.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL002",
    name: "record-count-differs",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "the number of rows read differs from the number stated",
    test: Test::Input {
        applies: |input| input.expected_records.is_some(),
        violates: |input| input.expected_records.is_some_and(|stated| stated != input.read),
        shows: |input| input.read.to_string(),
    },
    page: include_str!("record_count_differs.md"),
};
