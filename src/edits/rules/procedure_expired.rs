//! COD205: whether a procedure code ended before the discharge, judged on the day of discharge.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::code::CodeVerdict,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD205",
    name: "procedure-expired",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ProcedureCode),
    message: "the procedure code ended before the discharge",
    test: asked!(Procedure {
        applies: |_, procedure, _| facts::procedure_verdict(procedure).is_some(),
        violates: |_, procedure, _| facts::procedure_verdict(procedure) == Some(CodeVerdict::Expired),
    }),
    page: include_str!("procedure_expired.md"),
};
