//! What has to agree, and whether it does.

use crate::{
    book::{
        sheet::Sheet,
        table::{Table, column},
        value::{CellValue, Ratio},
    },
    statistics::reconciliation::Reconciliations,
};

/// The sheet.
pub fn sheet(own: &Reconciliations) -> Sheet {
    let differing: Vec<&str> = own.differing().map(|differing| differing.what).collect();
    let mut notes = Vec::new();
    if !differing.is_empty() {
        notes.push(format!("Does not reconcile: {}.", differing.join(", ")));
    }
    notes.push("Population: inpatients without a fatal finding; services and coding are of every class. A difference is told, never spread over the figures.".to_owned());
    let mut rows: Vec<Vec<CellValue>> = own
        .held
        .iter()
        .map(|held| {
            let verdict = if held.agrees() { "agrees" } else { "does not reconcile" };
            vec![
                CellValue::text(held.what),
                CellValue::text(verdict),
                CellValue::text(held.first.0),
                whole(held.first.1),
                CellValue::text(held.second.0),
                whole(held.second.1),
                whole(held.first.1 - held.second.1),
            ]
        })
        .collect();
    rows.extend(own.not_held.iter().map(|(what, why)| {
        let none = || CellValue::NotAvailable;
        vec![
            CellValue::text(*what),
            CellValue::text("not held against each other"),
            CellValue::text(why.clone()),
            none(),
            CellValue::Blank,
            none(),
            none(),
        ]
    }));
    Sheet {
        name: "Reconciliation",
        title: "What has to agree".to_owned(),
        summary: "Whether census, services, coding, births and deaths agree with one another and with the registers",
        notes,
        tables: vec![Table {
            name: "reconciliation".to_owned(),
            caption: "Two figures that have to be the same".to_owned(),
            columns: vec![
                column("What", 24),
                column("Verdict", 26),
                column("First figure", 44),
                column("First", 12),
                column("Second figure", 36),
                column("Second", 12),
                column("Difference", 12),
            ],
            rows,
            chart: None,
        }],
    }
}

/// A whole number that may be below 0.
fn whole(number: i64) -> CellValue {
    u64::try_from(number).map_or(
        CellValue::Ratio(Ratio { numerator: number, denominator: 1, decimals: 0, percent: false }),
        CellValue::Count,
    )
}
