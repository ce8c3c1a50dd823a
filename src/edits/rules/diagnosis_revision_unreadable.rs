//! COD116: whether the revision stated for a diagnosis is a code system.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD116",
    name: "diagnosis-revision-unreadable",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the revision of the diagnosis is no code system",
    test: asked!(Diagnosis {
        applies: |_, diagnosis, context| !diagnosis.raw.is_empty() && context.is_mapped(Field::DiagnosisRevision),
        violates: |_, diagnosis, _| !diagnosis.other_system.is_empty() && diagnosis.other_verdict.is_none(),
    }),
    page: include_str!("diagnosis_revision_unreadable.md"),
};
