//! FIL050: whether a column that is counted by has more different values than such a column can have.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::{account::too_many_values, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL050",
    name: "values-too-many",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "a column has too many different values to count each; account numbers are such values",
    test: Test::Input {
        applies: |input| input.fault.is_empty(),
        violates: |input| !input.too_many_values.is_empty(),
        shows: |input| too_many_values(&input.too_many_values),
    },
    page: include_str!("values_too_many.md"),
};
