//! The edits in force on a day: what each asks, how heavy it weighs in this run, and where it comes from.

use crate::{
    book::{
        sheet::Sheet,
        table::{Table, column},
        value::CellValue,
    },
    edits::{
        engine::ActiveRules,
        explain::{RuleLine, rules_in_force},
    },
    record::date::Day,
};

/// The sheet of the edits that are in force for discharges of a day.
pub fn sheet(rules: &ActiveRules, day: Day) -> Sheet {
    Sheet {
        name: "Rules",
        title: format!("Edits in force for discharges of {day}"),
        summary: "Every edit in force on the last day of the period, with its severity in this run and its source",
        notes: vec![
            "The day is the last of the period, or the business date where the run has none. Records of other days are held to the edits of their own day."
                .to_owned(),
            "Edits that the pipeline ignores, and optional ones that it does not apply, are not listed. First and last day: of discharge; blank is without end."
                .to_owned(),
        ],
        tables: vec![Table {
            name: "rules".to_owned(),
            caption: "Rules".to_owned(),
            columns: vec![
                column("Edit", 10),
                column("Name", 42),
                column("Group", 24),
                column("Severity", 11),
                column("Level", 11),
                column("First day", 12),
                column("Last day", 12),
                column("Message", 60),
                column("Source", 60),
            ],
            rows: rules_in_force(rules, day).into_iter().map(row).collect(),
            chart: None,
        }],
    }
}

fn row(line: RuleLine<'_>) -> Vec<CellValue> {
    vec![
        CellValue::code(line.code),
        CellValue::text(line.name),
        CellValue::text(line.group),
        CellValue::text(line.severity.name()),
        CellValue::text(line.level),
        CellValue::text(line.first_day),
        CellValue::text(line.last_day),
        CellValue::text(line.message),
        CellValue::text(line.source.replace('\n', " ")),
    ]
}
