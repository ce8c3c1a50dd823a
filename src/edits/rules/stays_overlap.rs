//! PAT002: whether the patient is admitted while another inpatient stay of the same patient lasts. The day of a transfer belongs to both stays; a stay that is there twice is PAT001.

use crate::{
    edits::{
        rule::{Rule, RulePeriod, Test},
        stay::JoinKey,
    },
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "PAT002",
    name: "stays-overlap",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AdmissionDate),
    message: "the patient is admitted while another inpatient stay lasts",
    test: Test::Patient {
        together: JoinKey::PatientNumber,
        applies: |records, place, _| records.stays[place].days().is_some() && records.lasting_before[place].is_some(),
        violates: |records, place, _| {
            let (own, before) = (&records.stays[place], records.lasting_before[place]?);
            let other = &records.stays[before];
            let ((admission, _), (_, ended)) = (own.days()?, other.days()?);
            let same_stay = other.facility_id == own.facility_id && other.days() == own.days();
            (admission < ended && !same_stay && !own.contradicts(other)).then_some(before)
        },
    },
    page: include_str!("stays_overlap.md"),
};
