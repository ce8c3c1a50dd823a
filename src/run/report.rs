//! The workbook: the sheets of every desk in their order, written as Excel and, where it is asked for, as text.

use super::{
    fault::RunFault,
    outputs::{OutputAccount, account},
    results::RunResults,
    sheets::{contents, run_sheet},
};
use crate::{
    book::{
        sheet::{Book, Sheet},
        table::Table,
        text, xlsx,
    },
    fs::staging::Staging,
    plan::Plan,
    record::date::Day,
};

/// Writes the workbook of the desks' sheets and, where asked for, its text; gives their accounts.
///
/// # Errors
/// A file cannot be written.
pub fn write(
    plan: &Plan,
    results: &RunResults,
    mut sheets: Vec<Sheet>,
    business_date: Day,
    staging: &Staging,
) -> Result<Vec<OutputAccount>, RunFault> {
    sheets.insert(0, run_sheet::sheet(plan, results));
    let book = book(plan, results, sheets, business_date);
    let mut written = Vec::new();
    if plan.statistics.workbook {
        let bytes = xlsx::render(&book).map_err(|_| RunFault::Internal("the workbook cannot be made".to_owned()))?;
        written.push(account("statistics.xlsx", 0, &staging.write("data/statistics.xlsx", &bytes)?));
    }
    if plan.statistics.text {
        let text = text::render(&book);
        written.push(account("statistics.txt", 0, &staging.write("data/statistics.txt", text.as_bytes())?));
    }
    Ok(written)
}

/// The workbook of the sheets, with their contents in front.
fn book(plan: &Plan, results: &RunResults, mut sheets: Vec<Sheet>, business_date: Day) -> Book {
    sheets.iter_mut().flat_map(|sheet| &mut sheet.tables).for_each(Table::cut);
    sheets.insert(0, contents::sheet(&plan.title, results, &sheets));
    let period = if results.period.is_empty() { String::new() } else { format!(", {}", results.period) };
    Book { title: format!("{}{period}", plan.title), business_date, sheets }.shown()
}
