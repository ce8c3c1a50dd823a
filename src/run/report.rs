//! The workbook: the sheets of every desk in their order, written as Excel and, where it is asked for, as text.

use super::{
    fault::RunFault,
    outputs::account,
    releases::imported::Imported,
    results::{OutputAccount, RunResults},
    sheets::{contents, run_sheet},
};
use crate::{
    book::{
        sheet::{Book, Sheet},
        table::Table,
        text, xlsx,
    },
    codeset::sets::CodeSets,
    coding, deficiency,
    edits::{self, engine::ActiveRules, trend::judge::Trends},
    examination::outcome::Outcome,
    fs::staging::Staging,
    plan::Plan,
    record::date::Day,
    statistics,
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
    let sheets = sheets(plan, results, figures, (sets, imported), rules, business_date);
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

/// The sheets in order. A new one is a line here.
fn sheets(
    plan: &Plan,
    results: &RunResults,
    (total, trends): (&Outcome, &Trends),
    (sets, imported): (&CodeSets, &Imported),
    rules: &ActiveRules,
    business_date: Day,
) -> Vec<Sheet> {
    let (tally, top) = (&total.tally, plan.statistics.top);
    let groups = (imported.groups(), &total.groups);
    let matrix = plan.deficiency.as_ref().map(|deficiency| &deficiency.matrix);
    // The rules in force are those of the last day of the period.
    let last_day = plan.period.as_ref().map_or(business_date, |period| period.last);
    let sheets = [
        Some(run_sheet::sheet(plan, results)),
        Some(statistics::sheets::discharges::sheet(tally)),
        Some(statistics::sheets::groups::sheet(tally)),
        Some(statistics::sheets::stays::sheet(tally)),
        Some(statistics::sheets::codes::diagnoses(tally, sets, top)),
        Some(statistics::sheets::codes::procedures(tally, sets, top)),
        Some(statistics::sheets::chapters::sheet(tally, sets)),
        Some(statistics::sheets::clinical_groups::sheet(tally, groups, sets, top)),
        Some(coding::sheets::comorbidity::sheet(&total.comorbidity, &imported.refined, plan.coding.judge_on)),
        Some(edits::sheets::scorecard::sheet(&results.rules)),
        Some(edits::sheets::rules::sheet(rules, last_day)),
        Some(edits::sheets::conformity::sheet(&results.conformity, &results.acceptances, &results.unmet_settings)),
        Some(edits::sheets::trends::sheet(trends)),
        Some(deficiency::sheet::sheet(matrix, &total.deficiency_tally, &results.deficiencies)),
        Some(coding::sheets::codes::sheet(&results.codes)),
        statistics::sheets::coders::sheet(&tally.coders, business_date),
        Some(statistics::sheets::definitions::sheet()),
    ];
    sheets.into_iter().flatten().collect()
}

/// The workbook of the sheets, with their contents in front.
fn book(plan: &Plan, results: &RunResults, mut sheets: Vec<Sheet>, business_date: Day) -> Book {
    sheets.iter_mut().flat_map(|sheet| &mut sheet.tables).for_each(Table::cut);
    sheets.insert(0, contents::sheet(&plan.title, results, &sheets));
    let period = if results.period.is_empty() { String::new() } else { format!(", {}", results.period) };
    Book { title: format!("{}{period}", plan.title), business_date, sheets }.shown()
}
