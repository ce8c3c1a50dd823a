//! Contents: what stands where, and what the workbook may be used for.

use crate::{
    book::{
        sheet::Sheet,
        table::{Table, column},
        value::CellValue,
    },
    run::{
        results::{EncounterAccount, RunResults},
        unusable_inputs::why_not_whole,
    },
};

/// The sheet of a pipeline of this title; `others` are the sheets that it lists.
pub fn sheet(title: &str, results: &RunResults, others: &[Sheet]) -> Sheet {
    let period = if results.period.is_empty() {
        "all discharges of the inputs".to_owned()
    } else {
        format!("discharges of {}", results.period)
    };
    Sheet {
        name: "Contents",
        title: title.to_owned(),
        summary: "This list",
        notes: notes(results, &period),
        tables: vec![Table {
            name: "contents".to_owned(),
            caption: "Sheets".to_owned(),
            columns: vec![column("Sheet", 20), column("What it shows", 90)],
            rows: others
                .iter()
                .map(|sheet| vec![CellValue::text(sheet.name), CellValue::text(sheet.summary)])
                .collect(),
            chart: None,
        }],
    }
}

fn notes(results: &RunResults, period: &str) -> Vec<String> {
    let mut notes = vec![format!("Period: {period}. As of {}.", results.business_date)];
    if !results.restates.is_empty() {
        notes.push(results.restates.clone());
    }
    let not_whole = why_not_whole(results.inputs.iter());
    if !not_whole.is_empty() {
        notes.push(format!("Not whole: {not_whole}. The figures are of what came and could be used."));
    }
    notes.push(undecided(&results.encounters));
    notes.push(
        "Internal: contains small cells from which a patient could be known. Not for release outside the hospital."
            .to_owned(),
    );
    notes
}

/// How many discharges are in no figure because nothing says which of their versions is the newest.
fn undecided(encounters: &EncounterAccount) -> String {
    let (discharges, records) = (encounters.undecided_discharges, encounters.undecided);
    match discharges {
        0 => "Undecided discharges: 0.".to_owned(),
        _ => format!(
            "Undecided discharges: {discharges}. They are in no figure: each number stands on several records with other content, {records} together, and \
             nothing says which is the newest (superseded.csv)."
        ),
    }
}
