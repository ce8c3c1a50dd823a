//! What stands in a state folder of edition 0.1, from before there was a catalogue: it is read once, and taken over with the first run that is published. The files stay
//! as they are, and are not read again.

mod ledger;
mod lines;
mod manifest;
mod months;

use std::path::{Path, PathBuf};

use ledger::LEDGER;
use months::MONTHS;

use crate::{
    fs::{FileError, commit::is_of_earlier_edition},
    store::content::Content,
};

/// What a folder of edition 0.1 remembers; `None` where it has no file of it.
///
/// # Errors
/// A file cannot be read whole, or is not what the last run left; or a run of that edition was killed while it published.
pub fn read(folder: &Path) -> Result<Option<Content>, FileError> {
    let (ledger, months) = (folder.join(LEDGER), folder.join(MONTHS));
    if is_of_earlier_edition(folder) {
        return Err(FileError::Damaged {
            path: folder.to_owned(),
            line: None,
            what: "a run of chartroom 0.1 was killed while it published, and this edition cannot finish it".to_owned(),
            to_do: "Run once more with chartroom 0.1, which finishes it; or put back the newest backup of the folder",
        });
    }
    if ledger.symlink_metadata().is_err() && months.symlink_metadata().is_err() && manifest::faults(folder).is_empty() {
        return Ok(None);
    }
    let content = Content { taken: ledger::read(&ledger)?, months: months::read(&months)?, ..Content::default() };
    manifest::faults(folder).into_iter().next().map_or(Ok(Some(content)), Err)
}

/// Everything that is wrong with such a folder, each file with its first bad line.
pub fn faults(folder: &Path) -> Vec<FileError> {
    let of_files = [ledger::read(&folder.join(LEDGER)).err(), months::read(&folder.join(MONTHS)).err()];
    let mut faults: Vec<FileError> = of_files.into_iter().flatten().collect();
    // Of a file that cannot be read the line says more than the digest.
    let told: Vec<PathBuf> = faults.iter().map(FileError::path).map(Path::to_owned).collect();
    let differing = manifest::faults(folder);
    faults.extend(differing.into_iter().filter(|fault| !told.iter().any(|told| fault.path() == told)));
    faults.extend(read(folder).err().filter(|_| faults.is_empty()));
    faults
}
