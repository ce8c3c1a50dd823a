//! LOG152: whether the outcome of delivery (Z37) and the liveborn infant (Z38) stand on one record.

use crate::{
    edits::facts,
    edits::rule::{Life, Rule, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG152",
    name: "outcome-of-delivery-on-newborn",
    severity: Severity::Warning,
    life: Life::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the outcome of delivery, which is the mother's, stands on the record of a newborn",
    test: asked!(Encounter {
        applies: |encounter, _| { encounter.diagnoses.iter().any(facts::is_liveborn) },
        violates: |encounter, _| { encounter.diagnoses.iter().any(facts::is_outcome_of_delivery) },
    }),
    page: include_str!("outcome_of_delivery_on_newborn.md"),
};
