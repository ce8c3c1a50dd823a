//! The only file input and output of the product: private files, whole files, and errors that name their path.
//!
//! Everything written is for its owner alone (folders 0700, files 0600) whatever the umask of the session, because every
//! output, quarantine and worklist holds patient data. Results appear by rename: see [`staging`]. Only one run at a time
//! works on a state folder: see [`lock`].

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use sha2::{Digest, Sha256};

use crate::record::shown;

pub mod lock;
pub mod probe;
pub mod staged_file;
pub mod staging;

/// A file or folder that could not be worked with; the disk's fault or the caller's, never the data's.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A file or folder could not be read.
    #[error("cannot read {}: {source}", shown::path(path))]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file or folder could not be made, written, renamed or removed: disk full, read-only, no permission.
    #[error("cannot write {}: {source}", shown::path(path))]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Another run holds the folder; try again when it has ended.
    #[error("{} is in use by another run", shown::path(path))]
    Busy {
        /// The folder that is locked.
        path: PathBuf,
    },
    /// Something that this program did not make has a name that it needs; it is left alone.
    #[error("{} is not this program's; move it away or give it another name", shown::path(path))]
    Foreign {
        /// What would have been replaced.
        path: PathBuf,
    },
}

impl FileError {
    /// Wraps what the operating system said about reading `path`.
    pub fn read(path: &Path) -> impl FnOnce(io::Error) -> FileError {
        move |source| FileError::Read { path: path.to_owned(), source }
    }

    /// Wraps what the operating system said about writing `path`.
    pub fn write(path: &Path) -> impl FnOnce(io::Error) -> FileError {
        move |source| FileError::Write { path: path.to_owned(), source }
    }

    /// The file or folder the error is about.
    pub fn path(&self) -> &Path {
        match self {
            FileError::Read { path, .. }
            | FileError::Write { path, .. }
            | FileError::Busy { path }
            | FileError::Foreign { path } => path,
        }
    }
}

/// Size and fingerprint of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct FileDigest {
    /// Length in octets.
    pub bytes: u64,
    /// SHA-256 as 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// Reads a whole file.
///
/// # Errors
/// [`FileError::Read`].
pub fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    std::fs::read(path).map_err(FileError::read(path))
}

/// Reads a whole file of UTF-8 text.
///
/// # Errors
/// [`FileError::Read`], also for text that is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, FileError> {
    String::from_utf8(read(path)?)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not UTF-8 text"))
        .map_err(FileError::read(path))
}

/// Reads a file once in pieces of 64 KiB and hands each to `piece`; gives the length in octets.
///
/// # Errors
/// [`FileError::Read`].
pub fn read_in_pieces(path: &Path, mut piece: impl FnMut(&[u8])) -> Result<u64, FileError> {
    let mut file = File::open(path).map_err(FileError::read(path))?;
    let mut buffer = vec![0; 1 << 16];
    let mut total = 0;
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(total),
            Ok(length) => {
                piece(&buffer[..length]);
                total += length as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(FileError::read(path)(error)),
        }
    }
}

/// Length and SHA-256 of a file.
///
/// # Errors
/// [`FileError::Read`].
pub fn digest(path: &Path) -> Result<FileDigest, FileError> {
    let mut sha256 = Sha256::new();
    let bytes = read_in_pieces(path, |piece| sha256.update(piece))?;
    Ok(FileDigest { bytes, sha256: hexadecimal(&sha256.finalize()) })
}

/// Octets as lower-case hexadecimal digits.
pub fn hexadecimal(octets: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    octets
        .iter()
        .flat_map(|octet| [DIGITS[usize::from(octet >> 4)], DIGITS[usize::from(octet & 15)]])
        .map(char::from)
        .collect()
}

/// Makes a folder and every missing folder above it, each 0700 whatever the umask. An existing folder is left as it is.
///
/// # Errors
/// [`FileError::Write`].
pub fn create_private_folder(path: &Path) -> Result<(), FileError> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        create_private_folder(parent)?;
    }
    match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => std::fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(FileError::write(path)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(FileError::write(path)(error)),
    }
}

/// Makes a new file, 0600 whatever the umask, in an existing folder.
///
/// # Errors
/// [`FileError::Write`], also when the file is already there.
pub fn create_private_file(path: &Path) -> Result<File, FileError> {
    let make = || {
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)?;
        file.set_permissions(Permissions::from_mode(0o600))?;
        Ok(file)
    };
    make().map_err(FileError::write(path))
}

/// Writes a whole file so that its name carries either the old content or the new, never a part: a temporary file beside
/// it (0600), flushed to disk, renamed over it, folder flushed.
///
/// # Errors
/// [`FileError::Write`]; then the old content stands.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let folder = folder_of(path);
    create_private_folder(folder)?;
    let file = temporary(folder, bytes).map_err(FileError::write(path))?;
    file.persist(path).map_err(|error| FileError::write(path)(error.error))?;
    sync(folder)
}

/// Writes a whole new file (0600) that appears at once with all its content; gives `false`, and writes nothing, where something has its name.
///
/// # Errors
/// [`FileError::Write`].
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<bool, FileError> {
    let folder = folder_of(path);
    create_private_folder(folder)?;
    let file = temporary(folder, bytes).map_err(FileError::write(path))?;
    match file.persist_noclobber(path) {
        Ok(_) => sync(folder).map(|()| true),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(FileError::write(path)(error.error)),
    }
}

/// Writes a whole file over one whose content has the digest `sha256`; gives `false`, and leaves the file as it is, where it has another
/// by now.
///
/// # Errors
/// [`FileError::Read`], [`FileError::Write`].
pub fn write_over(path: &Path, bytes: &[u8], sha256: &str) -> Result<bool, FileError> {
    let folder = folder_of(path);
    let file = temporary(folder, bytes).map_err(FileError::write(path))?;
    let exchange = || renameat_with(CWD, file.path(), CWD, path, RenameFlags::EXCHANGE);
    match exchange() {
        Ok(()) => {
            // What stood there is the temporary file now: it is looked at before it is gone.
            let same = digest(file.path()).is_ok_and(|digest| digest.sha256 == sha256);
            if !same {
                exchange().map_err(|error| FileError::write(path)(error.into()))?;
            }
            sync(folder).map(|()| same)
        }
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) if digest(path)?.sha256 == sha256 => {
            file.persist(path).map_err(|error| FileError::write(path)(error.error))?;
            sync(folder).map(|()| true)
        }
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => Ok(false),
        Err(error) => Err(FileError::write(path)(error.into())),
    }
}

/// A temporary file (0600) in a folder, with all its content, flushed to disk; removed unless it is given a name.
fn temporary(folder: &Path, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::Builder::new()
        .prefix(".chartroom-")
        .permissions(Permissions::from_mode(0o600))
        .tempfile_in(folder)?;
    file.as_file().set_permissions(Permissions::from_mode(0o600))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Flushes a file or folder to disk, so that it survives a power failure.
///
/// # Errors
/// [`FileError::Write`].
pub fn sync(path: &Path) -> Result<(), FileError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(FileError::write(path))
}

/// The folder a path lies in, `.` for a bare name.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// What stands at a place in a folder tree; links are not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file of so many octets.
    File(u64),
    /// A folder whose content follows in the listing.
    Folder,
    /// A symbolic link, to whatever.
    Link,
    /// A device, socket or pipe.
    Special,
    /// A folder or file whose content or nature could not be read.
    Unreadable,
}

/// One place in a folder tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Path relative to the folder that was listed.
    pub path: PathBuf,
    /// What stands there.
    pub kind: EntryKind,
}

/// Lists everything below a folder, in path order. Whatever cannot be read is listed as such.
///
/// # Errors
/// [`FileError::Read`] when the folder itself cannot be listed.
pub fn list(folder: &Path) -> Result<Vec<Entry>, FileError> {
    let mut entries = Vec::new();
    let mut pending = vec![PathBuf::new()];
    while let Some(relative) = pending.pop() {
        let children = match std::fs::read_dir(folder.join(&relative)) {
            Ok(children) => children,
            Err(error) if relative.as_os_str().is_empty() => return Err(FileError::read(folder)(error)),
            Err(_) => {
                entries.push(Entry { path: relative, kind: EntryKind::Unreadable });
                continue;
            }
        };
        for child in children {
            let Ok(child) = child else {
                entries.push(Entry { path: relative.clone(), kind: EntryKind::Unreadable });
                break;
            };
            let path = relative.join(child.file_name());
            let kind = child.metadata().map_or(EntryKind::Unreadable, |metadata| match metadata.file_type() {
                kind if kind.is_dir() => EntryKind::Folder,
                kind if kind.is_file() => EntryKind::File(metadata.len()),
                kind if kind.is_symlink() => EntryKind::Link,
                _ => EntryKind::Special,
            });
            if kind == EntryKind::Folder {
                pending.push(path.clone());
            }
            entries.push(Entry { path, kind });
        }
    }
    entries.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).expect("the path exists").permissions().mode() & 0o777
    }

    #[test]
    fn the_sha256_of_abc_is_the_one_of_the_standard() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc");
        std::fs::write(&path, "abc").unwrap();
        let digest = digest(&path).unwrap();
        assert_eq!(digest.bytes, 3);
        assert_eq!(digest.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn an_atomic_write_replaces_the_whole_content_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/ledger.json");
        write_atomic(&path, b"a longer first content").unwrap();
        write_atomic(&path, b"second").unwrap();
        assert_eq!(read(&path).unwrap(), b"second");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(&folder.path().join("deep")), 0o700);
        assert_eq!(list(&folder.path().join("deep/er")).unwrap().len(), 1);
    }

    #[test]
    fn an_error_names_the_path_and_keeps_the_kind() {
        let error = read(Path::new("no/such/file")).unwrap_err();
        assert!(error.to_string().contains("no/such/file"), "{error}");
        let FileError::Read { source, .. } = error else { panic!("a read error was expected") };
        assert_eq!(source.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn an_atomic_write_over_a_folder_is_an_error_and_leaves_no_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("taken");
        std::fs::create_dir(&path).unwrap();
        assert!(matches!(write_atomic(&path, b"x"), Err(FileError::Write { .. })));
        assert_eq!(list(folder.path()).unwrap().len(), 1);
    }

    #[test]
    fn a_listing_shows_links_and_does_not_follow_them() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/", folder.path().join("root")).unwrap();
        std::fs::create_dir(folder.path().join("a")).unwrap();
        std::fs::write(folder.path().join("a/b"), "12").unwrap();
        let kinds: Vec<_> = list(folder.path()).unwrap().into_iter().map(|entry| (entry.path, entry.kind)).collect();
        assert_eq!(
            kinds,
            [("a".into(), EntryKind::Folder), ("a/b".into(), EntryKind::File(2)), ("root".into(), EntryKind::Link)]
        );
    }
}
