//! TRD108: whether the discharges of a facility's month lie within the critical limits of its own twelve months before.

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
    code: "TRD108",
    name: "discharges-of-month-implausible",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeDate),
    message: "the discharges of the month lie beyond the critical limits of the facility's own months before",
    test: Test::Trend { measure: TrendMeasure::Discharges, twin: None, applies: is_judged, violates: is_implausible },
    page: include_str!("discharges_of_month_implausible.md"),
};
