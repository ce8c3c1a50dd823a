//! Chart deficiencies by kind, clinician and age.

use super::{
    account::DeficiencyAccount,
    kind::KINDS,
    matrix::Matrix,
    tally::{AGE_BUCKETS, ClinicianCount, DeficiencyTally},
};
use crate::{
    book::{
        sheet::Sheet,
        table::{Chart, ChartKind, Table, column},
        value::CellValue,
    },
    record::bounded::NOT_STATED,
};

/// The measures of the desk: name, numerator, denominator, convention and source.
pub const DEFINITIONS: &[[&str; 5]] = &[
    [
        "Incomplete record",
        "record with at least one open deficiency on the business date",
        "",
        "however many deficiencies it has",
        "42 CFR 482.24(c)",
    ],
    [
        "Delinquent record",
        "incomplete record past the limit of days after discharge",
        "",
        "the limit stands in the pipeline file",
        "medical staff bylaws",
    ],
];

/// Kinds of document on the sheet.
const MOST_TYPES: usize = 50;

/// The sheet; without a matrix the pipeline does not look for deficiencies.
pub fn sheet(matrix: Option<&Matrix>, tally: &DeficiencyTally, account: &DeficiencyAccount) -> Sheet {
    let mut sheet = Sheet {
        name: "Deficiencies",
        title: "Chart deficiencies".to_owned(),
        summary: "Chart deficiencies by kind, clinician and age; incomplete and delinquent records",
        notes: Vec::new(),
        tables: Vec::new(),
    };
    let Some(matrix) = matrix else {
        sheet.notes.push("The pipeline does not look for chart deficiencies (no section [deficiency]).".to_owned());
        return sheet;
    };
    if !account.why.is_empty() {
        sheet.notes.push(format!("Missing documents: {}: {}.", account.missing_documents, account.why));
    }
    sheet.notes.push(
        "A record with five deficiencies is one incomplete record. Late documents are complete and make no record incomplete."
            .to_owned(),
    );
    sheet.tables =
        vec![records(tally), by_kind(tally), by_clinician(tally), by_age(tally), unnamed_types(tally, matrix)];
    sheet
}

fn records(tally: &DeficiencyTally) -> Table {
    let share = |count| CellValue::percent(count, tally.records, 1);
    let rows = [
        ("examined", "discharged by the business date", tally.records, CellValue::Blank),
        ("incomplete", "at least one open deficiency", tally.incomplete_records, share(tally.incomplete_records)),
        ("delinquent", "incomplete past the limit", tally.delinquent_records, share(tally.delinquent_records)),
    ];
    Table {
        name: "incomplete_records".to_owned(),
        caption: "Records".to_owned(),
        columns: vec![column("Records", 26), column("Of what", 34), column("Count", 12), column("Share, %", 12)],
        rows: rows
            .into_iter()
            .map(|(name, of, count, share)| {
                vec![CellValue::text(name), CellValue::text(of), CellValue::Count(count), share]
            })
            .collect(),
        chart: None,
    }
}

fn by_kind(tally: &DeficiencyTally) -> Table {
    Table {
        name: "deficiencies_by_kind".to_owned(),
        caption: "By kind".to_owned(),
        columns: vec![column("Code", 26), column("Deficiency", 34), column("Count", 12), column("What to do", 60)],
        rows: KINDS
            .iter()
            .map(|entry| {
                vec![
                    CellValue::code(entry.code),
                    CellValue::text(entry.name),
                    CellValue::Count(tally.by_kind.get(&entry.kind).copied().unwrap_or(0)),
                    CellValue::text(entry.remedy),
                ]
            })
            .collect(),
        chart: None,
    }
}

fn by_clinician(tally: &DeficiencyTally) -> Table {
    let row = |(name, count): (&str, &ClinicianCount)| {
        vec![
            CellValue::text(stated(name)),
            CellValue::Count(count.open),
            CellValue::Count(count.records),
            CellValue::Count(count.delinquent),
            CellValue::Count(count.late),
            CellValue::Count(count.oldest_days.max(0) as u64),
        ]
    };
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
        rows: tally.by_clinician.rows().into_iter().map(row).collect(),
        chart: None,
    }
}

fn by_age(tally: &DeficiencyTally) -> Table {
    let rows: Vec<Vec<CellValue>> = AGE_BUCKETS
        .iter()
        .zip(tally.records_by_age.iter().zip(tally.deficiencies_by_age))
        .map(|((age, _), (records, open))| {
            vec![CellValue::code(*age), CellValue::Count(*records), CellValue::Count(open)]
        })
        .collect();
    Table {
        name: "deficiencies_by_age".to_owned(),
        caption: "By days since discharge".to_owned(),
        columns: vec![column("Days", 26), column("Records", 12), column("Deficiencies", 12)],
        chart: Some(Chart {
            kind: ChartKind::Column,
            title: "Incomplete records by days since discharge".to_owned(),
            categories: 0,
            series: vec![1],
            rows: rows.len(),
        }),
        rows,
    }
}

fn unnamed_types(tally: &DeficiencyTally, matrix: &Matrix) -> Table {
    Table {
        name: "document_types_not_named".to_owned(),
        caption: "Kinds of document that the matrix does not name; the whole list is worklists/document_types.csv"
            .to_owned(),
        columns: vec![column("As written", 26), column("Probably meant", 34), column("Documents", 12)],
        rows: tally
            .unnamed_types
            .listed(&matrix.words())
            .into_iter()
            .take(MOST_TYPES)
            .map(|(written, documents, meant)| {
                vec![CellValue::text(stated(written)), CellValue::text(meant), CellValue::Count(documents)]
            })
            .collect(),
        chart: None,
    }
}

fn stated(name: &str) -> &str {
    if name.is_empty() { NOT_STATED } else { name }
}
