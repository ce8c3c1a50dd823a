//! FLD018: whether every record has an ethnicity.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD018",
    name: "ethnicity-missing",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::Ethnicity),
    message: "the ethnicity is missing",
    test: asked!(Encounter {
        applies: |encounter, context| context.is_expected(Field::Ethnicity, encounter),
        violates: |encounter, _| encounter.ethnicity.is_empty(),
    }),
    page: include_str!("ethnicity_missing.md"),
};
