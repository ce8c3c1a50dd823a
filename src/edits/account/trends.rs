//! Figures of facilities' months, and of coders and attending practitioners, counted by verdict.

use schemars::JsonSchema;
use serde::Serialize;

use crate::edits::trend::{figure::TrendVerdict, judge::Trends};

/// Figures of facilities' months, and of coders and attending practitioners, by verdict.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct TrendAccount {
    /// Within the limits.
    pub within: u64,
    /// Beyond the warning limits.
    pub warning: u64,
    /// Beyond the critical limits.
    pub critical: u64,
    /// Not judged.
    pub not_applicable: u64,
    /// Those beyond the limits, in words as in the findings: facility, month, figure, mean, limits. Those of coders and practitioners are counted alone.
    pub beyond: Vec<BeyondAccount>,
}

/// A figure beyond its limits.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BeyondAccount {
    /// The measure.
    pub measure: &'static str,
    /// `beyond the warning limits` or `beyond the critical limits`.
    pub verdict: &'static str,
    /// The figure with its trend.
    pub figure: String,
}

impl TrendAccount {
    /// Counts figures.
    pub fn of(trends: &Trends) -> TrendAccount {
        let mut account = TrendAccount { not_applicable: trends.few_cases.values().sum(), ..TrendAccount::default() };
        for figure in &trends.figures {
            *match figure.verdict {
                TrendVerdict::NotApplicable => &mut account.not_applicable,
                TrendVerdict::Within => &mut account.within,
                TrendVerdict::Warning => &mut account.warning,
                TrendVerdict::Critical => &mut account.critical,
            } += 1;
            if figure.verdict >= TrendVerdict::Warning && !figure.measure.is_of_practitioner() {
                account.beyond.push(BeyondAccount {
                    measure: figure.measure.name(),
                    verdict: figure.verdict.name(),
                    figure: figure.words(),
                });
            }
        }
        account
    }
}
