//! MCE010: whether the only operating room procedures of a record are non-specific ones, for discharges through 2007-09-30.

use crate::{
    edits::mce::{edit::Edit, encounter},
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE010",
    name: "non-specific-operation",
    severity: Severity::Warning,
    life: RulePeriod::until("2007-09-30"),
    field: Some(Field::ProcedureCode),
    message: "every operating room procedure of the record is non-specific",
    test: asked!(Procedure {
        applies: |encounter, procedure, _| encounter::asks_procedure(encounter, procedure),
        violates: |encounter, procedure, _| encounter::procedure_raises(
            encounter,
            procedure,
            Edit::NonSpecificOperation
        ),
    }),
    page: include_str!("mce_non_specific_operation.md"),
};
