//! FIL009: whether an input has columns that its layout maps to no field.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL009",
    name: "columns-unmapped",
    severity: Severity::Info,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "columns of the export are not mapped by its layout",
    test: Test::Input {
        applies: |input| input.fault.is_empty(),
        violates: |input| !input.unmapped_columns.is_empty(),
        shows: |input| input.unmapped_columns.join(", "),
    },
    page: include_str!("columns_unmapped.md"),
};
