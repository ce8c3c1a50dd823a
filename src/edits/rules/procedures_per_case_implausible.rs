//! TRD107: whether the average number of procedures of a facility's coded discharges in a month lies within the critical limits of its own twelve months before.

use crate::{
    edits::{
        rule::{Rule, RulePeriod, Test},
        trend::{
            examine::{is_implausible, is_judged},
            measure::TrendMeasure,
        },
    },
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "TRD107",
    name: "procedures-per-case-implausible",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ProcedureCode),
    message: "the procedures per case lie beyond the critical limits of the facility's own months before",
    test: Test::Trend {
        measure: TrendMeasure::ProceduresPerCase,
        twin: None,
        applies: is_judged,
        violates: is_implausible,
    },
    page: include_str!("procedures_per_case_implausible.md"),
};
