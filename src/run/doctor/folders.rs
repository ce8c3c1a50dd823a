//! The folders that a run writes to, and who else is in them.

use super::Remark;
use crate::{
    fs::{
        FileError,
        lock::{is_gate_held, is_held},
        path::shown,
        work_folder::can_work,
    },
    plan::Plan,
    record::date::Day,
    run::{
        places::{self, PlaceFault},
        publication::{family_name, folder_name, of_other_pipeline},
    },
};

pub fn examine(plan: &Plan, business_date: Day) -> Vec<Remark> {
    let faults = places::faults(plan);
    let of_place = |fault: &PlaceFault| {
        let why = match fault.is_no_folder {
            true => "The run ends with 74, and reads nothing",
            false => "The run ends with 74, and nothing is published",
        };
        Remark::fails(fault.error.to_string(), why, fault.to_do())
    };
    let mut remarks: Vec<Remark> = faults.iter().map(of_place).collect();
    if let Some(state) = plan.state.as_ref().filter(|_| !places::is_no_folder(&faults, "state")) {
        match is_held(state) {
            Ok(true) => remarks.push(busy(&format!("{} is in use by another run", shown(state)))),
            Ok(false) => {}
            Err(error) => remarks.push(Remark::fails(
                error.to_string(),
                "The run ends with 74, and nothing is published",
                "Let the user of the run read and write the file",
            )),
        }
    }
    let worklists = plan.worklists.join(family_name(plan));
    for folder in [&plan.output, &worklists] {
        if is_gate_held(folder) {
            remarks.push(Remark::fails(
                format!("{} is held locked by another program", shown(folder)),
                "As long as it is, a run ends with 75, and nothing is published",
                "Wait until that program has ended; where the run is started under a lock of this folder (`flock`), let it lock a file of its own",
            ));
        }
    }
    if !places::is_no_folder(&faults, "output") {
        remarks.extend(names(plan, business_date));
    }
    remarks
}

fn busy(what: &str) -> Remark {
    Remark::fails(
        what,
        "As long as it is, a run ends with 75, and nothing is published",
        "Wait until the other run has ended; where it hangs, end it",
    )
}

/// The names that the run needs in the output folder.
fn names(plan: &Plan, business_date: Day) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let nothing_published = "The run ends with 74, and nothing is published";
    match can_work(&plan.output.join(folder_name(plan, business_date))) {
        Err(FileError::Busy { path }) => remarks.push(busy(&format!("a run makes {} now", shown(&path)))),
        Err(FileError::Foreign { path }) => remarks.push(Remark::fails(
            format!("{} is not this program's", shown(&path)),
            nothing_published,
            "Move it away or give it another name",
        )),
        Err(error) => remarks.push(Remark::fails(error.to_string(), nothing_published, "Let the run read it")),
        Ok(()) => {}
    }
    if let Ok(Some(folder)) = of_other_pipeline(plan, business_date) {
        remarks.push(Remark::fails(
            format!("{} is the output of another pipeline with a title that reads alike", shown(&folder)),
            "The run ends with 2, and reads nothing",
            "Give one of the two another `title` or `output`",
        ));
    }
    remarks
}
