//! LOG107: whether every procedure has a date.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG107",
    name: "procedure-without-date",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ProcedureDate),
    message: "a procedure has no date",
    test: asked!(Procedure {
        applies: |_, procedure, context| context.is_mapped(Field::ProcedureDate) && !procedure.raw.is_empty(),
        violates: |_, procedure, _| procedure.date.is_blank(),
    }),
    page: include_str!("procedure_without_date.md"),
};
