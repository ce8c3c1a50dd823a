//! FLD036: whether the point of origin is one of the values of its list.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD036",
    name: "point-of-origin-not-in-list",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::PointOfOrigin),
    message: "the point of origin is not in its list",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.point_of_origin.is_blank(),
        violates: |encounter, _| encounter.point_of_origin.is_unreadable(),
    }),
    page: include_str!("point_of_origin_not_in_list.md"),
};
