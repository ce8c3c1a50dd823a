//! Chart deficiencies by kind, clinician and age.

use super::{
    super::book::{Chart, ChartKind, Sheet, Table, Value, column},
    DeficiencyRows, Report,
};

/// Kinds of document on the sheet.
const MOST_TYPES: usize = 50;

/// The sheet.
pub fn sheet(report: &Report<'_>) -> Sheet {
    let summary = "Chart deficiencies by kind, clinician and age; incomplete and delinquent records";
    let title = "Chart deficiencies".to_owned();
    let Some(rows) = &report.deficiencies else {
        let notes = vec!["The pipeline does not look for chart deficiencies (no section [deficiency]).".to_owned()];
        return Sheet { name: "Deficiencies", title, summary, notes, tables: Vec::new() };
    };
    let [examined, incomplete, delinquent] = rows.records;
    let ages: Vec<Vec<Value>> = rows
        .ages
        .iter()
        .map(|(age, records, open)| vec![Value::code(&**age), Value::Count(*records), Value::Count(*open)])
        .collect();
    Sheet {
        name: "Deficiencies",
        title,
        summary,
        notes: notes(rows, vec!["A record with five deficiencies is one incomplete record. Late documents are complete and make no record incomplete.".to_owned()]),
        tables: vec![
            Table {
                name: "incomplete_records".to_owned(),
                caption: "Records".to_owned(),
                columns: vec![column("Records", 26), column("Of what", 34), column("Count", 12), column("Share, %", 12)],
                rows: vec![
                    vec![Value::text("examined"), Value::text("discharged by the business date"), Value::Count(examined), Value::Blank],
                    vec![Value::text("incomplete"), Value::text("at least one open deficiency"), Value::Count(incomplete), Value::percent(incomplete, examined, 1)],
                    vec![Value::text("delinquent"), Value::text("incomplete past the limit"), Value::Count(delinquent), Value::percent(delinquent, examined, 1)],
                ],
                chart: None,
            },
            Table {
                name: "deficiencies_by_kind".to_owned(),
                caption: "By kind".to_owned(),
                columns: vec![column("Code", 26), column("Deficiency", 34), column("Count", 12), column("What to do", 60)],
                rows: rows
                    .kinds
                    .iter()
                    .map(|(code, name, count, remedy)| vec![Value::code(&**code), Value::text(&**name), Value::Count(*count), Value::text(&**remedy)])
                    .collect(),
                chart: None,
            },
            Table {
                name: "deficiencies_by_clinician".to_owned(),
                caption: "By clinician".to_owned(),
                columns: vec![
                    column("Clinician", 26),
                    column("Open", 12),
                    column("Records", 12),
                    column("Delinquent", 12),
                    column("Late", 10),
                    column("Oldest, days", 12),
                ],
                rows: rows
                    .clinicians
                    .iter()
                    .map(|(name, [open, records, delinquent, late], oldest)| {
                        let shown = if name.is_empty() { "not stated" } else { name };
                        vec![
                            Value::text(shown),
                            Value::Count(*open),
                            Value::Count(*records),
                            Value::Count(*delinquent),
                            Value::Count(*late),
                            Value::Count(*oldest),
                        ]
                    })
                    .collect(),
                chart: None,
            },
            Table {
                name: "deficiencies_by_age".to_owned(),
                caption: "By days since discharge".to_owned(),
                columns: vec![column("Days", 26), column("Records", 12), column("Deficiencies", 12)],
                chart: Some(Chart { kind: ChartKind::Column, title: "Incomplete records by days since discharge".to_owned(), categories: 0, series: vec![1], rows: ages.len() }),
                rows: ages,
            },
            Table {
                name: "document_types_not_named".to_owned(),
                caption: "Kinds of document that the matrix does not name; the whole list is worklists/document_types.csv".to_owned(),
                columns: vec![column("As written", 26), column("Probably meant", 34), column("Documents", 12)],
                rows: rows
                    .unnamed_types
                    .iter()
                    .take(MOST_TYPES)
                    .map(|(written, documents, meant)| {
                        let shown = if written.is_empty() { "not stated" } else { written };
                        vec![Value::text(shown), Value::text(&**meant), Value::Count(*documents)]
                    })
                    .collect(),
                chart: None,
            },
        ],
    }
}

fn notes(rows: &DeficiencyRows, mut notes: Vec<String>) -> Vec<String> {
    let [missing_documents, why] = &rows.missing_documents;
    if !why.is_empty() {
        notes.insert(0, format!("Missing documents: {missing_documents}: {why}."));
    }
    notes
}
