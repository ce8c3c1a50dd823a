//! CNV106: whether an unknown code of seven characters has a seventh character that the list of its category does not have.

use crate::{
    edits::conventions,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "CNV106",
    name: "seventh-character-not-in-list",
    severity: Severity::Warning,
    life: RulePeriod::from(conventions::IN_FORCE_FROM),
    field: Some(Field::DiagnosisCode),
    message: "the seventh character is not in the list of the category",
    test: asked!(Diagnosis {
        applies: |_, diagnosis, _| {
            conventions::is_unknown_icd10(diagnosis) && conventions::has_list_of_seventh(diagnosis)
        },
        violates: |_, diagnosis, _| { conventions::seventh_not_listed(diagnosis) },
        passes_over: |encounter, _| encounter.all_in_force.then_some(0),
    }),
    page: include_str!("seventh_character_not_in_list.md"),
};
