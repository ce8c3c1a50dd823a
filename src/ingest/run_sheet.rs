//! The inputs on the run sheet: where their rows went.

use crate::{
    book::{
        table::{Table, TableColumn, column},
        value::CellValue,
    },
    ingest::account::Totals,
    record::account::{InputAccount, counts_by_field},
};

/// The inputs with their digests, and where their rows went.
pub fn by_input(inputs: &[InputAccount]) -> Table {
    let columns = columns("Input", "Feed").into_iter().chain([column("SHA-256", 67), column("Notes", 60)]);
    Table {
        name: "conservation".to_owned(),
        caption: "Inputs and where their rows went".to_owned(),
        columns: columns.collect(),
        rows: inputs.iter().map(row).collect(),
        chart: None,
    }
}

/// The sums over all inputs. A table of its own: a row of sums among the rows would be counted by whoever sums or sorts them.
pub fn of_all_inputs(totals: &Totals) -> Table {
    let counts = [
        totals.read,
        totals.accepted,
        totals.quarantined,
        totals.duplicate,
        totals.superseded,
        totals.withdrawn,
        totals.undecided,
        totals.excluded,
    ];
    let mut row = vec![CellValue::text("all inputs"), CellValue::text("read = accepted + quarantined + duplicate")];
    row.extend(counts.map(CellValue::Count));
    Table {
        name: "conservation_of_all_inputs".to_owned(),
        caption: "All inputs together".to_owned(),
        columns: columns("Inputs", "Equation"),
        rows: vec![row],
        chart: None,
    }
}

fn columns(first: &'static str, second: &'static str) -> Vec<TableColumn> {
    vec![
        column(first, 34),
        column(second, 70),
        column("Read", 12),
        column("Accepted", 12),
        column("Quarantined", 13),
        column("Duplicate", 12),
        column("Superseded", 12),
        column("Withdrawn", 12),
        column("Undecided", 12),
        column("Excluded by choice", 14),
    ]
}

fn row(input: &InputAccount) -> Vec<CellValue> {
    vec![
        CellValue::text(input.label()),
        CellValue::text(&*input.feed),
        CellValue::Count(input.read),
        CellValue::Count(input.accepted),
        CellValue::Count(input.quarantined),
        CellValue::Count(input.duplicate),
        CellValue::Count(input.superseded),
        CellValue::Count(input.withdrawn),
        CellValue::Count(input.undecided),
        CellValue::Count(input.excluded),
        CellValue::code(&*input.sha256),
        CellValue::text(notes(input).join("; ")),
    ]
}

/// Encoding, columns that are not mapped, faults.
fn notes(input: &InputAccount) -> Vec<String> {
    let mut notes = Vec::new();
    if !input.fault.is_empty() {
        let what = if input.missing.is_empty() { "not used" } else { "did not come" };
        notes.push(format!("{what}: {}", input.fault));
    }
    if !matches!(input.encoding.as_str(), "" | "UTF-8" | "workbook") {
        notes.push(format!("read as {}", input.encoding));
    }
    if !input.unmapped_columns.is_empty() {
        notes.push(format!("not mapped: {}", input.unmapped_columns.join(", ")));
    }
    if !input.time_zone.is_empty() {
        notes.push(format!("time zone {}", input.time_zone));
    }
    if input.numbered_by_place {
        notes.push("rows without a number, numbered by their place: rows that are alike are kept".to_owned());
    }
    for (what, counts) in [
        ("decided by another column", &input.dates_decided),
        ("two readings and not decided", &input.dates_undecided),
        ("a month or a year alone", &input.partial_dates),
        ("identifiers cut by a spreadsheet", &input.cut_identifiers),
        ("times in UTC and no time zone", &input.times_in_utc),
        ("times of several clocks and no time zone", &input.times_of_several_clocks),
    ] {
        if !counts.is_empty() {
            notes.push(format!("{what}: {}", counts_by_field(counts)));
        }
    }
    notes
}
