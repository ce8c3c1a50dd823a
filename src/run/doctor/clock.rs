//! The clock: a year that cannot be, and files from the future.

use super::Remark;
use crate::{
    fs::path::shown,
    plan::Plan,
    record::{date::Day, delivery::DateInName},
};

/// Years in which a run may take place. A machine whose clock lost its battery wakes in 1970 or 2000.
const YEARS: std::ops::RangeInclusive<i32> = 2020..=2099;
/// Seconds of a day.
const DAY: i64 = 86_400;

pub fn examine(plan: &Plan, business_date: Day) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if !YEARS.contains(&business_date.ymd().0) {
        remarks.push(Remark::fails(
            format!("the clock says {business_date}"),
            "Every date is compared with it, and it stands in the name of the sealed folder",
            "Set the clock of the machine, or give --as-of",
        ));
    }
    let dated = plan.feeds.iter().flat_map(|feed| &feed.files).filter_map(|file| {
        let date = DateInName::find(&file.file_name()?.to_string_lossy())?;
        Some((date.seconds.start().div_euclid(DAY), file))
    });
    if let Some((first, file)) = dated.max_by_key(|(first, _)| *first)
        && first > i64::from(business_date.0)
    {
        remarks.push(Remark::fails(
            format!("{} has a later day in its name than the clock, {business_date}", shown(file)),
            "The days of its records are errors, because they lie in the future",
            "Set the clock of the machine, or have the file named by its day",
        ));
    }
    remarks
}
