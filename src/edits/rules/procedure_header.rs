//! COD203: whether a procedure code of ICD-9-CM is a category that needs more characters.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::code::CodeVerdict,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD203",
    name: "procedure-header",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ProcedureCode),
    message: "the procedure code is a category that needs more characters",
    test: asked!(Procedure {
        applies: |_, procedure, _| facts::procedure_verdict(procedure).is_some(),
        violates: |_, procedure, _| facts::procedure_verdict(procedure) == Some(CodeVerdict::Header),
    }),
    page: include_str!("procedure_header.md"),
};
