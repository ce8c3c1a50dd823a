//! FLD009: whether a record has the discharge status.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD009",
    name: "discharge-status-missing",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeStatus),
    message: "the discharge status is missing",
    test: asked!(Encounter {
        applies: |_, context| context.is_mapped(Field::DischargeStatus),
        violates: |encounter, _| encounter.discharge_status.is_blank(),
    }),
    page: include_str!("discharge_status_missing.md"),
};
