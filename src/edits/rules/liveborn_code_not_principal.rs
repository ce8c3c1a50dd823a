//! LOG155: whether a code of liveborn infant (Z38) stands as the principal diagnosis.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG155",
    name: "liveborn-code-not-principal",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the code of liveborn infant is not the principal diagnosis",
    test: asked!(Diagnosis of LIVEBORN {
        applies: |_, diagnosis, _| { facts::is_liveborn(diagnosis) && diagnosis.position > 0 },
        violates: |_, diagnosis, _| { diagnosis.position != 1 },
    }),
    page: include_str!("liveborn_code_not_principal.md"),
};
