//! FLD007: whether a record has the sex.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD007",
    name: "sex-missing",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::Sex),
    message: "the sex is missing",
    test: asked!(Encounter {
        applies: |encounter, context| context.is_expected(Field::Sex, encounter),
        violates: |encounter, _| encounter.sex.is_blank(),
    }),
    page: include_str!("sex_missing.md"),
};
