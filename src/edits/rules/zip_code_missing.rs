//! FLD014: whether a record has the ZIP code of residence.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD014",
    name: "zip-code-missing",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ZipCode),
    message: "the ZIP code of residence is missing",
    test: asked!(Encounter {
        applies: |encounter, context| context.is_expected(Field::ZipCode, encounter),
        violates: |encounter, _| encounter.zip_code.is_empty(),
    }),
    page: include_str!("zip_code_missing.md"),
};
