//! MCE020: whether diagnoses leave the side unspecified although codes of each side exist, for discharges from 2022-04-01.

use crate::{
    edits::mce::encounter,
    edits::rule::{Rule, RulePeriod, asked},
    record::editor_flags::EditorFlags,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE020",
    name: "unspecified-side",
    severity: Severity::Warning,
    life: RulePeriod::from("2022-04-01"),
    field: Some(Field::DiagnosisCode),
    message: "the code leaves the side unspecified",
    test: asked!(Diagnosis {
        applies: |encounter, diagnosis, _| encounter::asks_diagnosis(encounter, diagnosis),
        violates: |_, diagnosis, _| encounter::diagnosis_raises(diagnosis, EditorFlags::UNSPECIFIED),
        passes_over: |encounter, _| encounter::asks_without(encounter, EditorFlags::UNSPECIFIED),
    }),
    page: include_str!("mce_unspecified_side.md"),
};
