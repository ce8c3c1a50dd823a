//! A folder in which this program works for a while: what it writes there appears at its place by a rename, and nothing of it stays.
//!
//! Its name is hidden (`.NAME.at-work`). In it lies the file `lock`, which says whose the folder is ([`MARK`]) and is held locked for as long as the
//! writer lives. A writer that was killed leaves its folder; whoever next works in the same place finds it by its kind, sees by the lock that
//! nobody lives in it, and sweeps it. What does not bear the mark is somebody else's and stays, were it empty. Folders are made and swept under the
//! lock of the folder that they stand in ([`gate`]), so that none is swept between its making and its locking.
//!
//! So that at every instant it can be proved whose a folder is, it has its name only as long as the whole mark lies in it. Before that and after it,
//! its name itself is the proof ([`passing_name`]): it ends in digits that follow from the mark and the name, which nobody else gives a folder.
//!
//! | step | killed after it | the next writer in the same place |
//! | --- | --- | --- |
//! | made under its passing name | an empty folder, or one with a part of the lock file | removes it: the name is the proof |
//! | marked, locked and flushed | the same with the whole mark | sweeps it |
//! | renamed to its name, and the place flushed | a work folder | sweeps it, or brings to its end what was begun in it |
//! | emptied, renamed to its passing name, and both flushed | a passing name, and the whole mark | sweeps it |
//! | lock removed | an empty folder of a passing name | removes it |

use std::{
    ffi::{OsStr, OsString},
    fs::File,
    io::{self, Write},
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
};

use rustix::{
    fs::{Access, access},
    io::Errno,
};
use sha2::{Digest as _, Sha256};

use super::{
    FileError, commit, create_private_file, folder_of, hexadecimal,
    lock::{self, WORK_LOCK, gate},
    make_private_folder,
    removal::is_removable,
    remove, remove_file, rename_to_free_name, staging, sync,
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
        let left = sweep(place)?;
        let path = path_of(place, name);
        let passing = place.join(passing_name(name));
        // What cannot be swept is in the way of its own name alone.
        if let Some((_, error)) = left.into_iter().find(|(left, _)| *left == path || *left == passing) {
            return Err(error);
        }
        if path.symlink_metadata().is_ok() {
            return Err(in_the_way(&path, makes));
        }
        // What is there was not made by this writer, and a link may lead anywhere: neither is written into, or emptied at the end.
        if !make_private_folder(&passing)? {
            return Err(in_the_way(&passing, makes));
        }
        // From here on what is made is removed again where it cannot be made whole.
        let mut work = WorkFolder { path: passing, lock: None, is_left: false, is_behind_gate: true };
        let lock = work.path.join(WORK_LOCK);
        let mut file = create_private_file(&lock)?;
        lock::take(&file, makes)?;
        file.write_all(MARK).and_then(|()| file.sync_all()).map_err(FileError::write(&lock))?;
        work.lock = Some(file);
        // Without the mark nobody could tell after a power failure whose the folder is.
        sync(&work.path)?;
        if !rename_to_free_name(&work.path, &path)? {
            return Err(in_the_way(&path, makes));
        }
        work.path = path;
        // What is begun in it is looked for under its name.
        sync(place)?;
        Ok(work)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
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
            // Without its name the folder is on its way: another run may make its own of that name, which must not be taken away. Where the gate
            // cannot be had, the rest is left to the next run.
            let place = folder_of(&self.path);
            let gate = (!self.is_behind_gate && place.is_dir()).then(|| gate(place)).transpose();
            if gate.is_ok() {
                let _ = clear(&self.path);
            }
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

/// The name under which a work folder is made and removed, while its mark is not whole: `.NAME.DIGITS.at-work`.
fn passing_name(name: &OsStr) -> OsString {
    let mut own = OsString::from(".");
    own.push(name);
    own.push(".");
    own.push(proof_of(name.as_bytes()));
    own.push(AT_WORK);
    own
}

/// The digits of a passing name.
fn proof_of(name: &[u8]) -> String {
    hexadecimal(&Sha256::new().chain_update(MARK).chain_update(name).finalize()[..8])
}

/// Whether this program alone gives a folder such a name.
fn is_passing_name(name: &OsStr) -> bool {
    let parts = name_of(name).and_then(|name| Some((name, name.iter().rposition(|letter| *letter == b'.')?)));
    parts.is_some_and(|(name, dot)| name[dot + 1..] == *proof_of(&name[..dot]).as_bytes())
}

/// Why a work folder cannot have its name: somebody works in it, or it is not this program's.
fn in_the_way(path: &Path, makes: &Path) -> FileError {
    match is_work_folder(path) {
        true if commit::is_pending(path).unwrap_or(false) => FileError::Damaged {
            path: path.to_owned(),
            line: None,
            what: "the output of a run lies in it that was killed while it published, and that another state folder remembers".to_owned(),
            to_do: "Run once with the state folder that the run had; where that is gone, take this folder away. Then run again",
        },
        true => FileError::Busy { path: makes.to_owned() },
        false => FileError::Foreign { path: path.to_owned() },
    }
}

/// Whether a folder is one in which this program works or worked.
pub(super) fn is_work_folder(path: &Path) -> bool {
    let is_folder = path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir());
    is_folder && lock_says(path, |content| content == MARK)
}

/// What the lock file of a folder says. A link to one is none.
fn lock_says(work: &Path, is_right: impl FnOnce(&[u8]) -> bool) -> bool {
    let lock = work.join(WORK_LOCK);
    lock.symlink_metadata().is_ok_and(|metadata| metadata.is_file())
        && super::read(&lock).is_ok_and(|content| is_right(&content))
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
    sweep(place).map(|_| ())
}

/// How deep below a folder work folders are looked for: `worklists` may have named a folder in a folder of the output folder, and the lists of each
/// pipeline lie in one of their own.
const DEEPEST: usize = 3;
/// How many names are looked at: somebody may keep a whole archive in the folder of the outputs.
const MOST_NAMES: usize = 50_000;

/// Sweeps what killed writers left in the folders below a folder, wherever its name may have been set at that time. Links are not followed; hidden
/// folders, sealed ones (which hold a `bagit.txt`) and those that cannot be looked at are passed over.
///
/// # Errors
/// As [`settle`].
pub fn settle_below(folder: &Path) -> Result<(), FileError> {
    let mut names = 0;
    let mut open = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = open.pop() {
        let entries = match super::entries_of(&folder) {
            Err(_) if depth > 0 => continue,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound) => return Ok(()),
            entries => entries.map_err(FileError::read(&folder))?,
        };
        let (mut below, mut is_sealed, mut holds_work) = (Vec::new(), false, false);
        for entry in entries.filter_map(Result::ok) {
            names += 1;
            if names > MOST_NAMES {
                return Ok(());
            }
            let (name, path) = (entry.file_name(), entry.path());
            is_sealed |= name == "bagit.txt";
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder && is_name_of_work_folder(&name) {
                holds_work |= is_work_folder(&path) || is_cut_off(&path);
            } else if is_folder && !name.as_bytes().starts_with(b".") {
                below.push((path, depth + 1));
            }
        }
        if depth > 0 && is_sealed {
            continue;
        }
        if depth > 0 && holds_work {
            settle(&folder)?;
        }
        if depth < DEEPEST {
            open.extend(below);
        }
    }
    Ok(())
}

pub(super) fn is_name_of_work_folder(name: &OsStr) -> bool {
    name_of(name).is_some()
}

/// NAME of `.NAME.at-work`.
fn name_of(work: &OsStr) -> Option<&[u8]> {
    work.as_bytes().strip_prefix(b".")?.strip_suffix(AT_WORK.as_bytes())
}

/// Whether a run can work on an output of this name: nobody does, and what has the name of the work folder is this program's.
///
/// # Errors
/// [`FileError::Busy`] while a run makes the output, [`FileError::Foreign`] where something else has the name of its work folder, [`FileError::Read`].
pub fn can_work(output: &Path) -> Result<(), FileError> {
    let (place, name) = (folder_of(output), output.file_name().unwrap_or_default());
    let passing = place.join(passing_name(name));
    if passing.symlink_metadata().is_ok() && !is_work_folder(&passing) && !is_cut_off(&passing) {
        return Err(FileError::Foreign { path: passing });
    }
    let work = path_of(place, name);
    if work.symlink_metadata().is_err() {
        return Ok(());
    }
    if !is_work_folder(&work) {
        return Err(FileError::Foreign { path: work });
    }
    match lock::is_file_held(&work.join(WORK_LOCK))? {
        true => Err(FileError::Busy { path: output.to_owned() }),
        // What a killed run left goes before the next begins.
        false if access(work.join(WORK_LOCK), Access::WRITE_OK).is_err() || !is_removable(&work)? => {
            Err(FileError::write(&work)(Errno::ACCESS.into()))
        }
        false => Ok(()),
    }
}

/// Whether a folder is one whose making or removing was cut off: its name proves whose it is, and nothing lies in it, or a lock file alone that has not
/// its whole mark.
fn is_cut_off(work: &Path) -> bool {
    let Ok(entries) = super::entries_of(work) else { return false };
    let names: Vec<OsString> = entries.map(|entry| entry.map(|entry| entry.file_name()).unwrap_or_default()).collect();
    work.file_name().is_some_and(is_passing_name)
        && work.symlink_metadata().is_ok_and(|metadata| metadata.is_dir())
        && match names.as_slice() {
            [] => true,
            [name] => name == WORK_LOCK && lock_says(work, |content| MARK.starts_with(content)),
            _ => false,
        }
}

/// Removes a folder whose making or removing was cut off; of any other it is not proved that it is ours.
fn remove_cut_off(work: &Path) {
    if is_cut_off(work) {
        let _ = remove_file(&work.join(WORK_LOCK)).and_then(|()| remove(work));
    }
}

/// Removes every work folder that no one lives in, and gives those that cannot be removed, with the reason. The gate of `place` is held: a folder without a
/// whole mark is not being made.
fn sweep(place: &Path) -> Result<Vec<(PathBuf, FileError)>, FileError> {
    let mut left = Vec::new();
    for entry in super::entries_of(place).map_err(FileError::read(place))? {
        let entry = entry.map_err(FileError::read(place))?;
        let work = entry.path();
        if !is_name_of_work_folder(&entry.file_name()) {
            continue;
        }
        if !is_work_folder(&work) {
            remove_cut_off(&work);
            continue;
        }
        // A commit that was cut off is brought to its end by the next run on the same state, which knows what it belongs to.
        if commit::is_pending(&work)? {
            continue;
        }
        let held = match hold(&work) {
            Ok(Some(held)) => held,
            Ok(None) => continue,
            // Another account's, or made read-only: that lasts, and does not concern the other names.
            Err(error) if access(work.join(WORK_LOCK), Access::WRITE_OK).is_err() => {
                left.push((work, error));
                continue;
            }
            Err(error) => return Err(error),
        };
        staging::recover(place, &work)?;
        match clear(&work) {
            Err(error) if !is_removable(&work)? => left.push((work, error)),
            cleared => cleared?,
        }
        drop(held);
    }
    Ok(left)
}

/// The lock of a work folder that nobody lives in; `None` where somebody does.
///
/// # Errors
/// [`FileError::Write`].
pub(super) fn hold(work: &Path) -> Result<Option<File>, FileError> {
    let path = work.join(WORK_LOCK);
    let file = lock::open_unfollowed(&path, File::options().read(true).write(true)).map_err(FileError::written)?;
    match lock::take(&file, work) {
        Err(FileError::Busy { .. }) => Ok(None),
        taken => taken.map(|()| Some(file)),
    }
}

/// Removes a work folder, its lock last: as long as anything is left it can be told whose it is. The gate of its place is held.
pub(super) fn clear(work: &Path) -> Result<(), FileError> {
    empty(work)?;
    // After a power failure too the lock must not be gone while something else is left, or while the folder has its name.
    sync(work)?;
    let place = folder_of(work);
    let name = work.file_name().unwrap_or_default();
    let work = match name_of(name).filter(|_| !is_passing_name(name)) {
        None => work.to_owned(),
        Some(own) => {
            let passing = place.join(passing_name(OsStr::from_bytes(own)));
            remove_cut_off(&passing);
            if is_work_folder(&passing) {
                clear(&passing)?;
            }
            if !rename_to_free_name(work, &passing)? {
                return Err(FileError::Foreign { path: passing });
            }
            sync(place)?;
            passing
        }
    };
    remove_file(&work.join(WORK_LOCK))?;
    remove(&work)
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
    fn leftovers_that_are_in_each_others_way_are_swept_and_a_link_in_one_is_not_followed() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        for folder in [at(".a.at-work"), place.path().join(passing_name(OsStr::new("a"))), at(".b.at-work")] {
            std::fs::create_dir_all(folder.join("output")).unwrap();
            std::fs::write(folder.join("output/findings.csv"), "a patient").unwrap();
            std::fs::write(folder.join(WORK_LOCK), MARK).unwrap();
        }
        std::fs::create_dir_all(at("theirs/letters")).unwrap();
        std::os::unix::fs::symlink(at("theirs"), at(".b.at-work/replaced")).unwrap();
        settle(place.path()).unwrap();
        let entries = super::super::list(place.path()).unwrap();
        let left: Vec<_> = entries.iter().map(|entry| entry.path.to_str().unwrap()).collect();
        assert_eq!(left, ["theirs", "theirs/letters"]);
    }

    #[test]
    fn what_was_cut_off_while_it_was_made_is_swept_and_what_is_not_provably_ours_is_not() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        // As a stranger may have made it, and as this program makes it: nothing in it, an empty lock, a part of the mark.
        for (name, lock) in [("a", None), ("b", Some(&b""[..])), ("c", Some(&MARK[..20]))] {
            for folder in [at(&format!(".{name}.at-work")), place.path().join(passing_name(OsStr::new(name)))] {
                std::fs::create_dir(&folder).unwrap();
                if let Some(lock) = lock {
                    std::fs::write(folder.join(WORK_LOCK), lock).unwrap();
                }
            }
        }
        let of_stranger = WorkFolder::create(place.path(), OsStr::new("a"), place.path());
        assert!(matches!(of_stranger, Err(FileError::Foreign { path }) if path == at(".a.at-work")));
        // A name that only looks like one of ours, and one of ours that somebody put something in.
        std::fs::create_dir(at(".d.0123456789abcdef.at-work")).unwrap();
        let filled = passing_name(OsStr::new("e")).into_string().unwrap();
        std::fs::create_dir(at(&filled)).unwrap();
        std::fs::write(at(&filled).join("notes.txt"), "").unwrap();
        let linked = at(".linked.at-work");
        std::fs::create_dir(&linked).unwrap();
        std::fs::write(at("mark"), MARK).unwrap();
        std::os::unix::fs::symlink(at("mark"), linked.join(WORK_LOCK)).unwrap();
        std::fs::create_dir(at(".theirs.at-work")).unwrap();
        std::fs::write(at(".theirs.at-work/notes.txt"), "").unwrap();
        std::fs::create_dir(at(".marked.at-work")).unwrap();
        std::fs::write(at(".marked.at-work/lock"), "my own").unwrap();
        std::fs::write(at(".file.at-work"), "a letter").unwrap();
        std::os::unix::fs::symlink(".theirs.at-work", at(".link.at-work")).unwrap();
        for folder in ["worklists", "lists/of/nightly", "sealed/data"] {
            let work = at(folder).join(".files.at-work");
            std::fs::create_dir_all(&work).unwrap();
            std::fs::write(work.join(WORK_LOCK), MARK).unwrap();
            std::fs::write(work.join("file"), "a patient").unwrap();
        }
        std::fs::write(at("sealed/bagit.txt"), "").unwrap();
        settle(place.path()).unwrap();
        settle_below(place.path()).unwrap();
        let entries = super::super::list(place.path()).unwrap();
        let left: Vec<_> = entries.iter().map(|entry| entry.path.to_str().unwrap()).collect();
        let expected = [
            ".a.at-work",
            ".b.at-work",
            ".b.at-work/lock",
            ".c.at-work",
            ".c.at-work/lock",
            ".d.0123456789abcdef.at-work",
            &filled,
            &format!("{filled}/notes.txt"),
            ".file.at-work",
            ".link.at-work",
            ".linked.at-work",
            ".linked.at-work/lock",
            ".marked.at-work",
            ".marked.at-work/lock",
            ".theirs.at-work",
            ".theirs.at-work/notes.txt",
            "lists",
            "lists/of",
            "lists/of/nightly",
            "mark",
            "sealed",
            "sealed/bagit.txt",
            "sealed/data",
            "sealed/data/.files.at-work",
            "sealed/data/.files.at-work/file",
            "sealed/data/.files.at-work/lock",
            "worklists",
        ];
        assert_eq!(left, expected);
    }
}
