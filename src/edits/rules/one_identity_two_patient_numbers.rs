//! PAT006: whether records with the same social security number and birth date have different patient numbers.

use crate::{
    edits::{
        rule::{Rule, RulePeriod, Test},
        stay::{JoinKey, Stay},
    },
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "PAT006",
    name: "one-identity-two-patient-numbers",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::PatientId),
    message: "the same identity has another patient number",
    test: Test::Patient {
        together: JoinKey::Identity,
        applies: |records, place, _| records.stays.len() > 1 && !records.stays[place].patient_id.is_empty(),
        violates: |records, place, _| {
            let own = &records.stays[place];
            let alike = |stay: &Stay<'_>| !stay.patient_id.is_empty() && stay.is_one_identity(own);
            let usual = records.stays.iter().filter(|stay| alike(stay)).map(|stay| stay.patient_id).min()?;
            let first = records.stays.iter().position(|stay| stay.patient_id == usual && alike(stay))?;
            (own.patient_id > usual).then_some(first)
        },
    },
    page: include_str!("one_identity_two_patient_numbers.md"),
};
