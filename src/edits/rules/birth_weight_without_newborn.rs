//! LOG156: whether a record with a birth weight is that of an infant in the first year: a newborn by type of admission, or of age 0.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
    record::vocabulary::AdmissionType,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG156",
    name: "birth-weight-without-newborn",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::BirthWeight),
    message: "a birth weight stands on the record of a patient who is no newborn",
    test: asked!(Encounter {
        applies: |encounter, _| {
            encounter.birth_weight_grams.value().is_some() && encounter.possible_ages().is_some()
        },
        violates: |encounter, _| {
            encounter.admission_type.value() != Some(AdmissionType::NEWBORN)
                && encounter.possible_ages().is_some_and(|(youngest, _)| youngest > 0)
        },
    }),
    page: include_str!("birth_weight_without_newborn.md"),
};
