//! FLD052: whether the birth date lies on or before the business date of the run (2026-11-01 in the example).

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD052",
    name: "birth-date-in-future",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::BirthDate),
    message: "the birth date lies after the business date; data with shifted dates need --as-of",
    test: asked!(Encounter {
        applies: |encounter, _| encounter.birth_date.value().is_some(),
        violates: |encounter, context| encounter.birth_date.value().is_some_and(|day| day > context.business_date),
    }),
    page: include_str!("birth_date_in_future.md"),
};
