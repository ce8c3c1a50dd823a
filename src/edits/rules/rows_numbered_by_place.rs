//! FIL032: whether the rows of an input have no number of their own and are numbered by their place.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL032",
    name: "rows-numbered-by-place",
    severity: Severity::Info,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "the rows have no number and are numbered by their place: rows that are alike are kept, and rows sent twice are counted twice",
    test: Test::Input {
        applies: |input| input.fault.is_empty(),
        violates: |input| input.numbered_by_place,
        shows: |input| input.read.to_string(),
    },
    page: include_str!("rows_numbered_by_place.md"),
};
