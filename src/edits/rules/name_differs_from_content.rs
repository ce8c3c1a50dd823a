//! FIL014: whether the ending of a file's name says what the file is: a workbook, text, or one of them packed.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL014",
    name: "name-differs-from-content",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "the file is something else than the ending of its name says; it was read as what it is",
    test: Test::Input {
        applies: |input| input.bytes > 0,
        violates: |input| !input.named_otherwise.is_empty(),
        shows: |input| input.named_otherwise.clone(),
    },
    page: include_str!("name_differs_from_content.md"),
};
