//! What coding came to: codes by verdict, and mapping.

use super::{
    super::book::{Sheet, Table, Value, column},
    Report,
};

/// The sheet.
pub fn sheet(report: &Report<'_>) -> Sheet {
    let [diagnoses, procedures] =
        [1, 2].map(|place| report.verdicts.iter().map(|row| if place == 1 { row.1 } else { row.2 }).sum::<u64>());
    Sheet {
        name: "Coding",
        title: "Codes by verdict".to_owned(),
        summary: "Diagnosis and procedure codes by verdict on the day of discharge; mapping",
        notes: vec!["All examined records, whatever the period.".to_owned()],
        tables: vec![
            Table {
                name: "verdicts".to_owned(),
                caption: "Verdicts".to_owned(),
                columns: vec![
                    column("Verdict", 40),
                    column("Diagnoses", 13),
                    column("Share, %", 11),
                    column("Procedures", 13),
                    column("Share, % ", 11),
                ],
                rows: report
                    .verdicts
                    .iter()
                    .map(|(verdict, of_diagnoses, of_procedures)| {
                        vec![
                            Value::text(&**verdict),
                            Value::Count(*of_diagnoses),
                            Value::percent(*of_diagnoses, diagnoses, 2),
                            Value::Count(*of_procedures),
                            Value::percent(*of_procedures, procedures, 2),
                        ]
                    })
                    .collect(),
                chart: None,
            },
            Table {
                name: "systems".to_owned(),
                caption: "Code systems".to_owned(),
                columns: vec![
                    column("Code system", 40),
                    column("Codes", 13),
                    column("Valid", 13),
                    column("Share, %", 11),
                ],
                rows: report
                    .systems
                    .iter()
                    .map(|(title, codes, valid)| {
                        vec![
                            Value::text(&**title),
                            Value::Count(*codes),
                            Value::Count(*valid),
                            Value::percent(*valid, *codes, 2),
                        ]
                    })
                    .collect(),
                chart: None,
            },
            Table {
                name: "mapping".to_owned(),
                caption: "Mapping".to_owned(),
                columns: vec![column("Codes", 40), column("Count", 13)],
                rows: report
                    .mapping
                    .iter()
                    .map(|(name, count)| vec![Value::text(&**name), Value::Count(*count)])
                    .collect(),
                chart: None,
            },
        ],
    }
}
