//! FIL008: whether the text of an input is in another encoding than UTF-8.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL008",
    name: "encoding-guessed",
    severity: Severity::Info,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "the text is not UTF-8; its encoding is named on the run sheet",
    test: Test::Input {
        applies: |input| input.fault.is_empty(),
        violates: |input| !matches!(input.encoding.as_str(), "" | "UTF-8" | "workbook"),
        shows: |input| input.encoding.clone(),
    },
    page: include_str!("encoding_guessed.md"),
};
