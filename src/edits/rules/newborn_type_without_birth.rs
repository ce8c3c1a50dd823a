//! LOG112: whether a newborn admission (type 4) was admitted on the day of birth or the day after.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
    record::vocabulary::AdmissionType,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG112",
    name: "newborn-type-without-birth",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AdmissionType),
    message: "the type of admission is newborn, and the birth is not on the day of admission or the day before",
    test: asked!(Encounter {
        applies: |encounter, _| {
            encounter.admission_type.value() == Some(AdmissionType::NEWBORN)
                && facts::admitted(encounter).is_some()
                && encounter.birth_date.value().is_some()
                && encounter.birth_date.value() <= facts::admitted(encounter)
        },
        violates: |encounter, _| {
            facts::admitted(encounter)
                .zip(encounter.birth_date.value())
                .is_some_and(|(admitted, birth)| admitted.0 - birth.0 > 1)
        },
    }),
    page: include_str!("newborn_type_without_birth.md"),
};
