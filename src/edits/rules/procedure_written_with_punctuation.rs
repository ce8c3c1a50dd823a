//! COD207: whether a procedure code is written plainly: upper case, no dot, no blanks around it.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD207",
    name: "procedure-written-with-punctuation",
    severity: Severity::Info,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ProcedureCode),
    message: "the procedure code is written with a dot, in lower case, with blanks or with filler",
    test: asked!(Procedure {
        applies: |_, procedure, _| !procedure.raw.is_empty(),
        violates: |_, procedure, _| procedure.normalised,
    }),
    page: include_str!("procedure_written_with_punctuation.md"),
};
