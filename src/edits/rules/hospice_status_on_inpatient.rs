//! LOG129: whether an inpatient record has status 40, 41 or 42, which are for hospice claims.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
    record::vocabulary::DischargeStatus,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG129",
    name: "hospice-status-on-inpatient",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeStatus),
    message: "a status for hospice claims (40 to 42) stands on an inpatient record",
    test: asked!(Encounter {
        applies: |encounter, _| encounter.discharge_status.value().is_some() && encounter.is_inpatient(),
        violates: |encounter, _| encounter.discharge_status.value().is_some_and(DischargeStatus::is_of_hospice_claim),
    }),
    page: include_str!("hospice_status_on_inpatient.md"),
};
