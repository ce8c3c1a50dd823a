//! PAT001: whether another record of the same patient has the same facility and the same days of admission and discharge.

use crate::{
    edits::{
        rule::{Rule, RulePeriod, Test},
        stay::JoinKey,
    },
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "PAT001",
    name: "same-stay-twice",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::EncounterId),
    message: "another record has the same patient, facility and days",
    test: Test::Patient {
        together: JoinKey::PatientNumber,
        applies: |records, place, _| records.stays[place].days().is_some() && records.stays.len() > 1,
        violates: |records, place, _| {
            let (own, before) = (&records.stays[place], place.checked_sub(1)?);
            let other = &records.stays[before];
            // The stays of one day and facility are neighbours.
            (other.facility_id == own.facility_id && other.days() == own.days() && !own.contradicts(other))
                .then_some(before)
        },
    },
    page: include_str!("same_stay_twice.md"),
};
