//! COD110: whether the discharge lies within the years that the code tables know.

use crate::{
    codeset::sets::LAST_KNOWN_DAY,
    edits::rule::{Rule, RulePeriod, asked},
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD110",
    name: "discharge-after-code-tables",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeDate),
    message: "the code tables end before the discharge; its codes are judged by the last year they know",
    test: asked!(Encounter {
        applies: |encounter, _| encounter.discharge_date.value().is_some(),
        violates: |encounter, _| encounter.discharge_date.value().is_some_and(|moment| moment.day > LAST_KNOWN_DAY),
    }),
    page: include_str!("discharge_after_code_tables.md"),
};
