//! The most frequent diagnoses and procedures.

use super::{
    super::{
        book::{Chart, ChartKind, Sheet, Table, Value, column},
        tally::{CodeCounts, top},
    },
    Report,
};
use crate::record::bounded::ALL_OTHERS;

/// Diagnoses: principal and all-listed.
pub fn diagnoses(report: &Report<'_>) -> Sheet {
    Sheet {
        name: "Diagnoses",
        title: format!("The {} most frequent diagnoses", report.top),
        summary: "Most frequent principal and all-listed diagnoses with titles",
        notes: vec!["All-listed counts a code once a record, whatever its position.".to_owned()],
        tables: vec![
            list(report, "principal_diagnoses", "Principal diagnoses", &report.tally.principal_diagnoses),
            list(report, "all_diagnoses", "All-listed diagnoses", &report.tally.all_diagnoses),
        ],
    }
}

/// Procedures: principal and all-listed.
pub fn procedures(report: &Report<'_>) -> Sheet {
    Sheet {
        name: "Procedures",
        title: format!("The {} most frequent procedures", report.top),
        summary: "Most frequent principal and all-listed procedures with titles",
        notes: vec!["The principal procedure is the first listed. All-listed counts a code once a record.".to_owned()],
        tables: vec![
            list(report, "principal_procedures", "Principal procedures", &report.tally.principal_procedures),
            list(report, "all_procedures", "All-listed procedures", &report.tally.all_procedures),
        ],
    }
}

fn list(report: &Report<'_>, name: &str, caption: &str, counts: &CodeCounts) -> Table {
    let rows: Vec<Vec<Value>> = top(counts, report.top)
        .into_iter()
        .enumerate()
        .map(|(place, ((system, code), group))| {
            vec![
                Value::code((report.dotted)(system, code.text())),
                if code.is_empty() { Value::text(ALL_OTHERS) } else { Value::text((report.title_of)(system, &code)) },
                Value::Count(place as u64 + 1),
                Value::Count(group.discharges),
                Value::percent(group.discharges, report.tally.all.discharges, 1),
                Value::mean(group.days, group.stays, 2),
                Value::Count(group.deaths),
            ]
        })
        .collect();
    Table {
        name: name.to_owned(),
        caption: caption.to_owned(),
        columns: vec![
            column("Code", 12),
            column("Title", 70),
            column("Rank", 8),
            column("Discharges", 12),
            column("Share, %", 10),
            column("Average stay", 12),
            column("Deaths", 10),
        ],
        chart: Some(Chart {
            kind: ChartKind::Bar,
            title: caption.to_owned(),
            categories: 0,
            series: vec![3],
            rows: 10.min(rows.len()),
        }),
        rows,
    }
}
