//! The workbook as plain text: the same sheets, tables and values in the same order.

use crate::{
    book::{sheet::Book, table::Table, value::CellValue},
    record::long_text,
};

/// The whole book.
pub fn render(book: &Book) -> String {
    let mut text = format!("{}\nas of {}\n", book.title, book.business_date);
    for (place, sheet) in book.sheets.iter().enumerate() {
        if place == 1
            && let Some(board) = &book.board
        {
            text.push_str("\n== Board ==\n");
            render_table(&board.table(), &mut text);
            let changes = board.changes.iter().map(|change| &change.words);
            for line in changes.chain(&board.notes) {
                text.push_str(line);
                text.push('\n');
            }
        }
        text.push_str(&format!("\n== {} ==\n{}\n", sheet.name, sheet.title));
        for note in &sheet.notes {
            text.push_str(note);
            text.push('\n');
        }
        for table in &sheet.tables {
            render_table(table, &mut text);
        }
    }
    text
}

/// A value as it is printed.
pub fn shown(value: &CellValue) -> String {
    match value {
        CellValue::Text(text) | CellValue::Code(text) => {
            long_text::shown(text, || "the records".to_owned()).into_owned()
        }
        value => value.written(),
    }
}

fn render_table(table: &Table, text: &mut String) {
    text.push_str(&format!("\n{}\n", table.caption));
    let rows: Vec<Vec<String>> = table.rows.iter().map(|row| row.iter().map(shown).collect()).collect();
    let width = |at: usize| {
        let cells = rows.iter().map(|row| row[at].chars().count());
        cells.chain(std::iter::once(table.columns[at].heading.chars().count())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..table.columns.len()).map(width).collect();
    let numeric: Vec<bool> = (0..table.columns.len())
        .map(|at| {
            let is_figure = |row: &Vec<CellValue>| row[at].is_of_figures();
            table
                .rows
                .first()
                .is_some_and(|row| is_figure(row) || (row[at] == CellValue::Blank && table.rows.iter().any(is_figure)))
        })
        .collect();
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut out = String::new();
        for (at, cell) in cells.enumerate() {
            let pad = widths[at].saturating_sub(cell.chars().count());
            if numeric[at] {
                out.push_str(&" ".repeat(pad));
                out.push_str(cell);
            } else {
                out.push_str(cell);
                out.push_str(&" ".repeat(pad));
            }
            out.push_str("  ");
        }
        text.push_str(out.trim_end());
        text.push('\n');
    };
    line(&mut table.columns.iter().map(|column| column.heading.as_ref()));
    let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    line(&mut rules.iter().map(String::as_str));
    for row in &rows {
        line(&mut row.iter().map(String::as_str));
    }
    if rows.is_empty() {
        text.push_str("no cases\n");
    }
}
