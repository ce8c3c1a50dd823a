//! FLD004: whether a record has the admission date.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD004",
    name: "admission-date-missing",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AdmissionDate),
    message: "the admission date is missing",
    test: asked!(Encounter {
        applies: |_, context| context.is_mapped(Field::AdmissionDate),
        violates: |encounter, _| encounter.admission_date.is_blank() && encounter.partial.admission.is_none(),
    }),
    page: include_str!("admission_date_missing.md"),
};
