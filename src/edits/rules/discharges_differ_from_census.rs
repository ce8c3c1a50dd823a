//! TAB008: whether as many inpatients were discharged on a day, by the records, as the census of the facility counts, deaths included.

use crate::{
    edits::{
        between_tables::{AskedOfEach, FacilityDay},
        rule::{Rule, RulePeriod, Test},
    },
    record::{field::CanonicalTable, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "TAB008",
    name: "discharges-differ-from-census",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "the census counts another number of discharges that day",
    test: Test::Tables {
        of: AskedOfEach::Days,
        table: CanonicalTable::Census,
        applies: |subject, _| subject.day().is_some_and(|day| day.in_span && discharges(day).is_some()),
        violates: |subject, _| {
            subject.day().is_some_and(|day| {
                let of_adults = day.tally.discharges - day.tally.newborn_discharges;
                discharges(day).is_some_and(|counted| counted != day.tally.discharges && counted != of_adults)
            })
        },
        shows: |subject| {
            let words = subject.day().zip(subject.day().and_then(discharges)).map(|(day, counted)| {
                format!("{}: {}, census {counted}, records {}", day.facility_id, day.day, day.tally.discharges)
            });
            words.unwrap_or_default()
        },
    },
    page: include_str!("discharges_differ_from_census.md"),
};

/// The discharges that the census counts.
fn discharges(day: &FacilityDay<'_>) -> Option<u32> {
    day.census.and_then(|census| census.discharges)
}
