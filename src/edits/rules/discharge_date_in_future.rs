//! FLD051: whether the discharge date lies on or before the business date of the run (2026-11-01 in the example).

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD051",
    name: "discharge-date-in-future",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeDate),
    message: "the discharge date lies after the business date; data with shifted dates need --as-of",
    test: asked!(Encounter {
        applies: |encounter, _| facts::discharged(encounter).is_some(),
        violates: |encounter, context| facts::discharged(encounter).is_some_and(|day| day > context.business_date),
    }),
    page: include_str!("discharge_date_in_future.md"),
};
