//! FLD071: whether the type of admission was in the list on the day of discharge.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD071",
    name: "admission-type-not-in-force",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AdmissionType),
    message: "the type of admission was not in force on the day of discharge",
    test: asked!(Encounter {
        applies: |encounter, _| encounter.admission_type.value().is_some() && facts::discharged(encounter).is_some(),
        violates: |encounter, _| {
            facts::discharged(encounter)
                .zip(encounter.admission_type.value())
                .is_some_and(|(day, admission)| !admission.in_force(day))
        },
    }),
    page: include_str!("admission_type_not_in_force.md"),
};
