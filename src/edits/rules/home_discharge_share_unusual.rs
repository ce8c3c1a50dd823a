//! TRW105: whether the share of a facility's discharges in a month with status 01, to home or self care lies within the warning limits of its own twelve months before.

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
    code: "TRW105",
    name: "home-discharge-share-unusual",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DischargeStatus),
    message: "the share of discharges home lies beyond the warning limits of the facility's own months before",
    test: Test::Trend {
        measure: TrendMeasure::StatusHome,
        twin: Some("TRD105"),
        applies: is_judged,
        violates: is_unusual,
    },
    page: include_str!("home_discharge_share_unusual.md"),
};
