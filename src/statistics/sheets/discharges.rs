//! Discharges and deaths by day.

use crate::{
    book::{
        sheet::Sheet,
        table::{Chart, ChartKind, Column, Table, column},
        value::Value,
    },
    statistics::tally::{Group, Tally},
};

/// The sheet.
pub fn sheet(tally: &Tally) -> Sheet {
    let all = tally.all;
    let adults = all.discharges - all.newborns;
    let summary = [
        ("Discharges, deaths included", Value::Count(all.discharges)),
        ("Adults and children", Value::Count(adults)),
        ("Newborns", Value::Count(all.newborns)),
        ("Deaths", Value::Count(all.deaths)),
        ("Gross death rate, %", Value::percent(all.deaths, all.discharges, 2)),
        ("Deaths less than two days after admission", Value::Count(tally.deaths_within_two_days)),
        (
            "Net death rate, %",
            Value::percent(all.deaths - tally.deaths_within_two_days, all.discharges - tally.deaths_within_two_days, 2),
        ),
        ("Without a principal diagnosis", Value::Count(tally.uncoded)),
        ("With at least one procedure", Value::Count(tally.with_procedure)),
    ];
    let mut partial = vec![by_partial_date(tally)];
    partial.retain(|table| !table.rows.is_empty());
    let mut tables = vec![
        Table {
            name: "discharges".to_owned(),
            caption: "Period".to_owned(),
            columns: vec![column("Measure", 44), column("Value", 12)],
            rows: summary.into_iter().map(|(name, value)| vec![Value::text(name), value]).collect(),
            chart: None,
        },
        by_day(tally),
    ];
    tables.append(&mut partial);
    Sheet {
        name: "Discharges",
        title: "Discharges and deaths".to_owned(),
        summary: "Discharges, deaths and death rates; discharges by day",
        notes: Vec::new(),
        tables,
    }
}

fn by_day(tally: &Tally) -> Table {
    Table {
        name: "discharges_by_day".to_owned(),
        caption: "By day of discharge".to_owned(),
        columns: columns("Day"),
        rows: tally.by_day.iter().map(|(day, group)| row(Value::Day(*day), *group)).collect(),
        chart: Some(Chart {
            kind: ChartKind::Column,
            title: "Discharges by day".to_owned(),
            categories: 0,
            series: vec![1],
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
        rows: dates.iter().map(|(partial, group)| row(Value::code(partial.to_string()), *group)).collect(),
        chart: None,
    }
}

fn columns(first: &'static str) -> Vec<Column> {
    vec![column(first, 44), column("Discharges", 12), column("Of them newborns", 12), column("Of them deaths", 12)]
}

fn row(first: Value, group: Group) -> Vec<Value> {
    vec![first, Value::Count(group.discharges), Value::Count(group.newborns), Value::Count(group.deaths)]
}
