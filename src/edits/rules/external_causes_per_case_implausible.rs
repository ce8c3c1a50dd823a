//! TRD102: whether the average number of external-cause codes (V00 to Y99; E codes of ICD-9-CM) of a facility's coded discharges in a month lies within the critical limits of its own twelve months before.

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
    code: "TRD102",
    name: "external-causes-per-case-implausible",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the external-cause codes per case lie beyond the critical limits of the facility's own months before",
    test: Test::Trend {
        measure: TrendMeasure::ExternalCausesPerCase,
        twin: None,
        applies: is_judged,
        violates: is_implausible,
    },
    page: include_str!("external_causes_per_case_implausible.md"),
};
