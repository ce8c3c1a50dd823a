//! The scorecard of edits: numerators and denominators.

use crate::{
    book::{
        sheet::Sheet,
        table::{Table, column},
        value::CellValue,
    },
    edits::account::rules::RuleAccount,
};

/// The measure of the sheet: its name, numerator, denominator, convention and source.
pub const DEFINITIONS: &[[&str; 5]] = &[[
    "Failed, %",
    "times the edit failed x 100",
    "times the edit was examined",
    "records to which an edit does not apply are in neither",
    "",
]];

/// The sheet.
pub fn sheet(rules: &[RuleAccount]) -> Sheet {
    Sheet {
        name: "Edits",
        title: "Edits scorecard".to_owned(),
        summary: "Every edit with the times it was examined, failed, and did not apply",
        notes: vec![
            "Population: all records examined, whatever the period of the statistics.".to_owned(),
            "Examined is the denominator: records, diagnoses, procedures or inputs to which the edit applies."
                .to_owned(),
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
            rows: rules.iter().map(row).collect(),
            chart: None,
        }],
    }
}

fn row(rule: &RuleAccount) -> Vec<CellValue> {
    vec![
        CellValue::code(&*rule.code),
        CellValue::text(&*rule.name),
        CellValue::text(rule.severity.name()),
        CellValue::Count(rule.examined),
        CellValue::Count(rule.failed),
        CellValue::percent(rule.failed, rule.examined, 2),
        CellValue::Count(rule.accepted),
        CellValue::Count(rule.not_applicable),
        CellValue::Count(rule.unknown),
        CellValue::text(rule.status.name()),
    ]
}
