//! COD204: whether a procedure code comes into force after the discharge, judged on the day of discharge.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::code::CodeVerdict,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD204",
    name: "procedure-not-yet-valid",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ProcedureCode),
    message: "the procedure code comes into force after the discharge",
    test: asked!(Procedure {
        applies: |_, procedure, _| facts::procedure_verdict(procedure).is_some(),
        violates: |_, procedure, _| facts::procedure_verdict(procedure) == Some(CodeVerdict::NotYetValid),
    }),
    page: include_str!("procedure_not_yet_valid.md"),
};
