//! FIL021: whether cells of a workbook are dates, times or booleans where a text, a code or a number belongs.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL021",
    name: "cells-of-other-type",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "cells of the workbook are dates, times or TRUE and FALSE where a text, a code or a number belongs",
    test: Test::Input {
        applies: |input| input.fault.is_empty(),
        violates: |input| input.cells_of_other_type > 0,
        shows: |input| input.cells_of_other_type.to_string(),
    },
    page: include_str!("cells_of_other_type.md"),
};
