//! Discharges and deaths by day.

use crate::{
    book::{
        sheet::Sheet,
        table::{Chart, ChartKind, Table, TableColumn, column},
        value::CellValue,
    },
    statistics::tally::{Group, Tally},
};

/// The sheet.
pub fn sheet(tally: &Tally) -> Sheet {
    let all = tally.all;
    let adults = all.discharges - all.newborns;
    let summary = [
        ("Discharges, deaths included", CellValue::Count(all.discharges)),
        ("Adults and children", CellValue::Count(adults)),
        ("Newborns", CellValue::Count(all.newborns)),
        ("Deaths", CellValue::Count(all.deaths)),
        ("Gross death rate, %", CellValue::percent(all.deaths, all.discharges, 2)),
        ("Deaths less than 48 hours after admission", CellValue::Count(tally.deaths_within_48_hours)),
        (
            "Net death rate, %",
            CellValue::percent(
                all.deaths - tally.deaths_within_48_hours,
                all.discharges - tally.deaths_within_48_hours,
                2,
            ),
        ),
        ("Without a principal diagnosis", CellValue::Count(tally.uncoded)),
        ("With at least one procedure", CellValue::Count(tally.with_procedure)),
    ];
    let mut partial = vec![by_partial_date(tally)];
    partial.retain(|table| !table.rows.is_empty());
    let mut tables = vec![
        Table {
            name: "discharges".to_owned(),
            caption: "Period".to_owned(),
            columns: vec![column("Measure", 44), column("Value", 12)],
            rows: summary.into_iter().map(|(name, value)| vec![CellValue::text(name), value]).collect(),
            chart: None,
        },
        by_day(tally),
    ];
    tables.append(&mut partial);
    Sheet {
        name: "Discharges",
        title: "Discharges and deaths".to_owned(),
        summary: "Discharges, deaths and death rates; discharges by day",
        notes: vec![super::POPULATION.to_owned()],
        tables,
    }
}

fn by_day(tally: &Tally) -> Table {
    Table {
        name: "discharges_by_day".to_owned(),
        caption: "By day of discharge".to_owned(),
        columns: columns("Day"),
        rows: tally.by_day.iter().map(|(day, group)| row(CellValue::Day(*day), *group)).collect(),
        chart: Some(Chart {
            kind: ChartKind::Column,
            values: "Discharges",
            title: "Discharges by day".to_owned(),
            categories: 0,
            series: vec![1],
            limits: Vec::new(),
            rows: 400,
        }),
    }
}

/// What an export states by month or year alone is counted as that: no day is made up.
fn by_partial_date(tally: &Tally) -> Table {
    let dates = &tally.by_partial_date;
    Table {
        name: "discharges_without_day".to_owned(),
        caption: "By month or year of discharge, where the day is not stated".to_owned(),
        columns: columns("Month or year"),
        rows: dates.iter().map(|(partial, group)| row(CellValue::code(partial.to_string()), *group)).collect(),
        chart: None,
    }
}

fn columns(first: &'static str) -> Vec<TableColumn> {
    vec![column(first, 44), column("Discharges", 12), column("Of them newborns", 12), column("Of them deaths", 12)]
}

fn row(first: CellValue, group: Group) -> Vec<CellValue> {
    vec![first, CellValue::Count(group.discharges), CellValue::Count(group.newborns), CellValue::Count(group.deaths)]
}
