//! MCE017: whether procedures are ones that Medicare covers within limits alone, such as transplants.

use crate::{
    edits::mce::encounter,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE017",
    name: "limited-coverage",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ProcedureCode),
    message: "Medicare covers the procedure within limits",
    test: asked!(Procedure {
        applies: |encounter, procedure, _| encounter::asks_procedure(encounter, procedure),
        violates: |encounter, procedure, _| encounter::has_limited_coverage(encounter, procedure),
    }),
    page: include_str!("mce_limited_coverage.md"),
};
