//! The page of every key of a pipeline file, made from the types that the schema is made from.

use std::fmt::Write as _;

use crate::{
    edits::trend::{
        measure::TrendMeasure,
        settings::{Limits, TrendSettings},
    },
    plan::written::json_schema,
};

use super::schema::{Notation, reference};

const BEGIN: &str = "# Every key of a pipeline file

Section by section: the key, what may stand in it, what holds where it is left out, and what it means. `chartroom docs pipeline-file` shows a whole file.
The same schema gives completion in editors: `chartroom check --schema > pipeline.schema.json`.
Paths are relative to the pipeline file.
";

/// The page.
pub fn page() -> String {
    let schema = serde_json::from_str(&json_schema()).unwrap_or_default();
    let keys = reference(&schema, Notation::Toml, "The file itself");
    format!("{BEGIN}{keys}{}", default_limits())
}

/// The limits of the trend edits where `[edits.trend]` says nothing.
fn default_limits() -> String {
    let mut text = "
## Limits of the trend edits where nothing is stated

Differences are in codes a case, or in percentage points.

| key of `[edits.trend]` | `warning_deviations` | `warning_difference` | `critical_deviations` | `critical_difference` |
| --- | --- | --- | --- | --- |
"
    .to_owned();
    let settings = TrendSettings::default();
    let mut line = |measure: TrendMeasure, limits: Limits| {
        let shown = |difference: u64| measure.unit().shown(i128::from(difference));
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} |",
            measure.name(),
            limits.warning.deviations / 1000,
            shown(limits.warning.difference),
            limits.critical.deviations / 1000,
            shown(limits.critical.difference)
        );
    };
    for (measure, limits) in TrendMeasure::RATES.iter().zip(settings.rates) {
        line(*measure, limits);
    }
    line(TrendMeasure::CoderDiagnosesPerCase, settings.coders);
    line(TrendMeasure::AttendingDiagnosesPerCase, settings.attendings);
    text
}
