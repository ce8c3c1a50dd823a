//! FIL020: whether cells of a workbook hold a formula without a stored value.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL020",
    name: "formulas-without-value",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "cells of the workbook hold formulas without a stored value",
    test: Test::Input {
        applies: |input| input.fault.is_empty(),
        violates: |input| input.formulas_without_value > 0,
        shows: |input| input.formulas_without_value.to_string(),
    },
    page: include_str!("formulas_without_value.md"),
};
