//! What is remembered: whether it can be read, is whole, and is not from the future.

use super::Remark;
use crate::{
    plan::{Plan, check::shown},
    record::date::Day,
    run::{
        remembered_months::RememberedMonths,
        state::{State, Taker, damaged_line},
    },
};

pub fn examine(plan: &Plan, business_date: Day) -> Vec<Remark> {
    let Some(folder) = plan.state.as_deref() else { return Vec::new() };
    let mut remarks = Vec::new();
    let unreadable = |error: String| {
        Remark::fails(
            error,
            "The run ends with 74, and nothing is published",
            "Put the file of an earlier backup in its place, or take it away; then it begins anew",
        )
    };
    match damaged_line(folder) {
        Err(error) => remarks.push(unreadable(error.to_string())),
        Ok(Some((ledger, line))) => remarks.push(Remark::fails(
            format!("{}: line {line} is damaged", shown(&ledger)),
            "What it says is forgotten: a file that was taken before counts as new",
            "Put the file of an earlier backup in its place, or take the line away",
        )),
        Ok(None) => {}
    }
    if let Err(error) = RememberedMonths::open(Some(folder), &plan.title) {
        remarks.push(unreadable(error.to_string()));
    }
    let newest = look(plan, business_date).newest_business_date();
    if let Some(newest) = newest.filter(|newest| *newest > business_date) {
        remarks.push(Remark::fails(
            format!("{} remembers a run as of {newest}, and the clock says {business_date}", shown(folder)),
            "The run is one for an earlier day, and what it finds of files taken since is wrong",
            "Set the clock of the machine; where an earlier day is meant, nothing is to be done",
        ));
    }
    remarks
}

/// The state as it stands; empty where it cannot be read, which is said elsewhere.
pub fn look(plan: &Plan, business_date: Day) -> State {
    let taker = Taker {
        pipeline: plan.title.clone(),
        period: plan.period.as_ref().map(|period| period.name.clone()).unwrap_or_default(),
        business_date: business_date.to_string(),
    };
    State::look(plan.state.as_deref(), taker).unwrap_or_default()
}
