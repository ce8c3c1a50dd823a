//! An advisory lock: one run at a time on a folder.
//!
//! The lock lives as long as the process that holds it, however that ends; a killed run leaves no stale lock behind.
//! Network file systems may not honour it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use rustix::{
    fs::{Access, OFlags, access},
    io::Errno,
};

use super::{FileError, create_private_folder, uninterrupted};

/// How long the gate of a folder is waited for, in seconds. Runs hold it for moments; who holds it longer is another program, or the one that started the run.
const LONGEST_WAIT: u64 = 10;
/// How often in a second it is tried again.
const TRIES_A_SECOND: u64 = 100;

/// Name of the lock file in the folder it guards.
pub const LOCK_FILE: &str = ".lock";

/// Name of the lock file in the folder that a run works in.
pub(super) const WORK_LOCK: &str = "lock";

/// A held lock; given back when dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a folder, making the folder (0700) if need be.
    ///
    /// # Errors
    /// [`FileError::Busy`] at once when another run holds it; [`FileError::Write`] when the folder cannot be used.
    pub fn acquire(folder: &Path) -> Result<Lock, FileError> {
        let file = open(folder)?;
        take(&file, folder)?;
        Ok(Lock { _file: file })
    }
}

/// Takes the lock of a folder itself for moments, waiting a bounded time for whoever holds it; makes the folder (0700) if need be and leaves no
/// file in it. On a file system that cannot lock a folder there is none to be had, and the caller goes on without.
///
/// # Errors
/// [`FileError::Held`] when it is not given free in time, [`FileError::Write`] when the folder cannot be used.
pub fn gate(folder: &Path) -> Result<Lock, FileError> {
    create_private_folder(folder)?;
    let file = open_folder(folder).map_err(FileError::write(folder))?;
    wait_at_most(&file, LONGEST_WAIT * TRIES_A_SECOND, folder).map(|()| Lock { _file: file })
}

/// Opens a folder and nothing else: to open a pipe would wait for whoever writes to it.
fn open_folder(folder: &Path) -> std::io::Result<File> {
    let flags = OFlags::DIRECTORY | OFlags::NONBLOCK;
    uninterrupted(|| OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(folder))
}

/// Tries so many times to take the lock of an open folder.
fn wait_at_most(file: &File, tries: u64, folder: &Path) -> Result<(), FileError> {
    for _ in 0..tries {
        match take(file, folder) {
            Err(FileError::Busy { .. }) => std::thread::sleep(Duration::from_millis(1000 / TRIES_A_SECOND)),
            _ => return Ok(()),
        }
    }
    Err(FileError::Held { path: folder.to_owned(), seconds: LONGEST_WAIT })
}

/// Whether a folder itself is held locked at this moment. Where it cannot be looked at, it is not.
pub fn is_gate_held(folder: &Path) -> bool {
    // As a run does it: a lock that others share is in its way as well.
    let tried = open_folder(folder).map(|file| file.try_lock());
    matches!(tried, Ok(Err(TryLockError::WouldBlock)))
}

/// Whether another run holds the lock of a folder. Nothing is made; where the lock is free it is taken for a moment and given back.
///
/// # Errors
/// [`FileError::Read`] when the lock file cannot be looked at.
pub fn is_held(folder: &Path) -> Result<bool, FileError> {
    let lock = folder.join(LOCK_FILE);
    // A run opens it to write.
    if lock.symlink_metadata().is_ok_and(|metadata| metadata.is_file())
        && let Err(error) = access(&lock, Access::WRITE_OK)
    {
        return Err(FileError::write(&lock)(error.into()));
    }
    is_file_held(&folder.join(LOCK_FILE))
}

pub(super) fn is_file_held(path: &Path) -> Result<bool, FileError> {
    let file = match open_unfollowed(path, OpenOptions::new().read(true)) {
        Ok(file) => file,
        Err(FileError::Read { source, .. })
            if matches!(source.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
        {
            return Ok(false);
        }
        Err(error) => return Err(error),
    };
    match file.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(FileError::read(path)(error)),
    }
}

/// Takes the lock of an open file or folder for as long as that stays open.
///
/// # Errors
/// [`FileError::Busy`], naming `path`, when it is held elsewhere.
pub(super) fn take(file: &File, path: &Path) -> Result<(), FileError> {
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => return Err(FileError::Busy { path: path.to_owned() }),
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Interrupted => {}
            Err(TryLockError::Error(error)) => return Err(FileError::write(path)(error)),
        }
    }
}

fn open(folder: &Path) -> Result<File, FileError> {
    create_private_folder(folder)?;
    let path = folder.join(LOCK_FILE);
    open_unfollowed(&path, OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600))
        .map_err(|error| error.written())
}

/// Opens a lock file that is a file of its own: a link of its name may be somebody's way to another file, which is nobody's lock.
///
/// # Errors
/// [`FileError::Foreign`] where something else has the name; [`FileError::Read`], also where nothing has it and none is to be made.
pub(super) fn open_unfollowed(path: &Path, options: &mut OpenOptions) -> Result<File, FileError> {
    let foreign = || FileError::Foreign { path: path.to_owned() };
    // To open some devices does something to them, so what is none is told before.
    if path.symlink_metadata().is_ok_and(|metadata| !metadata.is_file()) {
        return Err(foreign());
    }
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = options.custom_flags(flags.bits().cast_signed());
    let file = uninterrupted(|| file.open(path)).map_err(|error| match error.raw_os_error() {
        Some(code) if code == Errno::LOOP.raw_os_error() => foreign(),
        _ => FileError::read(path)(error),
    })?;
    let metadata = uninterrupted(|| file.metadata()).map_err(FileError::read(path))?;
    if metadata.is_file() { Ok(file) } else { Err(foreign()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_is_turned_away_until_the_first_has_ended() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        assert!(!is_held(&state).unwrap() && !state.exists(), "to look makes nothing");
        let first = Lock::acquire(&state).unwrap();
        assert!(is_held(&state).unwrap());
        assert!(matches!(Lock::acquire(&state), Err(FileError::Busy { path }) if path == state));
        drop(first);
        assert!(!is_held(&state).unwrap());
        Lock::acquire(&state).unwrap();
    }

    #[test]
    fn a_gate_that_another_program_holds_is_waited_for_and_then_named() {
        let folder = tempfile::tempdir().unwrap();
        let other = File::open(folder.path()).unwrap();
        other.lock().unwrap();
        let own = File::open(folder.path()).unwrap();
        let held = wait_at_most(&own, 3, folder.path()).unwrap_err();
        assert!(matches!(&held, FileError::Held { path, .. } if path == folder.path()), "{held}");
        // Given free meanwhile, it is had.
        let freed = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(50));
            drop(other);
        });
        gate(folder.path()).unwrap();
        freed.join().unwrap();
    }

    #[test]
    fn what_has_the_name_of_a_lock_and_is_no_file_of_its_own_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        let (target, folder) = (place.path().join("elsewhere"), place.path().join("state"));
        for is_there in [false, true] {
            std::fs::create_dir_all(&folder).unwrap();
            std::os::unix::fs::symlink(&target, folder.join(LOCK_FILE)).unwrap();
            if is_there {
                std::fs::write(&target, "a letter").unwrap();
            }
            assert!(matches!(Lock::acquire(&folder), Err(FileError::Foreign { .. })));
            assert!(matches!(is_held(&folder), Err(FileError::Foreign { .. })));
            assert_eq!(std::fs::read(&target).is_ok_and(|text| text == b"a letter"), is_there, "it is as it was");
            std::fs::remove_dir_all(&folder).unwrap();
        }
        std::fs::create_dir(&folder).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, folder.join(LOCK_FILE), rustix::fs::Mode::RUSR).unwrap();
        assert!(matches!(Lock::acquire(&folder), Err(FileError::Foreign { .. })));
    }
}
