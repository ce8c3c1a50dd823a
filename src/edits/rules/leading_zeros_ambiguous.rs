//! COD108: whether a code of an export whose leading zeros were lost has only one valid reading.

use crate::{
    edits::rule::{Life, Rule, asked},
    record::code::CodeSystem,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD108",
    name: "leading-zeros-ambiguous",
    severity: Severity::Warning,
    life: Life::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "leading zeros may be lost: another reading of the code is valid too",
    test: asked!(Diagnosis {
        applies: |_, diagnosis, _| diagnosis.restore_zeros && diagnosis.system == Some(CodeSystem::Icd9Cm),
        violates: |_, diagnosis, _| diagnosis.zeros_ambiguous,
    }),
    page: include_str!("leading_zeros_ambiguous.md"),
};
