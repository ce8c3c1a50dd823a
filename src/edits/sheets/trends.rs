//! Facilities' months against their own twelve months before.

use std::collections::BTreeMap;

use crate::{
    book::{
        sheet::Sheet,
        table::{MOST_ROWS, Table, column},
        value::CellValue,
    },
    edits::trend::{
        facility_months::MonthCounts,
        figure::{Bounds, Figure, FigureTrend, TrendVerdict},
        judge::Trends,
        limits::ONE,
        measure::{TrendMeasure, Unit},
    },
    record::{bounded::NOT_STATED, month::Month},
};

/// The sheet. A figure that is not applicable is shown of the newest month alone, and of no practitioner; all stand in `facility_months.csv`.
pub fn sheet(trends: &Trends) -> Sheet {
    let newest = trends.figures.iter().filter_map(|figure| figure.month).max();
    let shown = |figure: &&Figure| {
        figure.verdict != TrendVerdict::NotApplicable || !figure.measure.is_of_practitioner() && figure.month == newest
    };
    let of_months = |(facility, months): (&String, &BTreeMap<Month, MonthCounts>)| -> Vec<Vec<CellValue>> {
        months.iter().map(|(month, counts)| month_row(facility, *month, counts)).collect()
    };
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
        // One more than a table shows, so that it is seen to be cut.
        rows: trends.figures.iter().filter(shown).take(MOST_ROWS + 1).map(figure_row).collect(),
        chart: None,
    };
    let months = Table {
        name: "facility_months".to_owned(),
        caption: "Months judged and their histories".to_owned(),
        columns: [column("Facility", 14), column("Month", 10), column("Discharges", 11)]
            .into_iter()
            .chain(TrendMeasure::RATES.map(|measure| column(measure.title(), 16)))
            .collect(),
        rows: trends.months.iter().flat_map(of_months).take(MOST_ROWS + 1).collect(),
        chart: None,
    };
    Sheet {
        name: "Trends",
        title: "Trends".to_owned(),
        summary: "Figures of each facility's month against its own twelve months before, coders and practitioners against each other",
        notes: vec![
            "Population: discharges of each facility, every month that is held, without a fatal finding.".to_owned(),
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

fn facility(name: &str) -> CellValue {
    if name.is_empty() { CellValue::text(NOT_STATED) } else { CellValue::code(name) }
}

fn figure_row(figure: &Figure) -> Vec<CellValue> {
    let unit = figure.measure.unit();
    let quotient = |numerator, denominator| match unit {
        Unit::Percent => CellValue::percent(numerator, denominator, unit.decimals()),
        Unit::PerCase | Unit::Discharges => CellValue::mean(numerator, denominator, unit.decimals()),
    };
    // Limits are shown from 0 on.
    let millionths = |value: i128| quotient(u64::try_from(value.max(0)).unwrap_or(u64::MAX), ONE as u64);
    let of_trend = |of: &dyn Fn(&FigureTrend) -> Option<i128>| {
        figure.trend.as_ref().and_then(of).map_or(CellValue::Blank, millionths)
    };
    let low = |bounds: Option<Bounds>| bounds.map(|(low, _)| low);
    let high = |bounds: Option<Bounds>| bounds.map(|(_, high)| high);
    let is_count = unit == Unit::Discharges;
    let months = figure.trend.as_ref().map_or(0, |trend| trend.months);
    vec![
        facility(&figure.facility),
        CellValue::code(figure.month.map_or(String::new(), |month| month.to_string())),
        CellValue::text(figure.measure.title()),
        CellValue::code(&*figure.of),
        CellValue::Count(figure.numerator),
        if is_count { CellValue::Blank } else { CellValue::Count(figure.denominator) },
        if is_count { CellValue::Count(figure.numerator) } else { quotient(figure.numerator, figure.denominator) },
        if months == 0 { CellValue::Blank } else { CellValue::Count(months) },
        of_trend(&|trend| Some(trend.mean)),
        of_trend(&|trend| low(trend.warning)),
        of_trend(&|trend| high(trend.warning)),
        of_trend(&|trend| low(trend.critical)),
        of_trend(&|trend| high(trend.critical)),
        CellValue::text(figure.verdict.name()),
        CellValue::text(&*figure.why),
    ]
}

fn month_row(facility_id: &str, month: Month, counts: &MonthCounts) -> Vec<CellValue> {
    let mut values =
        vec![facility(facility_id), CellValue::code(month.to_string()), CellValue::Count(counts.discharges)];
    values.extend(counts.rates.iter().zip(TrendMeasure::RATES).map(|(rate, measure)| {
        if measure.unit() == Unit::Percent {
            CellValue::percent(rate.numerator, rate.denominator, 2)
        } else {
            CellValue::mean(rate.numerator, rate.denominator, 3)
        }
    }));
    values
}
