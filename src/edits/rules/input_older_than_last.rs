//! FIL017: where state is kept: whether an earlier run took a file whose name is the same but for a later day or month.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL017",
    name: "input-older-than-last",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "a later file of this kind was taken before",
    test: Test::Input {
        applies: |input| input.bytes > 0,
        violates: |input| !input.later_taken.is_empty(),
        shows: |input| input.later_taken.clone(),
    },
    page: include_str!("input_older_than_last.md"),
};
