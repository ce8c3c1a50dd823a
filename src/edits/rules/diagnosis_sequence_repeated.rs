//! LOG135: whether the sequence of a diagnosis of a long export stands on one diagnosis of the record alone.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG135",
    name: "diagnosis-sequence-repeated",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "another diagnosis of the record has the same sequence",
    test: asked!(Diagnosis {
        applies: |encounter, diagnosis, _| diagnosis.position > 0 && diagnosis.origin != encounter.origin(),
        violates: |encounter, diagnosis, _| {
            let same = |other: &crate::partition::encounter::Diagnosis<'_>| other.position == diagnosis.position;
            encounter.diagnoses.iter().filter(|other| same(other)).count() > 1
        },
    }),
    page: include_str!("diagnosis_sequence_repeated.md"),
};
