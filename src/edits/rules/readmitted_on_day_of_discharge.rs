//! PAT007: whether the patient is admitted again at the same facility on the day of a discharge.

use crate::{
    edits::{
        rule::{Rule, RulePeriod, Test},
        stay::JoinKey,
    },
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "PAT007",
    name: "readmitted-on-day-of-discharge",
    severity: Severity::Info,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AdmissionDate),
    message: "the patient is admitted again at the same facility on the day of discharge",
    test: Test::Patient {
        together: JoinKey::PatientNumber,
        applies: |records, place, _| records.stays[place].days().is_some() && records.lasting_before[place].is_some(),
        violates: |records, place, _| {
            let (own, before) = (&records.stays[place], records.lasting_before[place]?);
            let other = &records.stays[before];
            let ((admission, _), (_, ended)) = (own.days()?, other.days()?);
            (admission == ended
                && other.days() != own.days()
                && other.facility_id == own.facility_id
                && !own.contradicts(other))
            .then_some(before)
        },
    },
    page: include_str!("readmitted_on_day_of_discharge.md"),
};
