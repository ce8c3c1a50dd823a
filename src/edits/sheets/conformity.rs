//! What the run was held to: the conditions of its profiles, and what was verified as true.

use crate::{
    book::{
        sheet::Sheet,
        table::{Table, column},
        value::CellValue,
    },
    edits::account::{acceptances::AcceptanceAccount, conformity::ConformityAccount},
};

/// The sheet; `unmet_settings` are the settings that had no effect in the run, in words.
pub fn sheet(conformity: &[ConformityAccount], acceptances: &[AcceptanceAccount], unmet_settings: &[String]) -> Sheet {
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
        rows: conformity.iter().map(condition).collect(),
        chart: None,
    };
    let verified = Table {
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
        rows: acceptances.iter().map(acceptance).collect(),
        chart: None,
    };
    let mut notes = vec![
        "Population: all records examined, whatever the period of the statistics.".to_owned(),
        "Passed, with failed rows: the limit is kept, and some rows fail. Not applicable: nothing to examine, or the day has not come.".to_owned(),
    ];
    notes.extend(unmet_settings.iter().map(|setting| format!("Without effect: {setting}.")));
    Sheet {
        name: "Conformity",
        title: "Conformity".to_owned(),
        summary: "Conditions of the profiles with verdicts, findings verified as true, settings without effect",
        notes,
        tables: vec![conditions, verified],
    }
}

fn condition(account: &ConformityAccount) -> Vec<CellValue> {
    vec![
        CellValue::text(&*account.profile),
        CellValue::text(&*account.condition),
        CellValue::text(&*account.of),
        CellValue::Count(account.numerator),
        CellValue::Count(account.denominator),
        CellValue::percent(account.numerator, account.denominator, 2),
        CellValue::text(&*account.limit),
        CellValue::text(account.status.name()),
        CellValue::text(&*account.why),
        CellValue::text(&*account.source),
    ]
}

fn acceptance(account: &AcceptanceAccount) -> Vec<CellValue> {
    vec![
        CellValue::Count(account.number),
        CellValue::code(&*account.rule),
        CellValue::text(&*account.reason),
        CellValue::text(&*account.author),
        CellValue::text(&*account.until),
        CellValue::Count(account.findings),
        CellValue::text(account.status.name()),
    ]
}
