//! CNV105: whether an unknown code is one whose seventh character stands too early, without the placeholder X.

use crate::{
    edits::conventions,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "CNV105",
    name: "placeholder-missing",
    severity: Severity::Warning,
    life: RulePeriod::from(conventions::IN_FORCE_FROM),
    field: Some(Field::DiagnosisCode),
    message: "the seventh character stands too early: the placeholder X is missing",
    test: asked!(Diagnosis {
        applies: |_, diagnosis, _| { conventions::is_unknown_icd10(diagnosis) },
        violates: |_, diagnosis, _| { conventions::lacks_placeholder(diagnosis) },
        passes_over: |encounter, _| encounter.all_in_force.then_some(0),
    }),
    page: include_str!("placeholder_missing.md"),
};
