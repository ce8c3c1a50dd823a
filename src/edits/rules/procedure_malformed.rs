//! COD201: whether a procedure code cannot be a code of its system, judged on the day of discharge.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::code::CodeVerdict,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD201",
    name: "procedure-malformed",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ProcedureCode),
    message: "the procedure code cannot be a code of its system",
    test: asked!(Procedure {
        applies: |_, procedure, _| facts::procedure_verdict(procedure).is_some(),
        violates: |_, procedure, _| facts::procedure_verdict(procedure) == Some(CodeVerdict::Malformed),
    }),
    page: include_str!("procedure_malformed.md"),
};
