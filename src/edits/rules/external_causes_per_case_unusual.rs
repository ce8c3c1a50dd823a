//! TRW102: whether the average number of external-cause codes (V00 to Y99; E codes of ICD-9-CM) of a facility's coded discharges in a month lies within the warning limits of its own twelve months before.

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
    code: "TRW102",
    name: "external-causes-per-case-unusual",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the external-cause codes per case lie beyond the warning limits of the facility's own months before",
    test: Test::Trend {
        measure: TrendMeasure::ExternalCausesPerCase,
        twin: Some("TRD102"),
        applies: is_judged,
        violates: is_unusual,
    },
    page: include_str!("external_causes_per_case_unusual.md"),
};
