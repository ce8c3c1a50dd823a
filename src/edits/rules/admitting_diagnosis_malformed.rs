//! FLD063: whether the admitting diagnosis has the form of a diagnosis code of the revision of its day.

use crate::{
    edits::facts,
    edits::rule::{Life, Rule, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD063",
    name: "admitting-diagnosis-malformed",
    severity: Severity::Error,
    life: Life::ALWAYS,
    field: Some(Field::AdmittingDiagnosis),
    message: "the admitting diagnosis has not the form of a diagnosis code",
    test: asked!(Encounter {
        applies: |encounter, _| { !encounter.admitting_diagnosis.is_empty() },
        violates: |encounter, _| {
            !facts::is_diagnosis_code(encounter.admitting_diagnosis, facts::discharged(encounter))
        },
    }),
    page: include_str!("admitting_diagnosis_malformed.md"),
};
