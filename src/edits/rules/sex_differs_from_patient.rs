//! TAB005: whether the sex of the encounter is that of the patient's row, where both state it. The encounter's own is used.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "TAB005",
    name: "sex-differs-from-patient",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::Sex),
    message: "the sex differs from the one of the patients export",
    test: asked!(Encounter {
        applies: |encounter, _| encounter.patient.is_some(),
        violates: |encounter, _| encounter.patient_differs.sex,
    }),
    page: include_str!("sex_differs_from_patient.md"),
};
