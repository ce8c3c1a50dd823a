//! TRW108: whether the discharges of a facility's month lie within the warning limits of its own twelve months before.

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
    code: "TRW108",
    name: "discharges-of-month-unusual",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeDate),
    message: "the discharges of the month lie beyond the warning limits of the facility's own months before",
    test: Test::Trend {
        measure: TrendMeasure::Discharges,
        twin: Some("TRD108"),
        applies: is_judged,
        violates: is_unusual,
    },
    page: include_str!("discharges_of_month_unusual.md"),
};
