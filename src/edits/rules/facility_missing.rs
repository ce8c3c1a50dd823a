//! FLD003: whether a record has the facility.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD003",
    name: "facility-missing",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::FacilityId),
    message: "the facility is missing",
    test: asked!(Encounter {
        applies: |_, context| context.is_mapped(Field::FacilityId),
        violates: |encounter, _| encounter.facility_id.is_empty(),
    }),
    page: include_str!("facility_missing.md"),
};
