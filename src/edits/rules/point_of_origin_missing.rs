//! FLD012: whether a record has the point of origin.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD012",
    name: "point-of-origin-missing",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::PointOfOrigin),
    message: "the point of origin is missing",
    test: asked!(Encounter {
        applies: |_, context| context.is_mapped(Field::PointOfOrigin),
        violates: |encounter, _| encounter.point_of_origin.is_blank(),
    }),
    page: include_str!("point_of_origin_missing.md"),
};
