//! LOG120: whether an inpatient record has status 09, which is for outpatient bills.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
    record::vocabulary::DischargeStatus,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG120",
    name: "outpatient-status-on-inpatient",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeStatus),
    message: "status 09 (admitted as an inpatient) stands on an inpatient record",
    test: asked!(Encounter {
        applies: |encounter, _| encounter.discharge_status.value().is_some() && encounter.is_inpatient(),
        violates: |encounter, _| encounter.discharge_status.value() == Some(DischargeStatus(9)),
    }),
    page: include_str!("outpatient_status_on_inpatient.md"),
};
