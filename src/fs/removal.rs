//! Whether a folder may be removed, found out before any of it is: half of a sealed folder proves nothing, and is in the way of the next night.

use std::{fs::File, io, os::unix::fs::MetadataExt as _, path::Path};

use rustix::fs::{Access, IFlags, access, ioctl_getflags};

use super::{FileError, entries_of, uninterrupted};

/// Whether a folder, and whatever lies in it, may be removed by whoever asks: no folder in it is read-only, also where the asker may write all the same, no
/// file is kept from change by the system (`chattr +i`), and none belongs to another in a folder where each may remove his own alone.
///
/// # Errors
/// [`FileError::Read`].
pub fn is_removable(folder: &Path) -> Result<bool, FileError> {
    let own = rustix::process::geteuid();
    let of = folder.symlink_metadata().map_err(FileError::read(folder))?;
    let is_sticky = of.mode() & 0o1000 != 0 && !own.is_root() && of.uid() != own.as_raw();
    match uninterrupted(|| Ok(access(folder, Access::WRITE_OK | Access::EXEC_OK)?)) {
        Ok(()) if of.mode() & 0o200 == 0 => return Ok(false),
        Ok(()) => {}
        Err(error) if matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) => {
            return Ok(false);
        }
        Err(error) => return Err(FileError::read(folder)(error)),
    }
    let entries = match entries_of(folder) {
        // A folder that may be written to and not be looked through.
        Err(_) if access(folder, Access::READ_OK).is_err() => return Ok(false),
        entries => entries.map_err(FileError::read(folder))?,
    };
    for entry in entries {
        let entry = entry.map_err(FileError::read(folder))?;
        let path = entry.path();
        let metadata = path.symlink_metadata().map_err(FileError::read(&path))?;
        if is_sticky && metadata.uid() != own.as_raw()
            || metadata.is_file() && is_unchangeable(&path)
            || metadata.is_dir() && !is_removable(&path)?
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether the file system lets nobody change or remove a file. Most have no such mark, and what cannot be opened says nothing.
fn is_unchangeable(path: &Path) -> bool {
    let flags = File::open(path).ok().and_then(|file| ioctl_getflags(&file).ok());
    flags.is_some_and(|flags| flags.intersects(IFlags::IMMUTABLE | IFlags::APPEND))
}
