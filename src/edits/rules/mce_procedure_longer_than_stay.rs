//! MCE019: whether ventilation of more than 96 consecutive hours stands on a stay as long.

use crate::{
    edits::mce::{edit::Edit, encounter},
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE019",
    name: "procedure-longer-than-stay",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ProcedureCode),
    message: "ventilation of more than 96 hours stands on a stay that is too short for it",
    test: asked!(Procedure {
        applies: |encounter, procedure, _| {
            encounter::asks_procedure(encounter, procedure) && encounter.length_of_stay().is_some()
        },
        violates: |encounter, procedure, _| encounter::procedure_raises(
            encounter,
            procedure,
            Edit::InconsistentLengthOfStay
        ),
    }),
    page: include_str!("mce_procedure_longer_than_stay.md"),
};
