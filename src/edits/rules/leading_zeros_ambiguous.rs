//! COD108: whether a code of an export whose leading zeros were lost has only one valid reading.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::code::{CodeSystem, CodeVerdict},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD108",
    name: "leading-zeros-ambiguous",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "leading zeros are lost and the text can be several codes: nothing was chosen",
    test: asked!(Diagnosis {
        applies: |_, diagnosis, _| diagnosis.repairs.zeros_lost && diagnosis.system == Some(CodeSystem::Icd9Cm),
        violates: |_, diagnosis, _| facts::verdict(diagnosis) == Some(CodeVerdict::SeveralReadings),
    }),
    page: include_str!("leading_zeros_ambiguous.md"),
};
