//! Length of stay: sum, mean, median, distribution; adults and children apart from newborns.

use std::collections::BTreeMap;

use crate::{
    book::{
        sheet::Sheet,
        table::{Chart, ChartKind, Table, column},
        value::CellValue,
    },
    statistics::tally::{Tally, doubled_median},
};

/// Longest stay with a row of its own; longer ones stand together.
const LAST_OWN_ROW: i32 = 30;

/// The sheet.
pub fn sheet(tally: &Tally) -> Sheet {
    let groups = [("Adults and children", &tally.stays), ("Newborns", &tally.newborn_stays)];
    let mut rows: Vec<Vec<CellValue>> = Vec::new();
    for days in 1..=LAST_OWN_ROW + 1 {
        let count = |distribution: &BTreeMap<i32, u64>| -> u64 {
            if days > LAST_OWN_ROW {
                distribution.range(days..).map(|(_, count)| count).sum()
            } else {
                distribution.get(&days).copied().unwrap_or(0)
            }
        };
        let name = if days > LAST_OWN_ROW { format!("{days} and more") } else { days.to_string() };
        rows.push(vec![
            CellValue::code(name),
            CellValue::Count(count(&tally.stays)),
            CellValue::Count(count(&tally.newborn_stays)),
        ]);
    }
    Sheet {
        name: "Length of stay",
        title: "Length of stay".to_owned(),
        summary: "Days of stay of the discharges of the period: sum, mean, median, distribution",
        notes: vec![super::POPULATION.to_owned(), "Days of stay belong to the month of discharge; inpatient service days belong to the month they fall in. The two are never compared.".to_owned()],
        tables: vec![
            Table {
                name: "stays".to_owned(),
                caption: "Summary".to_owned(),
                columns: vec![
                    column("Patients", 24),
                    column("Discharges with a known stay", 16),
                    column("Days", 12),
                    column("Average length of stay", 14),
                    column("Median", 10),
                    column("Longest", 10),
                ],
                rows: groups
                    .into_iter()
                    .map(|(name, distribution)| {
                        let count: u64 = distribution.values().sum();
                        let days: u64 = distribution.iter().map(|(days, count)| *days as u64 * count).sum();
                        vec![
                            CellValue::text(name),
                            CellValue::Count(count),
                            CellValue::Count(days),
                            CellValue::mean(days, count, 2),
                            doubled_median(distribution).map_or(CellValue::Blank, |doubled| CellValue::mean(doubled, 2, 1)),
                            distribution.last_key_value().map_or(CellValue::Blank, |(days, _)| CellValue::Count(*days as u64)),
                        ]
                    })
                    .collect(),
                chart: None,
            },
            Table {
                name: "stay_distribution".to_owned(),
                caption: "Discharges by length of stay in days".to_owned(),
                columns: vec![column("Days", 24), column("Adults and children", 16), column("Newborns", 12)],
                rows,
                chart: Some(Chart { kind: ChartKind::Column, limits: Vec::new(), values: "Discharges",
title: "Discharges by length of stay".to_owned(), categories: 0, series: vec![1, 2], rows: 31 }),
            },
        ],
    }
}
