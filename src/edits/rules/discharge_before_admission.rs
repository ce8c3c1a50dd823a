//! LOG101: whether the discharge comes after the admission.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::date::Moment,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG101",
    name: "discharge-before-admission",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeDate),
    message: "the discharge lies before the admission",
    test: asked!(Encounter {
        applies: |encounter, _| facts::admitted(encounter).is_some() && facts::discharged(encounter).is_some(),
        violates: |encounter, _| match (encounter.admission_date.value(), encounter.discharge_date.value()) {
            // Midnight at the end of a stay is as often a time that was never entered: it is no earlier than its day.
            (Some(admission @ Moment { minute: Some(_), .. }), Some(discharge @ Moment { minute: Some(1..), .. })) => {
                discharge.is_before(admission)
            }
            (Some(admission), Some(discharge)) => discharge.day < admission.day,
            _ => false,
        },
    }),
    page: include_str!("discharge_before_admission.md"),
};
