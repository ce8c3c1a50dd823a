//! `keep_outputs_days`: old sealed folders of the same pipeline are removed, and nothing else.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    path::{Path, PathBuf},
};

use super::publication::plain_title;
use crate::{
    archive::own_seal::{changed, own_seal},
    fs::{FileError, staging::Staging},
    plan::{Plan, check::shown},
    record::date::Day,
};

/// What became of old folders.
#[derive(Debug, Default)]
pub struct Removed {
    /// Days that folders are kept.
    days: i32,
    /// Removed.
    pub folders: Vec<PathBuf>,
    /// Old enough and kept, with the reason.
    pub kept: Vec<(PathBuf, String)>,
    /// What could not be removed.
    pub faults: Vec<String>,
}

impl Removed {
    /// What a person is told, a line each.
    pub fn words(&self) -> Vec<String> {
        let removed =
            self.folders.iter().map(|folder| format!("removed, older than {} days: {}", self.days, shown(folder)));
        let kept = self.kept.iter().map(|(folder, why)| format!("not removed, though older: {}: {why}", shown(folder)));
        removed.chain(kept).collect()
    }
}

/// Removes the folders of the plan's pipeline whose business date lies more than `days` before `business_date`. A folder that a link
/// beside it names stays, and so does one that is no longer what was sealed.
pub fn remove_old(staging: &Staging, plan: &Plan, business_date: Day, days: i32, own: &Path) -> Removed {
    let mut removed = Removed { days, ..Removed::default() };
    // A link that cannot be read may name any folder: then none is removed.
    let (names, linked) = match names_and_links(&plan.output) {
        Ok(found) => found,
        Err(error) => {
            removed.faults.push(error.to_string());
            return removed;
        }
    };
    let prefix = plain_title(&plan.title);
    for name in names.iter().filter_map(|name| name.to_str()).filter(|name| name.starts_with(&prefix)) {
        let folder = plan.output.join(name);
        if folder == own || linked.contains(Path::new(name)) {
            continue;
        }
        let old = own_seal(&folder).is_some_and(|seal| {
            seal.pipeline == plan.title && business_date.0.saturating_sub(seal.business_date.0) > days
        });
        if !old {
            continue;
        }
        match changed(&folder) {
            Some(why) => removed.kept.push((folder, format!("it is no longer what was sealed ({why})"))),
            None => match staging.retire(name) {
                Ok(()) => removed.folders.push(folder),
                Err(error) => removed.faults.push(error.to_string()),
            },
        }
    }
    removed
}

/// The names in a folder, and what its links name.
fn names_and_links(folder: &Path) -> Result<(BTreeSet<OsString>, BTreeSet<PathBuf>), FileError> {
    let (mut names, mut linked) = (BTreeSet::new(), BTreeSet::new());
    for entry in crate::fs::entries_of(folder).map_err(FileError::read(folder))? {
        let entry = entry.map_err(FileError::read(folder))?;
        let path = entry.path();
        if entry.file_type().map_err(FileError::read(&path))?.is_symlink() {
            linked.insert(std::fs::read_link(&path).map_err(FileError::read(&path))?);
        } else {
            names.insert(entry.file_name());
        }
    }
    Ok((names, linked))
}
