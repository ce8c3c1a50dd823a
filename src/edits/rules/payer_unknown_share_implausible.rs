//! TRD104: whether the share of a facility's discharges in a month whose payer is blank or said to be unknown lies within the critical limits of its own twelve months before.

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
    code: "TRD104",
    name: "payer-unknown-share-implausible",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::Payer),
    message: "the share of unknown payer lies beyond the critical limits of the facility's own months before",
    test: Test::Trend { measure: TrendMeasure::PayerUnknown, twin: None, applies: is_judged, violates: is_implausible },
    page: include_str!("payer_unknown_share_implausible.md"),
};
