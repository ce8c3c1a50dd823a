//! What is remembered: whether it can be read, is whole, and is not from the future.

use super::Remark;
use crate::{
    fs::{
        path::shown,
        probe::{network_share, refuse_no_folder},
    },
    plan::Plan,
    record::date::Day,
    run::state::{StateFolder, faults, taker},
};

pub fn examine(plan: &Plan, business_date: Day) -> Vec<Remark> {
    // Where it is no folder, that is said with the other folders.
    let Some(folder) = plan.state.as_deref().filter(|folder| refuse_no_folder(folder).is_ok()) else {
        return Vec::new();
    };
    let unreadable = faults(plan).into_iter();
    let unreadable =
        unreadable.map(|fault| Remark::fails(fault.to_string(), "The run ends with 74, and nothing is published", ""));
    let mut remarks: Vec<Remark> = unreadable.collect();
    if let Some(share) = network_share(folder) {
        remarks.push(Remark::look(
            format!("{} lies on a network share ({share}), where locks do not hold", shown(folder)),
            "Two runs at once may harm what is remembered",
            "Put the state folder on a disk of this machine",
        ));
    }
    let newest = look(plan, business_date).newest_business_date();
    if let Some(newest) = newest.filter(|newest| *newest > business_date) {
        remarks.push(Remark::fails(
            format!("{} remembers a run as of {newest}, and the clock says {business_date}", shown(folder)),
            "The run is for an earlier day, so what it says of files taken since is wrong",
            "Set the clock of the machine; where an earlier day is meant, nothing is to be done",
        ));
    }
    remarks
}

/// The state as it stands; empty where it cannot be read, which is said elsewhere.
pub fn look(plan: &Plan, business_date: Day) -> StateFolder {
    StateFolder::look(plan.state.as_deref(), taker(plan, business_date)).unwrap_or_default()
}
