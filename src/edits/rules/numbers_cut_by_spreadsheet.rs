//! FIL013: whether a workbook keeps numbers of more than 15 digits as numbers.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL013",
    name: "numbers-cut-by-spreadsheet",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "numbers of more than 15 digits, of which a spreadsheet keeps 15",
    test: Test::Input {
        applies: |input| input.fault.is_empty(),
        violates: |input| input.long_numbers > 0,
        shows: |input| input.long_numbers.to_string(),
    },
    page: include_str!("numbers_cut_by_spreadsheet.md"),
};
