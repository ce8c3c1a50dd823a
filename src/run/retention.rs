//! `keep_outputs_days`: old sealed folders of the same pipeline are removed, and nothing else.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use super::{
    follow_up::link_to_newest,
    publication::{is_dated, plain_title},
};
use crate::{
    archive::own_seal::{changed, own_seal},
    fs::{
        FileError,
        path::{plain, shown},
        removal::is_removable,
        staging::Staging,
    },
    plan::Plan,
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

/// Old folders of a pipeline that may go when the output of a run is published.
#[derive(Debug)]
pub struct OldFolders {
    output: PathBuf,
    /// Days that folders are kept.
    days: i32,
    names: Vec<String>,
    /// Those that somebody has made read-only.
    kept: Vec<(PathBuf, String)>,
}

impl OldFolders {
    /// Finds the folders of the plan's pipeline whose business date lies more than so many days before that of the run. A folder that a link beside it names stays;
    /// where the link to the newest is to be moved to `own`, what it names now does not. So does one that is read-only, or in which a folder is: it is not meant to
    /// go. Makes room for what is removed.
    ///
    /// # Errors
    /// The output folder or a link in it cannot be read: it may name any folder. [`FileError::Write`].
    pub fn find(
        staging: &Staging,
        plan: &Plan,
        (business_date, days): (Day, i32),
        (own, never_removed): (&Path, &[PathBuf]),
        moves_link: bool,
    ) -> Result<OldFolders, FileError> {
        let moved = moves_link.then(|| link_to_newest(plan));
        let Beside { names, linked, unfollowed } = beside(&plan.output, moved.as_deref())?;
        let prefix = plain_title(&plan.title);
        let absolute = |path: &Path| plain(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
        let is_old = |name: &&str| {
            let folder = plan.output.join(name);
            folder != own
                && !never_removed.contains(&absolute(&folder))
                && is_name_of_output(name)
                // What cannot be read once may be read when it is asked again.
                && own_seal(&folder).or_else(|| own_seal(&folder)).is_some_and(|seal| {
                    seal.pipeline == plan.title && business_date.0.saturating_sub(seal.business_date.0) > days
                })
        };
        let named = names.iter().filter_map(|name| name.to_str()).filter(|name| name.starts_with(&prefix));
        let (mut names, mut kept) = (Vec::new(), Vec::new());
        for name in named.filter(is_old) {
            let path = plan.output.join(name);
            let folder = resolved(&path)?;
            if folder.is_none_or(|folder| linked.iter().any(|target| target.starts_with(&folder))) {
                continue;
            }
            if let Some(link) = &unfollowed {
                kept.push((path, format!("the link {} beside it cannot be followed, and may lead to it", shown(link))));
            } else if is_removable(&path)? {
                names.push(name.to_owned());
            } else {
                kept.push((path, "it, or a folder in it, is read-only".to_owned()));
            }
        }
        if !names.is_empty() {
            staging.prepare_removal()?;
        }
        Ok(OldFolders { output: plan.output.clone(), days, names, kept })
    }

    /// Removes them, but for those that are no longer what was sealed.
    pub fn remove(self, staging: &Staging) -> Removed {
        let mut removed = Removed { days: self.days, kept: self.kept, ..Removed::default() };
        for name in &self.names {
            let folder = self.output.join(name);
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
}

/// Whether a folder has a name as a run gives it: one that a person has renamed is meant to stay.
fn is_name_of_output(name: &str) -> bool {
    name.rsplit_once("-as-of-").is_some_and(|(_, end)| is_dated(end))
}

/// What lies in a folder of outputs.
#[derive(Debug, Default)]
struct Beside {
    names: BTreeSet<OsString>,
    /// Where links lead, however they are written and over whatever other links.
    linked: BTreeSet<PathBuf>,
    /// A link that may not be followed, into a closed home: it may lead to any folder.
    unfollowed: Option<PathBuf>,
}

/// What lies in a folder; one link left out.
fn beside(folder: &Path, but: Option<&Path>) -> Result<Beside, FileError> {
    let mut beside = Beside::default();
    for entry in crate::fs::entries_of(folder).map_err(FileError::read(folder))? {
        let entry = entry.map_err(FileError::read(folder))?;
        let path = entry.path();
        if entry.file_type().map_err(FileError::read(&path))?.is_symlink() {
            if Some(path.as_path()) == but {
                continue;
            }
            match resolved(&path) {
                Err(FileError::Read { source, .. })
                    if matches!(source.kind(), ErrorKind::PermissionDenied | ErrorKind::InvalidFilename) =>
                {
                    beside.unfollowed = Some(path);
                }
                target => beside.linked.extend(target?),
            }
        } else {
            beside.names.insert(entry.file_name());
        }
    }
    Ok(beside)
}

/// Where a path leads; `None` where it leads to nothing.
fn resolved(path: &Path) -> Result<Option<PathBuf>, FileError> {
    let leads_nowhere = |error: &io::Error| {
        matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
            || error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
    };
    match path.canonicalize() {
        Ok(path) => Ok(Some(path)),
        Err(error) if leads_nowhere(&error) => Ok(None),
        Err(error) => Err(FileError::read(path)(error)),
    }
}
