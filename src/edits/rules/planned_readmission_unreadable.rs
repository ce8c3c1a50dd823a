//! FLD068: whether the mark of a planned readmission is one of the values that the layout translates.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD068",
    name: "planned-readmission-unreadable",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::PlannedReadmission),
    message: "the planned readmission is none of the values that the layout translates",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.planned_readmission.is_blank(),
        violates: |encounter, _| encounter.planned_readmission.is_unreadable(),
    }),
    page: include_str!("planned_readmission_unreadable.md"),
};
