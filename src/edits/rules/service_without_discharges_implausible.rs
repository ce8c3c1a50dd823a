//! TRD109: whether a service that had discharges in every month before has discharges in the month.

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
    code: "TRD109",
    name: "service-without-discharges-implausible",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::Service),
    message: "a service that always had discharges has none in the month",
    test: Test::Trend {
        measure: TrendMeasure::ServiceDischarges,
        twin: None,
        applies: is_judged,
        violates: is_implausible,
    },
    page: include_str!("service_without_discharges_implausible.md"),
};
