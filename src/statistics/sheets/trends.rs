//! Facilities' months against their own twelve months before.

use super::{
    super::{
        book::{Column, Sheet, Table, Value, column},
        tally::NOT_STATED,
    },
    Report, TrendMonthRow, TrendRow,
};

/// Millionths in one.
const ONE: u64 = 1_000_000;

/// The sheet.
pub fn sheet(report: &Report<'_>) -> Sheet {
    let figures = Table {
        name: "trends".to_owned(),
        caption: "Figures and limits".to_owned(),
        columns: vec![
            column("Facility", 14),
            column("Month", 10),
            column("Measure", 32),
            column("Of", 16),
            column("Counted", 11),
            column("Of all", 11),
            column("Figure", 10),
            column("Months", 9),
            column("Mean", 10),
            column("Warning below", 10),
            column("Warning above", 10),
            column("Critical below", 10),
            column("Critical above", 10),
            column("Verdict", 24),
            column("Why", 40),
        ],
        rows: report.trends.figures.iter().map(figure).collect(),
        chart: None,
    };
    let months = Table {
        name: "facility_months".to_owned(),
        caption: "Months judged and their histories".to_owned(),
        columns: [column("Facility", 14), column("Month", 10), column("Discharges", 11)]
            .into_iter()
            .chain(report.trends.titles.iter().map(|(heading, _)| Column { heading, width: 16 }))
            .collect(),
        rows: report.trends.months.iter().map(|row| month(row, &report.trends.titles)).collect(),
        chart: None,
    };
    Sheet {
        name: "Trends",
        title: "Trends".to_owned(),
        summary: "Figures of each facility's month against its own twelve months before, coders and practitioners against each other",
        notes: vec![
            "A figure is beyond a limit where it is farther from the mean than so many standard deviations of the months and than a stated difference; both are settings of the pipeline."
                .to_owned(),
            "Limits are shown rounded; verdicts come from whole numbers. Of several statements of a month before, the one with the most discharges is taken."
                .to_owned(),
            "A case is a coded discharge. Coders and attending practitioners are held to all others at the facility; their patients may differ."
                .to_owned(),
        ],
        tables: vec![figures, months],
    }
}

fn facility(name: &str) -> Value {
    if name.is_empty() { Value::text(NOT_STATED) } else { Value::code(name) }
}

fn figure(row: &TrendRow) -> Vec<Value> {
    let quotient = |numerator: u64, denominator: u64| {
        if row.percent {
            Value::percent(numerator, denominator, row.decimals)
        } else {
            Value::mean(numerator, denominator, row.decimals)
        }
    };
    let limit = |place: usize, end: usize| row.limits[place].map_or(Value::Blank, |bounds| quotient(bounds[end], ONE));
    vec![
        facility(&row.facility),
        Value::code(&*row.month),
        Value::text(row.measure),
        Value::code(&*row.of),
        Value::Count(row.counts[0]),
        if row.is_count { Value::Blank } else { Value::Count(row.counts[1]) },
        if row.is_count { Value::Count(row.counts[0]) } else { quotient(row.counts[0], row.counts[1]) },
        if row.months == 0 { Value::Blank } else { Value::Count(row.months) },
        row.mean.map_or(Value::Blank, |mean| quotient(mean, ONE)),
        limit(0, 0),
        limit(0, 1),
        limit(1, 0),
        limit(1, 1),
        Value::text(row.verdict),
        Value::text(&*row.why),
    ]
}

fn month(row: &TrendMonthRow, titles: &[(&str, bool)]) -> Vec<Value> {
    let mut values = vec![facility(&row.facility), Value::code(&*row.month), Value::Count(row.discharges)];
    values.extend(row.rates.iter().zip(titles).map(|([numerator, denominator], (_, percent))| {
        if *percent { Value::percent(*numerator, *denominator, 2) } else { Value::mean(*numerator, *denominator, 3) }
    }));
    values
}
