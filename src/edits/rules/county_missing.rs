//! FLD069: whether a record has the county of residence.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD069",
    name: "county-missing",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::County),
    message: "the county of residence is missing",
    test: asked!(Encounter {
        applies: |_, context| context.is_mapped(Field::County),
        violates: |encounter, _| encounter.county.is_empty(),
    }),
    page: include_str!("county_missing.md"),
};
