//! FIL035: whether the name of an input has the date by which its feed is ordered.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL035",
    name: "file-name-without-date",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "the feed is ordered by the dates in the names of its files, and this name has none",
    test: Test::Input {
        applies: |input| !input.delivery.is_empty(),
        violates: |input| input.undated,
        shows: |_| String::new(),
    },
    page: include_str!("file_name_without_date.md"),
};
