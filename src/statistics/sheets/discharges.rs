//! Discharges and deaths by day.

use super::{
    super::book::{Chart, ChartKind, Sheet, Table, Value, column},
    Report,
};

/// The sheet.
pub fn sheet(report: &Report<'_>) -> Sheet {
    let tally = report.tally;
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
    Sheet {
        name: "Discharges",
        title: "Discharges and deaths".to_owned(),
        summary: "Discharges, deaths and death rates; discharges by day",
        notes: Vec::new(),
        tables: vec![
            Table {
                name: "discharges".to_owned(),
                caption: "Period".to_owned(),
                columns: vec![column("Measure", 44), column("Value", 12)],
                rows: summary.into_iter().map(|(name, value)| vec![Value::text(name), value]).collect(),
                chart: None,
            },
            Table {
                name: "discharges_by_day".to_owned(),
                caption: "By day of discharge".to_owned(),
                columns: vec![
                    column("Day", 44),
                    column("Discharges", 12),
                    column("Of them newborns", 12),
                    column("Of them deaths", 12),
                ],
                rows: tally
                    .by_day
                    .iter()
                    .map(|(day, group)| {
                        vec![
                            Value::Day(*day),
                            Value::Count(group.discharges),
                            Value::Count(group.newborns),
                            Value::Count(group.deaths),
                        ]
                    })
                    .collect(),
                chart: Some(Chart {
                    kind: ChartKind::Column,
                    title: "Discharges by day".to_owned(),
                    categories: 0,
                    series: vec![1],
                    rows: 400,
                }),
            },
        ],
    }
}
