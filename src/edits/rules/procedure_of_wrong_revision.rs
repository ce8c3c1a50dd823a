//! COD206: whether a procedure code is of the other revision than the one in force, judged on the day of discharge.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::code::CodeVerdict,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD206",
    name: "procedure-of-wrong-revision",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ProcedureCode),
    message: "the procedure code is of the other revision than the one in force",
    test: asked!(Procedure {
        applies: |_, procedure, _| facts::procedure_verdict(procedure).is_some(),
        violates: |_, procedure, _| facts::procedure_verdict(procedure) == Some(CodeVerdict::WrongRevision),
    }),
    page: include_str!("procedure_of_wrong_revision.md"),
};
