//! A folder in which this program works for a while: what it writes there appears at its place by a rename, and nothing of it stays.
//!
//! Its name is hidden (`.NAME.at-work`). In it lies the file `lock`, which says whose the folder is ([`MARK`]) and is held locked for as long as the
//! writer lives. A writer that was killed leaves its folder; whoever next works in the same place finds it by its kind, sees by the lock that
//! nobody lives in it, and sweeps it. What does not bear the mark is somebody else's and stays. Folders are made and swept under the lock of the
//! folder that they stand in ([`gate`]), so that none is swept between its making and its locking.

use std::{
    ffi::{OsStr, OsString},
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{
    FileError, commit, create_private_file, create_private_folder, folder_of,
    lock::{self, WORK_LOCK, gate, gate_of_standing},
    remove, remove_file, staging, sync,
};

/// End of the name of every work folder; it begins with a dot.
const AT_WORK: &str = ".at-work";
/// What the lock file of a work folder says: the sign that this program made the folder.
pub(super) const MARK: &[u8] =
    b"A run of chartroom is at work in this folder, or was killed; then the next run removes the folder.\n";

/// A work folder that is held; removed when dropped, unless it is [left](WorkFolder::leave).
#[derive(Debug)]
pub(super) struct WorkFolder {
    path: PathBuf,
    /// Tells others that this one lives.
    lock: Option<File>,
    is_left: bool,
    /// Whether its maker holds the gate of the place for as long as the folder is there.
    is_behind_gate: bool,
}

impl WorkFolder {
    /// Sweeps what was left in `place`, and makes a new, empty work folder there. `makes`: what is named as being in use where another writer
    /// holds the folder.
    ///
    /// # Errors
    /// [`FileError::Busy`], [`FileError::Foreign`] when something that this program did not make has the name, [`FileError::Write`].
    pub(super) fn create(place: &Path, name: &OsStr, makes: &Path) -> Result<WorkFolder, FileError> {
        let _gate = gate(place)?;
        let mut work = WorkFolder::create_behind_gate(place, name, makes)?;
        work.is_behind_gate = false;
        Ok(work)
    }

    /// The same, by whoever holds the [`gate`] of the place until the folder is dropped.
    pub(super) fn create_behind_gate(place: &Path, name: &OsStr, makes: &Path) -> Result<WorkFolder, FileError> {
        sweep(place)?;
        let path = path_of(place, name);
        match path.symlink_metadata() {
            Ok(_) if is_work_folder(&path) => return Err(FileError::Busy { path: makes.to_owned() }),
            Ok(_) => return Err(FileError::Foreign { path }),
            Err(_) => create_private_folder(&path)?,
        }
        // From here on what is made is removed again where it cannot be made whole.
        let mut work = WorkFolder { path, lock: None, is_left: false, is_behind_gate: true };
        let lock = work.path.join(WORK_LOCK);
        let mut file = create_private_file(&lock)?;
        lock::take(&file, makes)?;
        file.write_all(MARK).and_then(|()| file.sync_all()).map_err(FileError::write(&lock))?;
        work.lock = Some(file);
        // Without the mark nobody could tell after a power failure whose the folder is.
        sync(&work.path)?;
        Ok(work)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the folder is [left](WorkFolder::leave).
    pub(super) fn is_left(&self) -> bool {
        self.is_left
    }

    /// Leaves the folder to whoever works in the place next, who brings to its end what was begun.
    pub(super) fn leave(&mut self) {
        self.is_left = true;
    }
}

impl Drop for WorkFolder {
    fn drop(&mut self) {
        // A failure here is not worth more than the error that led to it; the next run sweeps what is left.
        if !self.is_left {
            // Most of it may take long, and nobody has to wait for that.
            let _ = empty(&self.path);
            // Without its lock the folder is nobody's: another run may make its own of that name, which must not be taken away.
            let _gate = (!self.is_behind_gate).then(|| gate_of_standing(folder_of(&self.path)));
            let _ = clear(&self.path);
        }
    }
}

/// The work folder of a name.
pub(super) fn path_of(place: &Path, name: &OsStr) -> PathBuf {
    let mut own = OsString::from(".");
    own.push(name);
    own.push(AT_WORK);
    place.join(own)
}

/// Whether a folder is one in which this program works or worked.
pub(super) fn is_work_folder(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir())
        && super::read(&path.join(WORK_LOCK)).is_ok_and(|content| content == MARK)
}

/// Sweeps what killed writers left in a folder; one that is not there is left so.
///
/// # Errors
/// [`FileError::Write`], [`FileError::Read`].
pub fn settle(place: &Path) -> Result<(), FileError> {
    if !place.is_dir() {
        return Ok(());
    }
    let _gate = gate(place)?;
    sweep(place)
}

/// Sweeps the folders that stand in a folder; links are not followed.
///
/// # Errors
/// As [`settle`].
pub fn settle_below(folder: &Path) -> Result<(), FileError> {
    let entries = match super::entries_of(folder) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound) => return Ok(()),
        entries => entries.map_err(FileError::read(folder))?,
    };
    for entry in entries {
        let entry = entry.map_err(FileError::read(folder))?;
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if !hidden && entry.file_type().is_ok_and(|kind| kind.is_dir()) && holds_work_folder(&entry.path()) {
            settle(&entry.path())?;
        }
    }
    Ok(())
}

/// Whether anything in a folder has the name of a work folder. What cannot be looked at is not this program's.
fn holds_work_folder(folder: &Path) -> bool {
    let entries = super::entries_of(folder).into_iter().flatten().filter_map(Result::ok);
    entries.into_iter().any(|entry| is_name_of_work_folder(&entry.file_name()))
}

pub(super) fn is_name_of_work_folder(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".") && name.ends_with(AT_WORK.as_bytes())
}

/// Whether a run can work on an output of this name: nobody does, and what has the name of the work folder is this program's.
///
/// # Errors
/// [`FileError::Busy`] while a run makes the output, [`FileError::Foreign`] where something else has the name of its work folder, [`FileError::Read`].
pub fn can_work(output: &Path) -> Result<(), FileError> {
    let work = path_of(folder_of(output), output.file_name().unwrap_or_default());
    if work.symlink_metadata().is_err() {
        return Ok(());
    }
    if !is_work_folder(&work) && !is_begun(&work) {
        return Err(FileError::Foreign { path: work });
    }
    match lock::is_file_held(&work.join(WORK_LOCK))? {
        true => Err(FileError::Busy { path: output.to_owned() }),
        false => Ok(()),
    }
}

/// Whether a folder is one whose making was cut off: nothing lies in it, or a lock file alone that has not its whole mark.
fn is_begun(work: &Path) -> bool {
    let Ok(entries) = super::entries_of(work) else { return false };
    let names: Vec<OsString> = entries.map(|entry| entry.map(|entry| entry.file_name()).unwrap_or_default()).collect();
    let lock = work.join(WORK_LOCK);
    work.symlink_metadata().is_ok_and(|metadata| metadata.is_dir())
        && match names.as_slice() {
            [] => true,
            [name] => {
                name == WORK_LOCK
                    && lock.symlink_metadata().is_ok_and(|metadata| metadata.is_file())
                    && super::read(&lock).is_ok_and(|content| MARK.starts_with(&content))
            }
            _ => false,
        }
}

/// Removes every work folder that no one lives in. The gate of `place` is held: a folder without a whole mark is not being made.
fn sweep(place: &Path) -> Result<(), FileError> {
    for entry in super::entries_of(place).map_err(FileError::read(place))? {
        let entry = entry.map_err(FileError::read(place))?;
        let work = entry.path();
        if !is_name_of_work_folder(&entry.file_name()) {
            continue;
        }
        if !is_work_folder(&work) {
            // Of a folder that holds more it is not proved that it is ours.
            if is_begun(&work) {
                let _ = remove_file(&work.join(WORK_LOCK)).and_then(|()| remove(&work));
            }
            continue;
        }
        // A commit that was cut off is brought to its end by the next run on the same state, which knows what it belongs to.
        if commit::is_pending(&work)? {
            continue;
        }
        if let Some(_held) = hold(&work)? {
            staging::recover(place, &work)?;
            clear(&work)?;
        }
    }
    Ok(())
}

/// The lock of a work folder that nobody lives in; `None` where somebody does.
///
/// # Errors
/// [`FileError::Write`].
pub(super) fn hold(work: &Path) -> Result<Option<File>, FileError> {
    let path = work.join(WORK_LOCK);
    let file = File::options().read(true).write(true).open(&path).map_err(FileError::write(&path))?;
    match lock::take(&file, work) {
        Err(FileError::Busy { .. }) => Ok(None),
        taken => taken.map(|()| Some(file)),
    }
}

/// Removes a work folder, its lock last: as long as anything is left it can be told whose it is.
pub(super) fn clear(work: &Path) -> Result<(), FileError> {
    empty(work)?;
    // After a power failure too the lock must not be gone while something else is left.
    sync(work)?;
    remove_file(&work.join(WORK_LOCK))?;
    remove(work)
}

/// Removes what lies in a work folder, but for its lock.
fn empty(work: &Path) -> Result<(), FileError> {
    for entry in super::entries_of(work).map_err(FileError::read(work))? {
        let entry = entry.map_err(FileError::read(work))?;
        if entry.file_name() == WORK_LOCK {
            continue;
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove(&entry.path())?
        } else {
            remove_file(&entry.path())?
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_writers_of_one_name_never_meet_half_a_folder() {
        let place = tempfile::tempdir().unwrap();
        let name = OsStr::new("night");
        let (held, busy) = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        let (mut held, mut busy) = (0, 0);
                        for _ in 0..150 {
                            match WorkFolder::create(place.path(), name, place.path()) {
                                Ok(work) => {
                                    std::fs::write(work.path().join("output"), "a patient").unwrap();
                                    held += 1;
                                }
                                Err(FileError::Busy { .. }) => busy += 1,
                                Err(error) => panic!("{error}"),
                            }
                        }
                        (held, busy)
                    })
                })
                .collect();
            writers.into_iter().fold((0, 0), |sum, writer| {
                let (held, busy) = writer.join().unwrap();
                (sum.0 + held, sum.1 + busy)
            })
        });
        assert_eq!(held + busy, 600);
        // How often each meets another's folder is chance; that every folder found was whole or free is not.
        assert!(held > 0);
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_was_cut_off_while_it_was_made_is_swept_and_what_is_not_provably_ours_is_not() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        for (name, lock) in [(".a.at-work", None), (".b.at-work", Some(&b""[..])), (".c.at-work", Some(&MARK[..20]))] {
            std::fs::create_dir(at(name)).unwrap();
            if let Some(lock) = lock {
                std::fs::write(at(name).join(WORK_LOCK), lock).unwrap();
            }
        }
        std::fs::create_dir(at(".theirs.at-work")).unwrap();
        std::fs::write(at(".theirs.at-work/notes.txt"), "").unwrap();
        std::fs::create_dir(at(".marked.at-work")).unwrap();
        std::fs::write(at(".marked.at-work/lock"), "my own").unwrap();
        std::fs::write(at(".file.at-work"), "a letter").unwrap();
        std::os::unix::fs::symlink(".theirs.at-work", at(".link.at-work")).unwrap();
        std::fs::create_dir(at("worklists")).unwrap();
        std::fs::create_dir(at("worklists/.files.at-work")).unwrap();
        std::fs::write(at("worklists/.files.at-work/lock"), MARK).unwrap();
        std::fs::write(at("worklists/.files.at-work/file"), "a patient").unwrap();
        settle(place.path()).unwrap();
        settle_below(place.path()).unwrap();
        let entries = super::super::list(place.path()).unwrap();
        let left: Vec<_> = entries.iter().map(|entry| entry.path.to_str().unwrap()).collect();
        let expected = [
            ".file.at-work",
            ".link.at-work",
            ".marked.at-work",
            ".marked.at-work/lock",
            ".theirs.at-work",
            ".theirs.at-work/notes.txt",
            "worklists",
        ];
        assert_eq!(left, expected);
    }
}
