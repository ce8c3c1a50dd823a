//! FIL016: where state is kept: whether an earlier run took an input of the same name with another SHA-256.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL016",
    name: "input-of-another-version",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "a file of this name was taken before with other bytes; this is another version of it",
    test: Test::Input {
        applies: |input| input.bytes > 0,
        violates: |input| input.other_version,
        shows: |_| String::new(),
    },
    page: include_str!("input_of_another_version.md"),
};
