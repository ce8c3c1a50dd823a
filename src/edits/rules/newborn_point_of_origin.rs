//! LOG114: whether a newborn admission (type 4) has point of origin 5 (born inside) or 6 (born outside).

use crate::{
    edits::rule::{Life, Rule, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG114",
    name: "newborn-point-of-origin",
    severity: Severity::Error,
    life: Life::ALWAYS,
    field: Some(Field::PointOfOrigin),
    message: "the point of origin is not in the list for newborns",
    test: asked!(Encounter {
        applies: |encounter, _| {
            encounter.admission_type.value().is_some() && encounter.point_of_origin.value().is_some()
        },
        violates: |encounter, _| {
            encounter
                .admission_type
                .value()
                .zip(encounter.point_of_origin.value())
                .is_some_and(|(kind, origin)| !origin.allowed_with(kind))
        },
    }),
    page: include_str!("newborn_point_of_origin.md"),
};
