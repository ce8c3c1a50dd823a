//! TAB016: whether the birth register speaks of every facility and day of which the records tell a birth: of the months from its first entry of the facility through its last.

use crate::{
    edits::{
        between_tables::AskedOfEach,
        rule::{Rule, RulePeriod, Test},
    },
    record::{field::CanonicalTable, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "TAB016",
    name: "birth-register-does-not-speak",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "the birth register does not speak of a time in which infants were born",
    test: Test::Tables {
        of: AskedOfEach::Days,
        table: CanonicalTable::Births,
        applies: |subject, _| subject.day().is_some_and(|day| day.births_cover.is_asked()),
        violates: |subject, _| subject.day().is_some_and(|day| day.births_cover.begins_missing()),
        shows: |subject| subject.day().map_or(String::new(), |day| day.missing_through(day.births_cover)),
    },
    page: include_str!("birth_register_does_not_speak.md"),
};
