//! LOG152: whether the outcome of delivery (Z37) and the liveborn infant (Z38) stand on one record.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::diagnosis_kinds::DiagnosisKinds,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG152",
    name: "outcome-of-delivery-on-newborn",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the outcome of delivery, which is the mother's, stands on the record of a newborn",
    test: asked!(Encounter {
        applies: |encounter, _| { encounter.kinds.any(DiagnosisKinds::LIVEBORN) },
        violates: |encounter, _| { encounter.kinds.any(DiagnosisKinds::OUTCOME_OF_DELIVERY) },
    }),
    page: include_str!("outcome_of_delivery_on_newborn.md"),
};
