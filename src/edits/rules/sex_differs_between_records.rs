//! PAT005: whether the sex is another than on most records of the patient; unknown is no difference.

use crate::{
    edits::{
        rule::{Rule, RulePeriod, Test},
        stay::JoinKey,
    },
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "PAT005",
    name: "sex-differs-between-records",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::Sex),
    message: "the sex differs from other records of the patient",
    test: Test::Patient {
        together: JoinKey::PatientNumber,
        applies: |records, place, _| records.stays.len() > 1 && records.stays[place].sex.is_some(),
        violates: |records, place, _| {
            let own = records.stays[place].sex?;
            let other = records.sex.filter(|usual| *usual != own)?;
            records.stays.iter().position(|stay| stay.sex == Some(other))
        },
    },
    page: include_str!("sex_differs_between_records.md"),
};
