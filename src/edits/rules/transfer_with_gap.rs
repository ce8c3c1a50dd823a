//! PAT008: whether the patient was transferred to another short-term hospital (status 02 or 82) and is admitted at another facility one to three days later, not on the same day.

use crate::{
    edits::{
        rule::{Rule, RulePeriod, Test},
        stay::JoinKey,
    },
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "PAT008",
    name: "transfer-with-gap",
    severity: Severity::Info,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AdmissionDate),
    message: "the patient arrives one to three days after the transfer",
    test: Test::Patient {
        together: JoinKey::PatientNumber,
        applies: |records, place, _| {
            let before = records.lasting_before[place].map(|before| &records.stays[before]);
            before.is_some_and(|before| before.transferred && before.facility_id != records.stays[place].facility_id)
        },
        violates: |records, place, _| {
            let before = records.lasting_before[place]?;
            let ((admission, _), (_, ended)) = (records.stays[place].days()?, records.stays[before].days()?);
            (1..=3).contains(&(admission.0 - ended.0)).then_some(before)
        },
    },
    page: include_str!("transfer_with_gap.md"),
};
