//! FLD033: whether the discharge status is one of the values of its list.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD033",
    name: "discharge-status-not-in-list",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeStatus),
    message: "the discharge status is not in its list",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.discharge_status.is_blank(),
        violates: |encounter, _| encounter.discharge_status.is_unreadable(),
    }),
    page: include_str!("discharge_status_not_in_list.md"),
};
