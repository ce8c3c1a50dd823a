//! TAB012: whether the deaths register speaks of every facility and day on which inpatients died: of the months from its first entry of the facility through its last.

use crate::{
    edits::{
        between_tables::AskedOfEach,
        rule::{Rule, RulePeriod, Test},
    },
    record::{field::CanonicalTable, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "TAB012",
    name: "deaths-register-does-not-speak",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "the deaths register does not speak of a time in which patients died",
    test: Test::Tables {
        of: AskedOfEach::Days,
        table: CanonicalTable::Deaths,
        applies: |subject, _| subject.day().is_some_and(|day| day.deaths_cover.is_asked()),
        violates: |subject, _| subject.day().is_some_and(|day| day.deaths_cover.begins_missing()),
        shows: |subject| subject.day().map_or(String::new(), |day| day.missing_through(day.deaths_cover)),
    },
    page: include_str!("deaths_register_does_not_speak.md"),
};
