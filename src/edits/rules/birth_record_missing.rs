//! PAT010: whether a facility has a record of birth for every infant that the mothers' outcomes of delivery say was born alive.

use crate::{
    edits::{
        between_tables::AskedOfEach,
        rule::{Rule, RulePeriod, Test},
    },
    record::{field::CanonicalTable, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "PAT010",
    name: "birth-record-missing",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "fewer records of birth than infants born alive by the mothers' outcomes of delivery",
    test: Test::Tables {
        of: AskedOfEach::Days,
        table: CanonicalTable::Encounters,
        applies: |subject, _| subject.day().is_some_and(|day| day.births_asked && day.liveborn > 0),
        violates: |subject, _| subject.day().is_some_and(|day| day.unmet > 0),
        shows: |subject| {
            subject.day().map_or(String::new(), |day| {
                format!("{}: {}, {} of {} infants without a record", day.facility_id, day.day, day.unmet, day.liveborn)
            })
        },
    },
    page: include_str!("birth_record_missing.md"),
};
