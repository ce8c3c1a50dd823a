//! FIL102: whether a record was discharged in the period of the statistics.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL102",
    name: "discharge-outside-period",
    severity: Severity::Info,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeDate),
    message: "the discharge lies outside the period of the run",
    test: asked!(Encounter {
        applies: |encounter, context| context.period.is_some() && facts::discharged(encounter).is_some(),
        violates: |encounter, context| {
            !facts::discharged(encounter)
                .is_some_and(|day| context.period.as_ref().is_some_and(|period| period.contains(day)))
        },
    }),
    page: include_str!("discharge_outside_period.md"),
};
