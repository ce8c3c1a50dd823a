//! FIL101: whether the facility of a record is the one stated for its feed (`expected_facility`).

use crate::{
    edits::rule::{Context, Life, Rule, asked},
    partition::encounter::Encounter,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL101",
    name: "facility-differs-from-stated",
    severity: Severity::Error,
    life: Life::ALWAYS,
    field: Some(Field::FacilityId),
    message: "the facility is not the one that the pipeline file states for this feed",
    test: asked!(Encounter {
        applies: |encounter, context| !expected(encounter, context).is_empty() && !encounter.facility_id.is_empty(),
        violates: |encounter, context| encounter.facility_id != expected(encounter, context),
    }),
    page: include_str!("facility_differs_from_stated.md"),
};

/// The facility that the pipeline states for the record's feed.
fn expected<'c>(encounter: &Encounter<'_>, context: &'c Context) -> &'c str {
    context.expected_facilities.get(usize::from(encounter.row.feed())).map_or("", String::as_str)
}
