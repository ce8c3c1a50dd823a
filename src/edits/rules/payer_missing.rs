//! FLD008: whether a record has the payer.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD008",
    name: "payer-missing",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::Payer),
    message: "the payer is missing",
    test: asked!(Encounter {
        applies: |_, context| context.is_mapped(Field::Payer),
        violates: |encounter, _| encounter.payer.is_blank(),
    }),
    page: include_str!("payer_missing.md"),
};
