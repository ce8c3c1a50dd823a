//! FLD031: whether the sex is one of the values of its list.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD031",
    name: "sex-not-in-list",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::Sex),
    message: "the sex is not in its list",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.sex.is_blank(),
        violates: |encounter, _| encounter.sex.is_unreadable(),
    }),
    page: include_str!("sex_not_in_list.md"),
};
