//! COD114: whether the dot of a procedure code stands where its system has it.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD114",
    name: "procedure-dot-misplaced",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ProcedureCode),
    message: "the dot stands elsewhere than the code system has it",
    test: asked!(Procedure {
        applies: |_, procedure, _| procedure.normalised && procedure.system.is_some() && procedure.raw.contains('.'),
        violates: |_, procedure, _| procedure.dot_misplaced,
    }),
    page: include_str!("procedure_dot_misplaced.md"),
};
