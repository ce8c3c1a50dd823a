//! The only file input and output of the product: private files, whole files, and errors that name their path.
//!
//! Everything written is for its owner alone (folders 0700, files 0600) whatever the umask of the session, because every
//! output, quarantine and worklist holds patient data. What is being written lies in a [`work_folder`] and appears at its place by a
//! rename: an output in [`staging`], any other file in [`whole_file`], and an output together with what is remembered of it in
//! [`commit`]. Only one run at a time works on a state folder: see [`lock`].

#![allow(clippy::disallowed_methods, reason = "this is the room that touches files")]

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use sha2::{Digest, Sha256};

pub mod commit;
pub mod fault;
pub mod lock;
pub mod opening;
pub mod path;
pub mod probe;
pub mod removal;
pub mod spill;
pub mod staged_file;
pub mod staging;
pub mod whole_file;
pub mod work_folder;

pub use fault::{FileError, what_to_do, with_what_to_do};
pub use whole_file::{write_atomic, write_new};

/// Size and fingerprint of a file.
#[derive(Debug, Default, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct FileDigest {
    /// Length in octets.
    pub bytes: u64,
    /// SHA-256 as 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// Octets of a configuration or side file (pipeline, layout, map, matrix, profile, list, history): the largest of the field, a crosswalk of all local codes of a
/// large site, has some 5 MB; what is far larger is another file, named by mistake.
pub const LARGEST_CONFIGURATION: u64 = 16 << 20;

/// Reads a whole regular file; what is none (a pipe, a device, a folder) is refused.
///
/// # Errors
/// [`FileError::Read`].
pub fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    read_at_most(path, u64::MAX)
}

/// Octets of a file; `None` where it cannot be asked.
pub fn octets_of(path: &Path) -> Option<u64> {
    std::fs::metadata(path).ok().map(|metadata| metadata.len())
}

/// Where a link leads.
///
/// # Errors
/// What the system said; of what is no link `InvalidInput`.
pub fn link_target(path: &Path) -> io::Result<PathBuf> {
    std::fs::read_link(path)
}

/// Opens a file and reads nothing of it.
///
/// # Errors
/// [`FileError::Read`].
pub fn try_to_open(path: &Path) -> Result<(), FileError> {
    File::open(path).map(drop).map_err(FileError::read(path))
}

/// Removes a file that nothing names any more; where it cannot go, it harms nobody.
pub fn remove_unnamed(path: &Path) {
    let _ = std::fs::remove_file(path);
}

/// Reads a whole configuration or side file.
///
/// # Errors
/// [`FileError::Read`], also for one of more than [`LARGEST_CONFIGURATION`].
pub fn read_configuration(path: &Path) -> Result<Vec<u8>, FileError> {
    read_at_most(path, LARGEST_CONFIGURATION)
}

/// Reads a whole regular file of at most so many octets.
///
/// # Errors
/// [`FileError::Read`], also for one that has more.
pub fn read_at_most(path: &Path, most: u64) -> Result<Vec<u8>, FileError> {
    let read = || {
        let (file, metadata) = opening::open(path)?;
        let mut octets = Vec::with_capacity(metadata.len().min(most).min(LARGEST_CONFIGURATION) as usize);
        // What a file states of its size need not be so: those of the system's own folders state none.
        file.take(most.saturating_add(1)).read_to_end(&mut octets)?;
        if octets.len() as u64 > most {
            let words = format!("it has more than {} MiB; name another file", most >> 20);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, words));
        }
        Ok(octets)
    };
    read().map_err(FileError::read(path))
}

/// Reads a whole file of UTF-8 text.
///
/// # Errors
/// [`FileError::Read`], also for text that is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, FileError> {
    text_of(read(path)?, path)
}

/// Reads a whole configuration or side file of UTF-8 text.
///
/// # Errors
/// As of [`read_configuration`], and for text that is not UTF-8.
pub fn read_configuration_text(path: &Path) -> Result<String, FileError> {
    text_of(read_configuration(path)?, path)
}

fn text_of(octets: Vec<u8>, path: &Path) -> Result<String, FileError> {
    String::from_utf8(octets)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not UTF-8 text"))
        .map_err(FileError::read(path))
}

/// Reads a file once in pieces of 64 KiB and hands each to `piece`; gives the length in octets.
///
/// # Errors
/// [`FileError::Read`].
pub fn read_in_pieces(path: &Path, mut piece: impl FnMut(&[u8])) -> Result<u64, FileError> {
    let (mut file, _) = opening::open(path).map_err(FileError::read(path))?;
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

/// Reads a whole file of this program's own; `None` where nothing has its name. A link that leads nowhere, a folder or a device has it.
///
/// # Errors
/// [`FileError::Read`], also for what is no file.
pub fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, FileError> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(FileError::read(path)(error)),
        Ok(metadata) if metadata.is_file() => read(path).map(Some),
        Ok(_) => Err(FileError::read(path)(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is a link, a folder or a device, and not the file that belongs there",
        ))),
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
    if make_private_folder(path)? || path.is_dir() {
        return Ok(());
    }
    Err(FileError::write(path)(Errno::EXIST.into()))
}

/// Makes a folder of its own, 0700 whatever the umask; gives `false` where anything has the name, be it a link to a folder.
///
/// # Errors
/// [`FileError::Write`].
fn make_private_folder(path: &Path) -> Result<bool, FileError> {
    match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => {
            std::fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(FileError::write(path))?;
            // What is flushed in a folder is lost with it where its own name does not last. A folder above that may not be read cannot be flushed.
            match File::open(folder_of(path)).and_then(|above| above.sync_all()) {
                Err(error) if error.kind() != io::ErrorKind::PermissionDenied => Err(FileError::write(path)(error)),
                _ => Ok(true),
            }
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
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

/// Does something again as long as a signal interrupts it.
pub(crate) fn uninterrupted<T>(mut act: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match act() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

/// The entries of a folder, opened again as long as a signal interrupts it.
pub(crate) fn entries_of(folder: &Path) -> io::Result<std::fs::ReadDir> {
    uninterrupted(|| std::fs::read_dir(folder))
}

/// Renames over what has the name.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), FileError> {
    uninterrupted(|| std::fs::rename(from, to)).map_err(FileError::write(to))
}

/// Renames to a name that nothing has; gives `false` where something has it.
pub(crate) fn rename_to_free_name(from: &Path, to: &Path) -> Result<bool, FileError> {
    match uninterrupted(|| Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)) {
        Ok(()) => Ok(true),
        Err(error) if matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty) => {
            Ok(false)
        }
        Err(error) if cannot_exchange(&error) => {
            // A second name of a file is given where nothing has it; the first one goes with the work folder.
            match std::fs::hard_link(from, to) {
                Ok(()) => return Ok(true),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
                Err(_) if to.symlink_metadata().is_ok() => return Ok(false),
                Err(_) => {}
            }
            rename(from, to).map(|()| true)
        }
        Err(error) => Err(FileError::write(to)(error)),
    }
}

/// Gives a file a second name, which nothing has.
pub(crate) fn give_second_name(file: &Path, name: &Path) -> Result<(), FileError> {
    uninterrupted(|| std::fs::hard_link(file, name)).map_err(FileError::write(name))
}

/// Whether a file system said that it knows no renames but the plain one.
fn cannot_exchange(error: &io::Error) -> bool {
    [Errno::INVAL, Errno::NOSYS, Errno::OPNOTSUPP]
        .iter()
        .any(|known| error.raw_os_error() == Some(known.raw_os_error()))
}

/// Removes a folder with all it holds, where it is there.
fn remove(path: &Path) -> Result<(), FileError> {
    match uninterrupted(|| std::fs::remove_dir_all(path)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(FileError::write(path)(error)),
        _ => Ok(()),
    }
}

/// Removes a file, where it is there.
pub(crate) fn remove_file(path: &Path) -> Result<(), FileError> {
    match uninterrupted(|| std::fs::remove_file(path)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(FileError::write(path)(error)),
        _ => Ok(()),
    }
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
    /// A folder or file whose content or nature could not be read, with the code that the system answered.
    Unreadable(i32),
}

/// One place in a folder tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderEntry {
    /// Path relative to the folder that was listed.
    pub path: PathBuf,
    /// What stands there.
    pub kind: EntryKind,
}

fn unreadable(error: &io::Error) -> EntryKind {
    EntryKind::Unreadable(error.raw_os_error().unwrap_or(Errno::IO.raw_os_error()))
}

/// Lists everything below a folder, in path order. Whatever cannot be read is listed as such.
///
/// # Errors
/// [`FileError::Read`] when the folder itself cannot be listed.
pub fn list(folder: &Path) -> Result<Vec<FolderEntry>, FileError> {
    let mut entries = Vec::new();
    let mut pending = vec![PathBuf::new()];
    while let Some(relative) = pending.pop() {
        let children = match entries_of(&folder.join(&relative)) {
            Ok(children) => children,
            Err(error) if relative.as_os_str().is_empty() => return Err(FileError::read(folder)(error)),
            Err(error) => {
                entries.push(FolderEntry { path: relative, kind: unreadable(&error) });
                continue;
            }
        };
        for child in children {
            let child = match child {
                Ok(child) => child,
                Err(error) => {
                    entries.push(FolderEntry { path: relative.clone(), kind: unreadable(&error) });
                    break;
                }
            };
            let path = relative.join(child.file_name());
            let metadata = uninterrupted(|| child.metadata());
            let kind = metadata.map_or_else(
                |error| unreadable(&error),
                |metadata| match metadata.file_type() {
                    kind if kind.is_dir() => EntryKind::Folder,
                    kind if kind.is_file() => EntryKind::File(metadata.len()),
                    kind if kind.is_symlink() => EntryKind::Link,
                    _ => EntryKind::Special,
                },
            );
            if kind == EntryKind::Folder {
                pending.push(path.clone());
            }
            entries.push(FolderEntry { path, kind });
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
    fn common_answers_of_the_system_come_with_what_to_do() {
        // The codes of Linux: EIO, EACCES, EEXIST, ENOTDIR, EISDIR, ENFILE, EMFILE, EROFS, ENAMETOOLONG, ESTALE; those of a full disk and a quota.
        for code in [5, 13, 17, 20, 21, 23, 24, 30, 36, 116, 28, 122] {
            let error = FileError::write(Path::new("out/x"))(io::Error::from_raw_os_error(code)).to_string();
            assert!(error.starts_with("cannot write out/x: "), "{error}");
            let (_, to_do) = error.split_once("; ").unwrap_or_else(|| panic!("no word of what to do: {error}"));
            assert!(!to_do.contains("os error") && to_do.len() > 10, "{error}");
        }
        let unusual = FileError::read(Path::new("x"))(io::Error::from_raw_os_error(33)).to_string();
        assert!(unusual.starts_with("cannot read x: ") && !unusual.contains("; "), "{unusual}");
    }

    #[test]
    fn an_error_names_the_path_and_keeps_the_kind() {
        let error = read(Path::new("no/such/file")).unwrap_err();
        assert!(error.to_string().contains("no/such/file"), "{error}");
        let FileError::Read { source, .. } = error else { panic!("a read error was expected") };
        assert_eq!(source.kind(), io::ErrorKind::NotFound);
        assert!(!opening::is_systems_answer(&source));
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
