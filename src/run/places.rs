//! The places that a run writes to, looked at before it runs: whether each is a folder and takes files, and whether the link to the newest folder can have its name.

use super::{follow_up::refuse_link, publication::family_name, working_copies::look};
use crate::{
    archive::own_seal::refuse_in_sealed,
    fs::{
        FileError,
        probe::{can_write, refuse_no_folder},
    },
    plan::Plan,
};

/// A place that a run cannot write to. It ends with 74 then, and nothing is published.
#[derive(Debug)]
pub struct PlaceFault {
    /// The key of the pipeline file that names the place, where one does.
    pub key: Option<&'static str>,
    /// Whether a file, a pipe or a device stands where a folder is wanted: the run then reads nothing.
    pub is_no_folder: bool,
    /// What is the matter.
    pub error: FileError,
}

impl PlaceFault {
    /// What to do, beside what the fault says itself.
    pub fn to_do(&self) -> String {
        match self.key {
            None => String::new(),
            Some(key) if self.is_no_folder => format!("It is named by the key `{key}`"),
            Some(key) => format!("Let the user of the run write to the folder, or name another one: `{key}`"),
        }
    }

    /// In one line.
    pub fn words(&self) -> String {
        match self.key {
            None => self.error.to_string(),
            Some(key) if self.is_no_folder => format!("{} (`{key}`)", self.error),
            Some(_) => format!("{}. {}", self.error, self.to_do()),
        }
    }
}

/// The faults of a plan's places, what is no folder first. Of what lies in such a place nothing more is said.
pub fn faults(plan: &Plan) -> Vec<PlaceFault> {
    let mut faults = no_folders(plan);
    let worklists = plan.worklists.join(family_name(plan));
    let folders = [("output", Some(&plan.output)), ("state", plan.state.as_ref()), ("worklists", Some(&worklists))];
    for (key, folder) in folders.into_iter().filter_map(|(key, folder)| Some((key, folder?))) {
        let is_told = |fault: &PlaceFault| {
            let known = fault.error.path();
            folder.starts_with(known) || known.starts_with(folder)
        };
        if !faults.iter().any(is_told) {
            faults.extend(can_write(folder).err().map(|error| PlaceFault {
                key: Some(key),
                is_no_folder: false,
                error,
            }));
        }
    }
    if !is_no_folder(&faults, "output") {
        faults.extend(refuse_link(plan).err().map(|error| PlaceFault { key: None, is_no_folder: false, error }));
    }
    if !is_no_folder(&faults, "worklists") {
        faults.extend(look(&worklists).err().map(|error| PlaceFault { key: None, is_no_folder: false, error }));
    }
    faults
}

/// Whether the place that a key names is no folder.
pub fn is_no_folder(faults: &[PlaceFault], key: &str) -> bool {
    faults.iter().any(|fault| fault.is_no_folder && fault.key == Some(key))
}

/// What stands where a run's folders are wanted and is none: a file, a pipe, a device, a folder that is sealed; each with the key that names it. A run ends with the first, before it reads
/// anything.
pub fn no_folders(plan: &Plan) -> Vec<PlaceFault> {
    let of_worklists = plan.worklists.join(family_name(plan));
    let folders = [("output", Some(&plan.output)), ("state", plan.state.as_ref()), ("worklists", Some(&of_worklists))];
    let mut faults: Vec<PlaceFault> = Vec::new();
    for (key, folder) in folders.into_iter().filter_map(|(key, folder)| Some((key, folder?))) {
        // What lies in a folder that is none is said once.
        if !faults.iter().any(|fault| folder.starts_with(fault.error.path())) {
            let refused = refuse_no_folder(folder).and_then(|()| refuse_in_sealed(folder));
            faults.extend(refused.err().map(|error| PlaceFault { key: Some(key), is_no_folder: true, error }));
        }
    }
    faults
}
