//! Contents: what stands where, and what the workbook may be used for.

use super::{
    super::book::{Sheet, Table, Value, column},
    Report,
};

/// The sheet.
pub fn sheet(report: &Report<'_>, others: &[Sheet]) -> Sheet {
    let period = if report.period.is_empty() {
        "all discharges of the inputs".to_owned()
    } else {
        format!("discharges of {}", report.period)
    };
    Sheet {
        name: "Contents",
        title: report.title.to_owned(),
        summary: "This list",
        notes: notes(report, &period),
        tables: vec![Table {
            name: "contents".to_owned(),
            caption: "Sheets".to_owned(),
            columns: vec![column("Sheet", 20), column("What it shows", 90)],
            rows: others.iter().map(|sheet| vec![Value::text(sheet.name), Value::text(sheet.summary)]).collect(),
            chart: None,
        }],
    }
}

fn notes(report: &Report<'_>, period: &str) -> Vec<String> {
    let mut notes = vec![format!("Period: {period}. As of {}.", report.business_date)];
    if !report.not_whole.is_empty() {
        notes.push(format!("Not whole: {}. The figures are of what came and could be used.", report.not_whole));
    }
    notes.push(undecided(report.undecided));
    notes.push(
        "Internal: contains small cells from which a patient could be known. Not for release outside the hospital."
            .to_owned(),
    );
    notes
}

/// How many discharges are in no figure because nothing says which of their versions is the newest.
fn undecided([discharges, records]: [u64; 2]) -> String {
    match discharges {
        0 => "Undecided discharges: 0.".to_owned(),
        _ => format!(
            "Undecided discharges: {discharges}. They are in no figure: each number stands on several records with other content, {records} together, and \
             nothing says which is the newest (superseded.csv)."
        ),
    }
}
