//! What the run was held to: the conditions of its profiles, and what was verified as true.

use super::{
    super::book::{Sheet, Table, Value, column},
    Report,
};

/// The sheet.
pub fn sheet(report: &Report<'_>) -> Sheet {
    let conditions = Table {
        name: "conformity".to_owned(),
        caption: "Conditions".to_owned(),
        columns: vec![
            column("Profile", 22),
            column("Condition", 44),
            column("Of", 22),
            column("Counted", 11),
            column("Of all", 11),
            column("Share, %", 10),
            column("Limit", 18),
            column("Status", 23),
            column("Why", 34),
            column("Source", 40),
        ],
        rows: report
            .conformity
            .iter()
            .map(|row| {
                let [counted, all] = row.counts;
                vec![
                    Value::text(&*row.names[0]),
                    Value::text(&*row.names[1]),
                    Value::text(&*row.names[2]),
                    Value::Count(counted),
                    Value::Count(all),
                    Value::percent(counted, all, 2),
                    Value::text(&*row.limit),
                    Value::text(&*row.status),
                    Value::text(&*row.why),
                    Value::text(&*row.source),
                ]
            })
            .collect(),
        chart: None,
    };
    let acceptances = Table {
        name: "verified_as_true".to_owned(),
        caption: "Verified as true".to_owned(),
        columns: vec![
            column("Number", 9),
            column("Edit", 10),
            column("Reason", 44),
            column("Author", 18),
            column("Until", 12),
            column("Findings", 10),
            column("Status", 12),
        ],
        rows: report
            .acceptances
            .iter()
            .map(|(number, [rule, reason, author, until], findings, status)| {
                vec![
                    Value::Count(*number),
                    Value::code(&**rule),
                    Value::text(&**reason),
                    Value::text(&**author),
                    Value::text(&**until),
                    Value::Count(*findings),
                    Value::text(&**status),
                ]
            })
            .collect(),
        chart: None,
    };
    let mut notes = vec![
        "Passed, with failed rows: the limit is kept, and some rows fail. Not applicable: nothing to examine, or the day has not come.".to_owned(),
    ];
    notes.extend(report.unmet_settings.iter().map(|setting| format!("Without effect: {setting}.")));
    Sheet {
        name: "Conformity",
        title: "Conformity".to_owned(),
        summary: "Conditions of the profiles with verdicts, findings verified as true, settings without effect",
        notes,
        tables: vec![conditions, acceptances],
    }
}
