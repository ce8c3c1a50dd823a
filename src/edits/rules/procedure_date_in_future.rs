//! FLD066: whether the date of a procedure lies on or before the business date of the run (2026-11-01 in the example).

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD066",
    name: "procedure-date-in-future",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ProcedureDate),
    message: "the procedure date lies after the business date; data with shifted dates need --as-of",
    test: asked!(Procedure {
        applies: |_, procedure, _| procedure.date.value().is_some(),
        violates: |_, procedure, context| {
            procedure.date.value().is_some_and(|date| date.day > context.business_date)
        },
    }),
    page: include_str!("procedure_date_in_future.md"),
};
