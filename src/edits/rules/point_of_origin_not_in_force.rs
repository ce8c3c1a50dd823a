//! FLD061: whether the point of origin was in the list on the day of discharge.

use crate::{
    edits::facts,
    edits::rule::{Life, Rule, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD061",
    name: "point-of-origin-not-in-force",
    severity: Severity::Error,
    life: Life::ALWAYS,
    field: Some(Field::PointOfOrigin),
    message: "the point of origin was not yet in force on the day of discharge",
    test: asked!(Encounter {
        applies: |encounter, _| {
            encounter.point_of_origin.value().is_some() && facts::discharged(encounter).is_some()
        },
        violates: |encounter, _| {
            facts::discharged(encounter)
                .zip(encounter.point_of_origin.value())
                .is_some_and(|(day, origin)| !origin.in_force(day))
        },
    }),
    page: include_str!("point_of_origin_not_in_force.md"),
};
