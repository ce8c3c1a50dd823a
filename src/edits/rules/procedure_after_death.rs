//! LOG134: whether a procedure is not on a day after the day of death.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG134",
    name: "procedure-after-death",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ProcedureDate),
    message: "the procedure lies after the death",
    test: asked!(Procedure {
        applies: |encounter, procedure, _| procedure.date.value().is_some() && encounter.death_date.value().is_some(),
        violates: |encounter, procedure, _| {
            procedure.date.value().map(|moment| moment.day) > encounter.death_date.value().map(|moment| moment.day)
        },
    }),
    page: include_str!("procedure_after_death.md"),
};
