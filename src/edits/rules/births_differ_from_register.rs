//! TAB013: whether a facility has as many records of infants born there on a day as the birth register counts live births.

use crate::{
    edits::{
        between_tables::AskedOfEach,
        rule::{Rule, RulePeriod, Test},
    },
    record::{field::CanonicalTable, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "TAB013",
    name: "births-differ-from-register",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "the birth register counts another number of live births that day",
    test: Test::Tables {
        of: AskedOfEach::Days,
        table: CanonicalTable::Births,
        applies: |subject, _| {
            subject.day().is_some_and(|day| {
                let told = day.tally.births > 0 || day.registered.is_some_and(|registered| registered > 0);
                day.in_span && day.births_asked && day.registered.is_some() && told
            })
        },
        violates: |subject, _| subject.day().is_some_and(|day| day.registered != Some(day.tally.births)),
        shows: |subject| {
            subject.day().map_or(String::new(), |day| {
                let registered = day.registered.unwrap_or(0);
                format!("{}: {}, register {registered}, records {}", day.facility_id, day.day, day.tally.births)
            })
        },
    },
    page: include_str!("births_differ_from_register.md"),
};
