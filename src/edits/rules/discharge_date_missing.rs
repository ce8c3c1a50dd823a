//! FLD005: whether a record of a patient who left has the discharge date.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
    record::vocabulary::DischargeStatus,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD005",
    name: "discharge-date-missing",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeDate),
    message: "the discharge date is missing",
    test: asked!(Encounter {
        applies: |encounter, context| {
            context.is_mapped(Field::DischargeDate)
                && encounter.discharge_status.value() != Some(DischargeStatus::STILL_A_PATIENT)
        },
        violates: |encounter, _| encounter.discharge_date.is_blank() && encounter.partial.discharge.is_none(),
    }),
    page: include_str!("discharge_date_missing.md"),
};
