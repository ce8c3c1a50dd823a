//! The workbook: the sheets of every desk in their order, written as Excel and, where it is asked for, as text.

use super::{
    fault::RunFault,
    outputs::{OutputAccount, account},
    results::RunResults,
    sheets::{contents, cover, run_sheet},
};
use crate::{
    book::{
        board::Board,
        csv_bundle, html_book,
        sheet::{Book, Sheet},
        table::Table,
        text, xlsx,
    },
    fs::staging::Staging,
    plan::Plan,
    record::date::Day,
};

/// Writes the desks' sheets in every format that is asked for; gives the accounts of the files.
///
/// # Errors
/// A file cannot be written.
pub fn write(
    plan: &Plan,
    results: &RunResults,
    (mut sheets, board): (Vec<Sheet>, Option<Board>),
    business_date: Day,
    staging: &Staging,
) -> Result<Vec<OutputAccount>, RunFault> {
    sheets.push(run_sheet::sheet(plan, results));
    let book = book(plan, results, (sheets, board), business_date);
    let formats = plan.statistics.formats;
    let mut written = Vec::new();
    let mut write = |name: &str, bytes: &[u8]| -> Result<(), RunFault> {
        written.push(account(name, 0, &staging.write(&format!("data/{name}"), bytes)?));
        Ok(())
    };
    if formats.workbook {
        let bytes = xlsx::render(&book).map_err(|_| RunFault::Internal("the workbook cannot be made".to_owned()))?;
        write("statistics.xlsx", &bytes)?;
    }
    if formats.page {
        // A page lists its sheets itself.
        let mut of_page = book.clone();
        of_page.sheets.retain(|sheet| sheet.name != contents::NAME);
        write("statistics.html", html_book::page(&of_page).as_bytes())?;
    }
    if formats.text {
        write("statistics.txt", text::render(&book).as_bytes())?;
    }
    if formats.tables {
        for (name, bytes) in csv_bundle::files(&book) {
            write(&format!("statistics/{name}"), &bytes)?;
        }
    }
    Ok(written)
}

/// The workbook of the sheets, with cover and contents in front.
fn book(
    plan: &Plan,
    results: &RunResults,
    (mut sheets, board): (Vec<Sheet>, Option<Board>),
    business_date: Day,
) -> Book {
    sheets.iter_mut().flat_map(|sheet| &mut sheet.tables).for_each(Table::cut);
    sheets.insert(0, contents::sheet(&sheets));
    sheets.insert(0, cover::sheet(plan, results, board.is_some()));
    let period = if results.period.is_empty() { String::new() } else { format!(", {}", results.period) };
    Book { title: format!("{}{period}", plan.title), business_date, board, sheets }.shown()
}
