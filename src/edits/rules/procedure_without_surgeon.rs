//! LOG108: whether every procedure names its surgeon.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG108",
    name: "procedure-without-surgeon",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::SurgeonNpi),
    message: "a procedure has no surgeon",
    test: asked!(Procedure {
        applies: |_, procedure, context| context.is_mapped(Field::SurgeonNpi) && !procedure.raw.is_empty(),
        violates: |_, procedure, _| procedure.surgeon_npi.is_empty(),
    }),
    page: include_str!("procedure_without_surgeon.md"),
};
