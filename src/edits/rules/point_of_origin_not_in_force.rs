//! FLD061: whether the point of origin was in the list on the day of discharge.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
    record::vocabulary::AdmissionType,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD061",
    name: "point-of-origin-not-in-force",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::PointOfOrigin),
    message: "the point of origin was not in force on the day of discharge",
    test: asked!(Encounter {
        applies: |encounter, _| {
            encounter.point_of_origin.value().is_some()
                && encounter.admission_type.value() != Some(AdmissionType::NEWBORN)
        },
        violates: |encounter, context| {
            let on = facts::discharged(encounter).unwrap_or(context.business_date);
            encounter.point_of_origin.value().is_some_and(|origin| !origin.in_force(on))
        },
    }),
    page: include_str!("point_of_origin_not_in_force.md"),
};
