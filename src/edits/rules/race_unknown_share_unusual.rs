//! TRW103: whether the share of a facility's discharges in a month whose race is blank or said to be unknown lies within the warning limits of its own twelve months before.

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
    code: "TRW103",
    name: "race-unknown-share-unusual",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::Race),
    message: "the share of unknown race lies beyond the warning limits of the facility's own months before",
    test: Test::Trend {
        measure: TrendMeasure::RaceUnknown,
        twin: Some("TRD103"),
        applies: is_judged,
        violates: is_unusual,
    },
    page: include_str!("race_unknown_share_unusual.md"),
};
