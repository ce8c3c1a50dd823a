//! TRW104: whether the share of a facility's discharges in a month whose payer is blank or said to be unknown lies within the warning limits of its own twelve months before.

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
    code: "TRW104",
    name: "payer-unknown-share-unusual",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::Payer),
    message: "the share of unknown payer lies beyond the warning limits of the facility's own months before",
    test: Test::Trend {
        measure: TrendMeasure::PayerUnknown,
        twin: Some("TRD104"),
        applies: is_judged,
        violates: is_unusual,
    },
    page: include_str!("payer_unknown_share_unusual.md"),
};
