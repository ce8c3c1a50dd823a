//! LOG102: whether the patient was born on or before the day of admission.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG102",
    name: "admission-before-birth",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::BirthDate),
    message: "the admission lies before the birth; a stated age, where there is one, stands in its place",
    test: asked!(Encounter {
        applies: |encounter, _| facts::admitted(encounter).is_some() && encounter.birth_date.value().is_some(),
        violates: |encounter, _| facts::admitted(encounter) < encounter.birth_date.value(),
    }),
    page: include_str!("admission_before_birth.md"),
};
