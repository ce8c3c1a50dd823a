//! TRD103: whether the share of a facility's discharges in a month whose race is blank or said to be unknown lies within the critical limits of its own twelve months before.

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
    code: "TRD103",
    name: "race-unknown-share-implausible",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::Race),
    message: "the share of unknown race lies beyond the critical limits of the facility's own months before",
    test: Test::Trend { measure: TrendMeasure::RaceUnknown, twin: None, applies: is_judged, violates: is_implausible },
    page: include_str!("race_unknown_share_implausible.md"),
};
