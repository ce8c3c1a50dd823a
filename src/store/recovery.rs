//! The ordinary start of a run: what is remembered and has not its place yet gets it, and what was announced and is not remembered is taken back.

use std::path::{Path, PathBuf};

use super::{
    catalogue::{CATALOGUE, Catalogue},
    content::{OutputPlace, RememberedRun},
};
use crate::fs::{
    FileError,
    commit::{CutOff, Finished, announced_in, finish, withdraw},
};

/// An output that is remembered and that nobody has any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostOutput {
    /// Where it would have stood.
    pub folder: PathBuf,
    /// Business date of its run, `YYYY-MM-DD`.
    pub business_date: String,
}

/// Brings to an end what earlier runs left in the folders of their outputs, and in `place`, the folder of this one's. `may_replace` says whether a folder that
/// stands may still be replaced as it was asked for. The caller holds the lock of the state folder.
///
/// # Errors
/// As [`finish`] and [`announced_in`]; [`FileError::Write`] where the catalogue takes no note.
pub fn bring_to_an_end(
    catalogue: &mut Catalogue,
    place: &Path,
    may_replace: &dyn Fn(&Path) -> Result<bool, FileError>,
) -> Result<Vec<LostOutput>, FileError> {
    let mut lost = Vec::new();
    let waiting = |run: &&RememberedRun| run.placed == OutputPlace::NotYet;
    let waiting: Vec<RememberedRun> = catalogue.content.runs.iter().filter(waiting).cloned().collect();
    for run in waiting {
        let output = catalogue.output_of(&run);
        match finish(&output, may_replace)? {
            Finished::At(name) => catalogue.note(run.sequence, OutputPlace::AtItsPlace, &name)?,
            Finished::Gone => {
                catalogue.note(run.sequence, OutputPlace::Gone, &run.output.name)?;
                lost.push(LostOutput {
                    folder: output.place.join(&output.name),
                    business_date: run.taker.business_date,
                });
            }
        }
    }
    for CutOff { work, store, seal_sha256 } in announced_in(place)? {
        if store != catalogue.folder() {
            // Where its store is gone nobody will ever finish it.
            if store.join(CATALOGUE).symlink_metadata().is_err() {
                withdraw(&work)?;
            }
            continue;
        }
        let own = |run: &&RememberedRun| run.output.seal_sha256 == seal_sha256 && run.placed == OutputPlace::Gone;
        match catalogue.content.runs.iter().rev().find(own).cloned() {
            // Its share was not there before.
            Some(run) => {
                if let Finished::At(name) = finish(&catalogue.output_of(&run), may_replace)? {
                    catalogue.note(run.sequence, OutputPlace::AtItsPlace, &name)?;
                }
            }
            None => withdraw(&work)?,
        }
    }
    Ok(lost)
}

/// Whether a run can begin here, looked at without changing anything: what was announced can be read.
///
/// # Errors
/// As [`announced_in`].
pub fn look(place: &Path) -> Result<(), FileError> {
    announced_in(place).map(|_| ())
}
