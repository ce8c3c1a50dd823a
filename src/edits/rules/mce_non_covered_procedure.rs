//! MCE011: whether procedures are ones that Medicare does not cover: always, with or without certain diagnoses and procedures, or past an age.

use crate::{
    edits::mce::{edit::Edit, encounter},
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE011",
    name: "non-covered-procedure",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ProcedureCode),
    message: "Medicare does not cover the procedure",
    test: asked!(Procedure {
        applies: |encounter, procedure, _| encounter::asks_procedure(encounter, procedure),
        violates: |encounter, procedure, _| encounter::procedure_raises(encounter, procedure, Edit::NonCovered),
    }),
    page: include_str!("mce_non_covered_procedure.md"),
};
