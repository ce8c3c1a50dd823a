//! Judges the figures of facilities' months, and hands them to the statistics as plain rows.

use crate::{
    edits::trend::{
        facility_months::FacilityMonths,
        figure::{Bounds, Figure, Verdict},
        judge::{Known, Trends, judge},
        measure::{Measure, Unit},
        tally::TrendTally,
    },
    plan::Plan,
    record::date::Day,
    statistics::{
        book::MOST_ROWS,
        sheets::{TrendMonthRow, TrendRow, TrendRows},
    },
};

/// The figures of a run, judged by what the pipeline states and earlier runs remembered.
pub fn judged(plan: &Plan, tally: &TrendTally, remembered: &FacilityMonths, business_date: Day) -> Trends {
    let known = Known { remembered, stated: &plan.edits.history, period: plan.period.as_ref(), business_date };
    judge(tally, &known, &plan.edits.trend)
}

/// The rows of the sheet Trends. A figure that is not applicable is shown of the newest month alone, and of no practitioner; all stand in `facility_months.csv`.
pub fn trend_rows(trends: &Trends) -> TrendRows {
    let newest = trends.figures.iter().filter_map(|figure| figure.month).max();
    let shown = |figure: &&Figure| {
        figure.verdict != Verdict::NotApplicable || !figure.measure.is_of_practitioner() && figure.month == newest
    };
    TrendRows {
        // One more than a table shows, so that it is seen to be cut.
        figures: trends.figures.iter().filter(shown).take(MOST_ROWS + 1).map(trend_row).collect(),
        titles: Measure::RATES.map(|measure| (measure.title(), measure.unit() == Unit::Percent)).to_vec(),
        months: trends
            .months
            .iter()
            .flat_map(|(facility, months)| {
                months.iter().map(|(month, counts)| TrendMonthRow {
                    facility: facility.clone(),
                    month: month.to_string(),
                    discharges: counts.discharges,
                    rates: counts.rates.map(|quotient| [quotient.numerator, quotient.denominator]).to_vec(),
                })
            })
            .take(MOST_ROWS + 1)
            .collect(),
    }
}

fn trend_row(figure: &Figure) -> TrendRow {
    // Limits are shown from 0 on.
    let plain = |millionths: i128| u64::try_from(millionths.max(0)).unwrap_or(u64::MAX);
    let bounds = |bounds: Option<Bounds>| bounds.map(|(low, high)| [plain(low), plain(high)]);
    let trend = figure.trend.as_ref();
    TrendRow {
        facility: figure.facility.clone(),
        month: figure.month.map_or(String::new(), |month| month.to_string()),
        measure: figure.measure.title(),
        of: figure.of.clone(),
        counts: [figure.numerator, figure.denominator],
        percent: figure.measure.unit() == Unit::Percent,
        decimals: figure.measure.unit().decimals(),
        is_count: figure.measure.unit() == Unit::Discharges,
        months: trend.map_or(0, |trend| trend.months),
        mean: trend.map(|trend| plain(trend.mean)),
        limits: [bounds(trend.and_then(|trend| trend.warning)), bounds(trend.and_then(|trend| trend.critical))],
        verdict: figure.verdict.name(),
        why: figure.why.clone(),
    }
}
