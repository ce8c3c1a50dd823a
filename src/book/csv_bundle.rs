//! The book as comma-separated values: a file a table, and `datapackage.json`, which describes them (Frictionless Data Package, version 1).
//!
//! Figures are written as they are printed, with a point and without marks of thousands; symbols stand in the place of a figure that is none, and the description names them.

use serde_json::{Value, json};

use super::{
    csv::in_memory,
    sheet::{Book, Sheet},
    table::Table,
    value::CellValue,
};

/// Symbols that stand in the place of figures; a blank is none.
const SYMBOLS: [&str; 6] = ["", "[x]", "[z]", "[c]", "[low]", "[u]"];

/// Every file of the bundle: its name, and its bytes. The description is the last.
pub fn files(book: &Book) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut resources = Vec::new();
    if let Some(board) = &book.board {
        let table = board.table();
        let sheet = Sheet {
            name: "Board",
            title: "Board page".to_owned(),
            summary: "",
            notes: board.notes.clone(),
            tables: Vec::new(),
        };
        put(&sheet, &table, (&mut files, &mut resources));
    }
    for sheet in &book.sheets {
        for table in sheet.tables.iter().filter(|table| !table.columns.is_empty()) {
            put(sheet, table, (&mut files, &mut resources));
        }
    }
    let package = json!({
        "profile": "tabular-data-package",
        "name": "statistics",
        "title": book.title,
        "created": format!("{}T00:00:00Z", book.business_date),
        "resources": resources,
    });
    let mut text = serde_json::to_vec_pretty(&package).unwrap_or_default();
    text.push(b'\n');
    files.push(("datapackage.json".to_owned(), text));
    files
}

/// Puts a table down with its description.
fn put(sheet: &Sheet, table: &Table, (files, resources): (&mut Vec<(String, Vec<u8>)>, &mut Vec<Value>)) {
    let path = format!("{}.csv", table.name);
    let headings: Vec<&str> = table.columns.iter().map(|column| column.heading.as_ref()).collect();
    let lines = table.rows.iter().map(|row| row.iter().map(CellValue::written));
    files.push((path.clone(), in_memory(headings, lines)));
    resources.push(resource(sheet, table, &path));
}

fn resource(sheet: &Sheet, table: &Table, path: &str) -> Value {
    let fields: Vec<Value> = table
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| json!({ "name": column.heading, "type": type_of(table, at) }))
        .collect();
    json!({
        "profile": "tabular-data-resource",
        "name": table.name.replace('_', "-"),
        "title": format!("{}: {}", sheet.title, table.caption),
        "description": sheet.notes.join(" "),
        "path": path,
        "sheet": sheet.name,
        "encoding": "utf-8",
        "schema": { "fields": fields, "missingValues": SYMBOLS },
    })
}

/// The type of a column by what stands in it.
fn type_of(table: &Table, at: usize) -> &'static str {
    let cells =
        || table.rows.iter().map(|row| &row[at]).filter(|cell| cell.symbol().is_none() && **cell != CellValue::Blank);
    if cells().next().is_none() {
        "string"
    } else if cells().all(|cell| matches!(cell, CellValue::Count(_))) {
        "integer"
    } else if cells().all(|cell| matches!(cell, CellValue::Count(_) | CellValue::Ratio(_))) {
        "number"
    } else if cells().all(|cell| matches!(cell, CellValue::Day(_))) {
        "date"
    } else {
        "string"
    }
}
