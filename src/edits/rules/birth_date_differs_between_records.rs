//! PAT004: whether the birth date is another than on most records of the patient.

use crate::{
    edits::{
        rule::{Rule, RulePeriod, Test},
        stay::JoinKey,
    },
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "PAT004",
    name: "birth-date-differs-between-records",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::BirthDate),
    message: "the birth date differs from other records of the patient",
    test: Test::Patient {
        together: JoinKey::PatientNumber,
        applies: |records, place, _| records.stays.len() > 1 && records.stays[place].birth_date.is_some(),
        violates: |records, place, _| {
            let own = records.stays[place].birth_date?;
            let other = records.birth_date.filter(|usual| *usual != own)?;
            records.stays.iter().position(|stay| stay.birth_date == Some(other))
        },
    },
    page: include_str!("birth_date_differs_between_records.md"),
};
