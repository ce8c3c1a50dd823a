//! FIL040: whether the files of a feed came that are due.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL040",
    name: "expected-file-missing",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "a file is due and did not come",
    test: Test::Input {
        applies: |_| true,
        violates: |input| !input.missing.is_empty(),
        shows: |input| input.missing.clone(),
    },
    page: include_str!("expected_file_missing.md"),
};
