//! FLD025: whether the date of a procedure is a date in a format that the layout states.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD025",
    name: "procedure-date-unreadable",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ProcedureDate),
    message: "a procedure date cannot be read as a date in a format that the layout states",
    test: asked!(Procedure {
        applies: |_, procedure, _| !procedure.date.is_blank(),
        violates: |_, procedure, _| procedure.date.is_unreadable(),
    }),
    page: include_str!("procedure_date_unreadable.md"),
};
