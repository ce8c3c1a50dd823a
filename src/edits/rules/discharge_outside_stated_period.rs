//! FIL103: whether a record was discharged in the period that is stated for its feed (`expected_period`).

use crate::{
    edits::facts,
    edits::rule::{EditContext, Rule, RulePeriod, asked},
    partition::encounter::Encounter,
    record::{field::Field, finding::Severity, period::Period},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL103",
    name: "discharge-outside-stated-period",
    severity: Severity::Fatal,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeDate),
    message: "the discharge lies outside the period that the pipeline file states for this feed",
    test: asked!(Encounter {
        applies: |encounter, context| {
            expected(encounter, context).is_some() && facts::discharged(encounter).is_some()
        },
        violates: |encounter, context| {
            let period = expected(encounter, context);
            period.zip(facts::discharged(encounter)).is_some_and(|(period, day)| !period.contains(day))
        },
    }),
    page: include_str!("discharge_outside_stated_period.md"),
};

/// The period that the pipeline states for the record's feed.
fn expected<'c>(encounter: &Encounter<'_>, context: &'c EditContext) -> Option<&'c Period> {
    context.expected_periods.get(usize::from(encounter.row.feed()))?.as_ref()
}
