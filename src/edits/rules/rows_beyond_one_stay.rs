//! FIL051: whether an encounter number has more rows than one stay can have.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::{account::grouped, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL051",
    name: "rows-beyond-one-stay",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "an encounter number has more rows than one stay can have",
    test: Test::Input {
        applies: |input| input.fault.is_empty(),
        violates: |input| input.rows_beyond_one_stay > 0,
        shows: |input| format!("{} rows behind the most of one stay", grouped(input.rows_beyond_one_stay)),
    },
    page: include_str!("rows_beyond_one_stay.md"),
};
