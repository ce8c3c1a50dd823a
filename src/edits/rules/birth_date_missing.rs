//! FLD006: whether a record has the birth date.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD006",
    name: "birth-date-missing",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::BirthDate),
    message: "the birth date is missing",
    test: asked!(Encounter {
        applies: |encounter, context| context.is_expected(Field::BirthDate, encounter),
        violates: |encounter, _| encounter.birth_date.is_blank() && encounter.partial.birth.is_none(),
    }),
    page: include_str!("birth_date_missing.md"),
};
