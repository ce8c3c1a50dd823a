//! The places that a run writes to, looked at before it runs: whether each takes files, and whether the link to the newest folder can have its name.

use super::{follow_up::refuse_link, publication::family_name};
use crate::{
    fs::{FileError, probe::can_write},
    plan::Plan,
};

/// A place that a run cannot write to. It ends with 74 then, and nothing is published.
#[derive(Debug)]
pub struct PlaceFault {
    /// The key of the pipeline file that names the place; empty where none does.
    pub key: &'static str,
    /// What the system said.
    pub error: FileError,
}

impl PlaceFault {
    /// What to do; empty where the fault says it.
    pub fn to_do(&self) -> String {
        match self.key {
            "" => String::new(),
            key => format!("Let the user of the run write to the folder, or name another one: `{key}`"),
        }
    }
}

/// The faults of a plan's places. Of a folder in another one that cannot be written nothing more is said.
pub fn faults(plan: &Plan) -> Vec<PlaceFault> {
    let worklists = plan.worklists.join(family_name(plan));
    let folders = [("output", Some(&plan.output)), ("state", plan.state.as_ref()), ("worklists", Some(&worklists))];
    let (mut faults, mut failed) = (Vec::new(), Vec::new());
    for (key, folder) in folders.into_iter().filter_map(|(key, folder)| Some((key, folder?))) {
        if failed.iter().any(|above| folder.starts_with(above)) {
            continue;
        }
        if let Err(error) = can_write(folder) {
            failed.push(folder);
            faults.push(PlaceFault { key, error });
        }
    }
    faults.extend(refuse_link(plan).err().map(|error| PlaceFault { key: "", error }));
    faults
}
