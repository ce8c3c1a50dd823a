//! FIL005: whether rows of an input repeat other rows of the same feed in every column.

use crate::{
    edits::rule::{Life, Rule, Test},
    record::{delivery::Content, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL005",
    name: "rows-repeated",
    severity: Severity::Warning,
    life: Life::ALWAYS,
    field: None,
    message: "rows repeat other rows in every column",
    test: Test::Input {
        applies: |input| input.read > 0 && input.delivery != Content::Full.name(),
        violates: |input| input.duplicate > 0,
        shows: |input| input.duplicate.to_string(),
    },
    page: include_str!("rows_repeated.md"),
};
