//! `facility_months.csv`: the figures of facilities' months, and of the coders and practitioners that are judged.

use std::borrow::Cow;

use crate::{
    book::csv::{CsvColumn, CsvTable},
    edits::trend::figure::{Bounds, Figure, FigureTrend, TrendVerdict},
};

/// `facility_months.csv`: a line a figure. Its first six columns are those of [`super::facility_months`], so that it can be given to another run as history.
#[derive(Debug)]
pub struct FacilityMonthsTable;

/// Whether a figure has a line: of a practitioner only where it is judged.
pub fn is_listed(figure: &Figure) -> bool {
    !figure.measure.is_of_practitioner() || figure.verdict != TrendVerdict::NotApplicable
}

impl CsvTable for FacilityMonthsTable {
    type Row<'r> = &'r Figure;
    const PATH: &'static str = "facility_months.csv";

    fn columns<'r>() -> Vec<CsvColumn<&'r Figure>> {
        vec![
            ("facility_id", |figure| figure.facility.as_str().into()),
            ("month", |figure| figure.month.map_or("".into(), |month| month.to_string().into())),
            ("measure", |figure| figure.measure.name().into()),
            ("of", |figure| figure.of.as_str().into()),
            ("numerator", |figure| figure.numerator.to_string().into()),
            ("denominator", |figure| figure.denominator.to_string().into()),
            ("unit", |figure| figure.measure.unit().name().into()),
            ("figure", |figure| figure.shown().into()),
            ("months", |figure| {
                let months = figure.trend.as_ref().map(|trend| trend.months);
                let months = months.filter(|_| !figure.measure.is_of_practitioner());
                months.map_or("".into(), |months| months.to_string().into())
            }),
            ("mean", |figure| limit(figure, |trend| Some(trend.mean))),
            ("warning_low", |figure| limit(figure, |trend| low(trend.warning))),
            ("warning_high", |figure| limit(figure, |trend| high(trend.warning))),
            ("critical_low", |figure| limit(figure, |trend| low(trend.critical))),
            ("critical_high", |figure| limit(figure, |trend| high(trend.critical))),
            ("verdict", |figure| figure.verdict.name().into()),
            ("why", |figure| figure.why.as_str().into()),
        ]
    }
}

fn limit(figure: &Figure, of: fn(&FigureTrend) -> Option<i128>) -> Cow<'static, str> {
    let limit = figure.trend.as_ref().and_then(of);
    limit.map_or("".into(), |limit| figure.measure.unit().shown(limit).into())
}

fn low(bounds: Option<Bounds>) -> Option<i128> {
    bounds.map(|bounds| bounds.0)
}

fn high(bounds: Option<Bounds>) -> Option<i128> {
    bounds.map(|bounds| bounds.1)
}
