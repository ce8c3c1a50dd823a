//! COD117: whether the revision stated for a procedure is a code system.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD117",
    name: "procedure-revision-unreadable",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ProcedureCode),
    message: "the revision of the procedure is no code system",
    test: asked!(Procedure {
        applies: |_, procedure, context| !procedure.raw.is_empty() && context.is_mapped(Field::ProcedureRevision),
        violates: |_, procedure, _| !procedure.other_system.is_empty() && procedure.other_verdict.is_none(),
    }),
    page: include_str!("procedure_revision_unreadable.md"),
};
