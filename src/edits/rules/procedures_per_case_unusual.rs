//! TRW107: whether the average number of procedures of a facility's coded discharges in a month lies within the warning limits of its own twelve months before.

use crate::{
    edits::{
        rule::{Rule, RulePeriod, Test},
        trend::{
            examine::{is_judged, is_unusual},
            measure::TrendMeasure,
        },
    },
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "TRW107",
    name: "procedures-per-case-unusual",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ProcedureCode),
    message: "the procedures per case lie beyond the warning limits of the facility's own months before",
    test: Test::Trend {
        measure: TrendMeasure::ProceduresPerCase,
        twin: Some("TRD107"),
        applies: is_judged,
        violates: is_unusual,
    },
    page: include_str!("procedures_per_case_unusual.md"),
};
