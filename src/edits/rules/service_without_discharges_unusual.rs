//! TRW109: whether a service that had discharges in nearly every month before has discharges in the month.

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
    code: "TRW109",
    name: "service-without-discharges-unusual",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::Service),
    message: "a service that nearly always had discharges has none in the month",
    test: Test::Trend {
        measure: TrendMeasure::ServiceDischarges,
        twin: Some("TRD109"),
        applies: is_judged,
        violates: is_unusual,
    },
    page: include_str!("service_without_discharges_unusual.md"),
};
