//! An advisory lock: one run at a time on a folder.
//!
//! The lock lives as long as the process that holds it, however that ends; a killed run leaves no stale lock behind.
//! Network file systems may not honour it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::{FileError, create_private_folder, opening, uninterrupted};

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

    /// Takes the lock of a folder, waiting for as long as another run holds it.
    ///
    /// # Errors
    /// [`FileError::Write`] when the folder cannot be used.
    pub fn wait(folder: &Path) -> Result<Lock, FileError> {
        let file = open(folder)?;
        uninterrupted(|| file.lock()).map_err(FileError::write(folder))?;
        Ok(Lock { _file: file })
    }
}

/// Takes the lock of a folder itself for moments, waiting for whoever holds it; makes the folder (0700) if need be and leaves no file in it.
/// On a file system that cannot lock a folder there is none to be had, and the caller goes on without.
///
/// # Errors
/// [`FileError::Write`] when the folder cannot be used.
pub fn gate(folder: &Path) -> Result<Lock, FileError> {
    create_private_folder(folder)?;
    let file = File::open(folder).map_err(FileError::write(folder))?;
    let _ = uninterrupted(|| file.lock());
    Ok(Lock { _file: file })
}

/// The same of a folder that stands; `None` where it does not, or cannot be opened.
pub(super) fn gate_of_standing(folder: &Path) -> Option<Lock> {
    let file = File::open(folder).ok()?;
    let _ = uninterrupted(|| file.lock());
    Some(Lock { _file: file })
}

/// Whether another run holds the lock of a folder. Nothing is made; where the lock is free it is taken for a moment and given back.
///
/// # Errors
/// [`FileError::Read`] when the lock file cannot be looked at.
pub fn is_held(folder: &Path) -> Result<bool, FileError> {
    is_file_held(&folder.join(LOCK_FILE))
}

pub(super) fn is_file_held(path: &Path) -> Result<bool, FileError> {
    let file = match opening::open(path) {
        Ok((file, _)) => file,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(false),
        Err(error) => return Err(FileError::read(path)(error)),
    };
    match file.try_lock_shared() {
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
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(FileError::write(&path))
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
        Lock::wait(&state).unwrap();
    }
}
