//! COD111: whether a procedure of an export whose leading zeros were lost has only one reading.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::code::{CodeSystem, CodeVerdict},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD111",
    name: "procedure-leading-zeros-ambiguous",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ProcedureCode),
    message: "leading zeros are lost and the text can be several codes: nothing was chosen",
    test: asked!(Procedure {
        applies: |_, procedure, _| procedure.repairs.zeros_lost && procedure.system == Some(CodeSystem::Icd9Procedure),
        violates: |_, procedure, _| facts::procedure_verdict(procedure) == Some(CodeVerdict::SeveralReadings),
    }),
    page: include_str!("procedure_leading_zeros_ambiguous.md"),
};
