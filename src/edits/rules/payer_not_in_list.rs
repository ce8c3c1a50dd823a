//! FLD032: whether the payer is one of the values that the layout lists.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD032",
    name: "payer-not-in-list",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::Payer),
    message: "the payer is not in the list of the layout",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.payer.is_blank(),
        violates: |encounter, _| encounter.payer.is_unreadable(),
    }),
    page: include_str!("payer_not_in_list.md"),
};
