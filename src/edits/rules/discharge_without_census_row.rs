//! TAB007: whether the daily census has a row for every facility and day on which inpatients were discharged.

use crate::{
    edits::{
        between_tables::AskedOfEach,
        rule::{Rule, RulePeriod, Test},
    },
    record::{field::CanonicalTable, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "TAB007",
    name: "discharge-without-census-row",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "the census has no row for a day of discharges",
    test: Test::Tables {
        of: AskedOfEach::Days,
        table: CanonicalTable::Census,
        applies: |subject, _| subject.day().is_some_and(|day| day.census_cover.is_asked()),
        violates: |subject, _| subject.day().is_some_and(|day| day.census_cover.begins_missing()),
        shows: |subject| subject.day().map_or(String::new(), |day| day.missing_through(day.census_cover)),
    },
    page: include_str!("discharge_without_census_row.md"),
};
