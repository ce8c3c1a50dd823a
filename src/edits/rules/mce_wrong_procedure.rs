//! MCE018: whether a code tells that the wrong procedure was performed, or on the wrong patient or side (Y65.

use crate::{
    edits::mce::encounter,
    edits::rule::{Rule, RulePeriod, asked},
    record::editor_flags::EditorFlags,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE018",
    name: "wrong-procedure",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "a code tells that a wrong procedure was performed",
    test: asked!(Diagnosis {
        applies: |encounter, diagnosis, _| encounter::asks_diagnosis(encounter, diagnosis),
        violates: |_, diagnosis, _| encounter::diagnosis_raises(diagnosis, EditorFlags::WRONG_PROCEDURE),
        passes_over: |encounter, _| encounter::asks_without(encounter, EditorFlags::WRONG_PROCEDURE),
    }),
    page: include_str!("mce_wrong_procedure.md"),
};
