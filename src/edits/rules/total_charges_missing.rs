//! FLD015: whether a record has the total charges.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD015",
    name: "total-charges-missing",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::TotalCharges),
    message: "the total charges are missing",
    test: asked!(Encounter {
        applies: |_, context| context.is_mapped(Field::TotalCharges),
        violates: |encounter, _| encounter.total_charges.is_blank(),
    }),
    page: include_str!("total_charges_missing.md"),
};
