//! The scorecard of edits: numerators and denominators.

use super::{
    super::book::{Sheet, Table, Value, column},
    Report,
};

/// The sheet.
pub fn sheet(report: &Report<'_>) -> Sheet {
    Sheet {
        name: "Edits",
        title: "Edits scorecard".to_owned(),
        summary: "Every edit with the times it was examined, failed, and did not apply",
        notes: vec![
            "Examined is the denominator: records, diagnoses, procedures or inputs to which the edit applies."
                .to_owned(),
            "All records examined, whatever the period of the statistics.".to_owned(),
            "Verified as true: failures that the pipeline accepts with a reason; they are not among the failed."
                .to_owned(),
            "Of these unknown: a blank or unreadable value left the answer of a site's own rule open.".to_owned(),
        ],
        tables: vec![Table {
            name: "edits".to_owned(),
            caption: "Edits".to_owned(),
            columns: vec![
                column("Edit", 10),
                column("Name", 42),
                column("Severity", 11),
                column("Examined", 12),
                column("Failed", 11),
                column("Failed, %", 11),
                column("Verified as true", 13),
                column("Not applicable", 13),
                column("Of these unknown", 13),
                column("Status", 16),
            ],
            rows: report
                .edits
                .iter()
                .map(|edit| {
                    let [examined, failed, accepted, not_applicable, unknown] = edit.counts;
                    vec![
                        Value::code(&*edit.code),
                        Value::text(&*edit.name),
                        Value::text(&*edit.severity),
                        Value::Count(examined),
                        Value::Count(failed),
                        Value::percent(failed, examined, 2),
                        Value::Count(accepted),
                        Value::Count(not_applicable),
                        Value::Count(unknown),
                        Value::text(&*edit.status),
                    ]
                })
                .collect(),
            chart: None,
        }],
    }
}
