//! FLD042: whether the ZIP code has 5 or 9 digits and is not all zeros.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD042",
    name: "zip-code-invalid",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ZipCode),
    message: "the ZIP code does not have 5 or 9 digits",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.zip_code.is_empty(),
        violates: |encounter, _| !facts::is_zip(encounter.zip_code),
    }),
    page: include_str!("zip_code_invalid.md"),
};
