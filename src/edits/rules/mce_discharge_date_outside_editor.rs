//! MCE000: whether the Medicare Code Editor has tables of the day of discharge of an inpatient.

use crate::{
    codeset::sets::LAST_KNOWN_DAY,
    edits::facts,
    edits::mce::days,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE000",
    name: "discharge-date-outside-editor",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeDate),
    message: "the Medicare Code Editor has no tables of the day of discharge; its edits are not applied",
    test: asked!(Encounter {
        applies: |encounter, _| {
            encounter.is_inpatient() && facts::discharged(encounter).is_some_and(|day| day <= LAST_KNOWN_DAY)
        },
        violates: |encounter, _| facts::discharged(encounter).is_some_and(|day| !days::are_known(day)),
    }),
    page: include_str!("mce_discharge_date_outside_editor.md"),
};
