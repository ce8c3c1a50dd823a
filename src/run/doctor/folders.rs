//! The folders that a run writes to, and who else is in them.

use std::path::PathBuf;

use super::Remark;
use crate::{
    fs::{FileError, lock::is_held, probe::can_write, work_folder::can_work},
    plan::{Plan, check::shown},
    record::date::Day,
    run::publication::{folder_name, link_to_newest, no_folders, of_other_pipeline},
};

pub fn examine(plan: &Plan, business_date: Day) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut failed: Vec<PathBuf> = Vec::new();
    for (key, fault) in no_folders(plan) {
        let to_do = format!("It is named by the key `{key}`");
        remarks.push(Remark::fails(fault.to_string(), "The run ends with 74, and reads nothing", to_do));
        failed.push(fault.path().to_owned());
    }
    let no_folder = failed.clone();
    let folders =
        [("output", Some(&plan.output)), ("state", plan.state.as_ref()), ("worklists", Some(&plan.worklists))];
    for (key, folder) in folders.into_iter().filter_map(|(key, folder)| Some((key, folder?))) {
        if failed.iter().any(|known| folder.starts_with(known) || known.starts_with(folder)) {
            continue;
        }
        if let Err(error) = can_write(folder) {
            failed.push(folder.clone());
            let why = match key {
                "worklists" => "The run is published and ends with 74, without worklists to fill in",
                _ => "The run ends with 74, and nothing is published",
            };
            let to_do = format!("Let the user of the run write to the folder, or name another one: `{key}`");
            remarks.push(Remark::fails(error.to_string(), why, to_do));
        }
    }
    if let Some(state) = plan.state.as_ref().filter(|state| !no_folder.contains(state)) {
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
    if !no_folder.contains(&plan.output) {
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
    let link = link_to_newest(plan);
    if link.symlink_metadata().is_ok_and(|metadata| !metadata.is_symlink()) {
        remarks.push(Remark::fails(
            format!("{} is no link", shown(&link)),
            "The run is published and ends with 74, and nothing leads to the newest folder",
            "Move it away or give it another name",
        ));
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
