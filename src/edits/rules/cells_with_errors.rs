//! FIL012: whether cells of a workbook hold an error instead of a value.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL012",
    name: "cells-with-errors",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "cells of the workbook hold errors",
    test: Test::Input {
        applies: |input| input.fault.is_empty(),
        violates: |input| input.error_cells > 0,
        shows: |input| input.error_cells.to_string(),
    },
    page: include_str!("cells_with_errors.md"),
};
