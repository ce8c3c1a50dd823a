//! FIL010: whether a sheet has titles above or notes beneath its table.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL010",
    name: "notes-beside-table",
    severity: Severity::Info,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "text stands above or beneath the table",
    test: Test::Input {
        applies: |input| input.fault.is_empty(),
        violates: |input| input.notes > 0,
        shows: |input| input.notes.to_string(),
    },
    page: include_str!("notes_beside_table.md"),
};
