//! LOG114: whether a newborn admission (type 4) has a point of origin of the list for newborns.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
    record::vocabulary::AdmissionType,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG114",
    name: "newborn-point-of-origin",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::PointOfOrigin),
    message: "the point of origin is not in the list for newborns",
    test: asked!(Encounter {
        applies: |encounter, _| {
            encounter.admission_type.value() == Some(AdmissionType::NEWBORN)
                && encounter.point_of_origin.value().is_some()
        },
        violates: |encounter, context| {
            let on = facts::discharged(encounter).unwrap_or(context.business_date);
            encounter.point_of_origin.value().is_some_and(|origin| !origin.in_force_for_newborns(on))
        },
    }),
    page: include_str!("newborn_point_of_origin.md"),
};
