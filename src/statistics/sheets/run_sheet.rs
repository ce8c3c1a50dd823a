//! The run sheet: what went in, under which rules and code sets, and that nothing was lost.

use super::{
    super::book::{Sheet, Table, Value, column},
    Report,
};

/// The sheet.
pub fn sheet(report: &Report<'_>) -> Sheet {
    let mut inputs: Vec<Vec<Value>> = Vec::new();
    let mut totals = [0u64; 8];
    for input in &report.inputs {
        for (sum, more) in totals.iter_mut().zip(input.counts) {
            *sum += more;
        }
        let mut row = vec![Value::text(&*input.name), Value::text(&*input.feed)];
        row.extend(input.counts.iter().map(|count| Value::Count(*count)));
        row.extend([Value::code(&*input.sha256), Value::text(&*input.note)]);
        inputs.push(row);
    }
    // A table of its own: a row of sums among the rows would be counted by whoever sums or sorts them.
    let mut total = vec![Value::text("all inputs"), Value::text("read = accepted + quarantined + duplicate")];
    total.extend(totals.iter().map(|count| Value::Count(*count)));
    Sheet {
        name: "Run",
        title: "Run sheet".to_owned(),
        summary: "Inputs with their digests, conservation of rows and encounters, versions of rules and code sets",
        notes: Vec::new(),
        tables: vec![
            Table {
                name: "run".to_owned(),
                caption: "Run".to_owned(),
                columns: vec![column("Fact", 34), column("Value", 70)],
                rows: report
                    .run
                    .iter()
                    .map(|(name, value)| vec![Value::text(&**name), Value::text(&**value)])
                    .collect(),
                chart: None,
            },
            Table {
                name: "conservation".to_owned(),
                caption: "Inputs and where their rows went".to_owned(),
                columns: vec![
                    column("Input", 34),
                    column("Feed", 70),
                    column("Read", 12),
                    column("Accepted", 12),
                    column("Quarantined", 13),
                    column("Duplicate", 12),
                    column("Superseded", 12),
                    column("Withdrawn", 12),
                    column("Undecided", 12),
                    column("Excluded by choice", 14),
                    column("SHA-256", 67),
                    column("Notes", 60),
                ],
                rows: inputs,
                chart: None,
            },
            Table {
                name: "conservation_of_all_inputs".to_owned(),
                caption: "All inputs together".to_owned(),
                columns: vec![
                    column("Inputs", 34),
                    column("Equation", 70),
                    column("Read", 12),
                    column("Accepted", 12),
                    column("Quarantined", 13),
                    column("Duplicate", 12),
                    column("Superseded", 12),
                    column("Withdrawn", 12),
                    column("Undecided", 12),
                    column("Excluded by choice", 14),
                ],
                rows: vec![total],
                chart: None,
            },
            Table {
                name: "encounters".to_owned(),
                caption: "Encounters and where they went".to_owned(),
                columns: vec![column("Encounters", 34), column("Count", 12)],
                rows: report
                    .encounters
                    .iter()
                    .map(|(name, count)| vec![Value::text(&**name), Value::Count(*count)])
                    .collect(),
                chart: None,
            },
            Table {
                name: "code_sets".to_owned(),
                caption: "Code sets".to_owned(),
                columns: vec![column("Table", 34), column("Release", 70), column("SHA-256", 67)],
                rows: report
                    .code_sets
                    .iter()
                    .map(|[name, release, digest]| {
                        vec![Value::text(&**name), Value::text(&**release), Value::code(&**digest)]
                    })
                    .collect(),
                chart: None,
            },
        ],
    }
}
