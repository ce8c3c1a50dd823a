//! TAB009: whether the patients at the census hour are those of the day before, plus admissions, minus discharges.

use crate::{
    edits::{
        between_tables::{AskedOfEach, FacilityDay},
        rule::{Rule, RulePeriod, Test},
    },
    record::{field::CanonicalTable, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "TAB009",
    name: "census-does-not-follow",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "the census is not that of the day before with admissions and discharges",
    test: Test::Tables {
        of: AskedOfEach::Days,
        table: CanonicalTable::Census,
        applies: |subject, _| subject.day().is_some_and(|day| patients(day).is_some()),
        violates: |subject, _| {
            subject.day().and_then(patients).is_some_and(|(counted, following)| counted != following)
        },
        shows: |subject| {
            let words = subject.day().zip(subject.day().and_then(patients)).map(|(day, (counted, following))| {
                format!("{}: {}, {counted} patients, {following} by the day before", day.facility_id, day.day)
            });
            words.unwrap_or_default()
        },
    },
    page: include_str!("census_does_not_follow.md"),
};

/// The patients that the census counts, and those that follow from the day before.
fn patients(day: &FacilityDay<'_>) -> Option<(i64, i64)> {
    let (census, before) = (day.census?, day.census_before?);
    let (admissions, discharges) = (i64::from(census.admissions?), i64::from(census.discharges?));
    Some((i64::from(census.patients?), i64::from(before.patients?) + admissions - discharges))
}
