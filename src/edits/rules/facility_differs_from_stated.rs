//! FIL101: whether the facility of a record is the one stated for its feed (`expected_facility`).

use crate::{
    edits::rule::{EditContext, Rule, RulePeriod, asked},
    partition::encounter::Encounter,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL101",
    name: "facility-differs-from-stated",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::FacilityId),
    message: "the facility is not the one that the pipeline file states for this feed",
    test: asked!(Encounter {
        applies: |encounter, context| expected(encounter, context).is_some() && !encounter.facility_id.is_empty(),
        violates: |encounter, context| Some(encounter.facility_id) != expected(encounter, context),
    }),
    page: include_str!("facility_differs_from_stated.md"),
};

/// The facility that the pipeline states for the record's feed; `None` where it states none.
fn expected<'c>(encounter: &Encounter<'_>, context: &'c EditContext) -> Option<&'c str> {
    context.expected_facilities.get(usize::from(encounter.row.feed())).and_then(Option::as_deref)
}
