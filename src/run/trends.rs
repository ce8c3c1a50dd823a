//! Judges the figures of facilities' months by what the pipeline states and earlier runs remembered.

use crate::{
    edits::trend::{
        facility_months::FacilityMonths,
        judge::{KnownMonths, Trends, judge},
        tally::TrendTally,
    },
    plan::Plan,
    record::date::Day,
};

/// The figures of a run, judged.
pub fn judged(plan: &Plan, tally: &TrendTally, remembered: &FacilityMonths, business_date: Day) -> Trends {
    let known = KnownMonths { remembered, stated: &plan.edits.history, period: plan.period.as_ref(), business_date };
    judge(tally, &known, &plan.edits.trend)
}
