//! The workbook: the sheets of every desk in their order, written as Excel and, where it is asked for, as text.

use super::{
    desks,
    fault::RunFault,
    outputs::{OutputAccount, account},
    releases::imported::Imported,
    results::RunResults,
    sheets::{contents, run_sheet},
};
use crate::{
    book::{
        sheet::{Book, Sheet},
        table::Table,
        text, xlsx,
    },
    codeset::sets::CodeSets,
    edits::{engine::ActiveRules, trend::judge::Trends},
    examination::outcome::Outcome,
    fs::staging::Staging,
    plan::Plan,
    record::date::Day,
};

/// Writes the workbook and, where asked for, its text; gives their accounts.
///
/// # Errors
/// A file cannot be written.
pub fn write(
    plan: &Plan,
    results: &RunResults,
    figures: (&Outcome, &Trends),
    (sets, imported): (&CodeSets, &Imported),
    rules: &ActiveRules,
    staging: &Staging,
) -> Result<Vec<OutputAccount>, RunFault> {
    let business_date = Day::from_iso(&results.business_date)
        .ok_or_else(|| RunFault::Internal("the business date is no day".to_owned()))?;
    let mut sheets = vec![run_sheet::sheet(plan, results)];
    sheets.extend(desks::sheets(plan, &results.desks, figures, (sets, imported), rules, business_date));
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
