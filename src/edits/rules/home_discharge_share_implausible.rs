//! TRD105: whether the share of a facility's discharges in a month with status 01, to home or self care lies within the critical limits of its own twelve months before.

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
    code: "TRD105",
    name: "home-discharge-share-implausible",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeStatus),
    message: "the share of discharges home lies beyond the critical limits of the facility's own months before",
    test: Test::Trend { measure: TrendMeasure::StatusHome, twin: None, applies: is_judged, violates: is_implausible },
    page: include_str!("home_discharge_share_implausible.md"),
};
