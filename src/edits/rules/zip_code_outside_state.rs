//! FLD064: whether the ZIP code is one of the state of residence.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
    record::state,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD064",
    name: "zip-code-outside-state",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ZipCode),
    message: "the ZIP code is not of the state of residence",
    test: asked!(Encounter {
        applies: |encounter, _| { state::zip_is_of(encounter.zip_code, encounter.state).is_some() },
        violates: |encounter, _| { state::zip_is_of(encounter.zip_code, encounter.state) == Some(false) },
    }),
    page: include_str!("zip_code_outside_state.md"),
};
