//! LOG159: whether a patient who left against medical advice or discontinued care (status 07) has no planned readmission marked beside the status.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG159",
    name: "left-against-advice-with-planned-readmission",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::PlannedReadmission),
    message: "the patient left against advice, and a readmission is planned",
    test: asked!(Encounter {
        applies: |encounter, _| {
            encounter.discharge_status.value().is_some_and(|status| status.0 == 7)
                && encounter.planned_readmission.value().is_some()
        },
        violates: |encounter, _| encounter.planned_readmission.value() == Some(true),
    }),
    page: include_str!("left_against_advice_with_planned_readmission.md"),
};
