//! LOG101: whether the discharge lies on or after the admission.

use crate::{
    edits::facts,
    edits::rule::{Life, Rule, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG101",
    name: "discharge-before-admission",
    severity: Severity::Error,
    life: Life::ALWAYS,
    field: Some(Field::DischargeDate),
    message: "the discharge lies before the admission",
    test: asked!(Encounter {
        applies: |encounter, _| facts::admitted(encounter).is_some() && facts::discharged(encounter).is_some(),
        violates: |encounter, _| facts::discharged(encounter) < facts::admitted(encounter),
    }),
    page: include_str!("discharge_before_admission.md"),
};
