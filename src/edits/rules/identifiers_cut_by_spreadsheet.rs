//! FIL030: whether identifiers stand in scientific notation (4.56E+09), as a spreadsheet writes a long number.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::{account::counts_by_field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL030",
    name: "identifiers-cut-by-spreadsheet",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "identifiers stand in scientific notation: a spreadsheet has cut their digits, and different ones have become equal",
    test: Test::Input {
        applies: |input| input.fault.is_empty(),
        violates: |input| !input.cut_identifiers.is_empty(),
        shows: |input| counts_by_field(&input.cut_identifiers),
    },
    page: include_str!("identifiers_cut_by_spreadsheet.md"),
};
