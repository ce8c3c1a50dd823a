//! TRW111: whether the diagnoses per case of a attending practitioner are near those of all others at the facility.

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
    code: "TRW111",
    name: "attending-diagnoses-per-case-unusual",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AttendingNpi),
    message: "the attending practitioner's diagnoses per case are far from those of all others at the facility",
    test: Test::Trend {
        measure: TrendMeasure::AttendingDiagnosesPerCase,
        twin: None,
        applies: is_judged,
        violates: is_unusual,
    },
    page: include_str!("attending_diagnoses_per_case_unusual.md"),
};
