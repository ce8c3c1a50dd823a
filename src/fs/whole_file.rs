//! Whole files that appear at once at their place: written in a [work folder](super::work_folder) beside it, flushed to disk, renamed.
//!
//! | step | killed before it | killed after it |
//! | --- | --- | --- |
//! | work folder made, file written and flushed in it | nothing to see | the work folder, which the next writer in the same place sweeps |
//! | renamed | the old content stands | the new content stands |

use std::{
    cell::Cell,
    ffi::{OsStr, OsString},
    fs::File,
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::{
    FileError, cannot_exchange, create_private_file, create_private_folder, digest, folder_of,
    lock::{Lock, gate},
    remove_file, rename, rename_to_free_name, sync, uninterrupted,
    work_folder::{WorkFolder, can_work},
};

/// Name of the work folder in which files are written.
const NAME: &str = "files";

/// Whole files of one folder. One writer at a time; the others wait.
#[derive(Debug)]
pub struct WholeFiles {
    folder: PathBuf,
    work: WorkFolder,
    /// How many were written so far: each has a name of its own until it has its place.
    written: Cell<u32>,
    _gate: Option<Lock>,
}

/// A file with all its content, flushed to disk, that has not its name yet: to give it one takes no room.
#[derive(Debug)]
pub struct Prepared {
    fresh: PathBuf,
    name: OsString,
}

/// Looks whether files could be written in a folder, as far as names go, and makes and changes nothing.
///
/// # Errors
/// [`FileError::Foreign`] where something that is not this program's has a name that it needs; [`FileError::Read`].
pub fn look(folder: &Path) -> Result<(), FileError> {
    match can_work(&folder.join(NAME)) {
        Err(FileError::Busy { .. }) => Ok(()),
        looked => looked,
    }
}

impl WholeFiles {
    /// Begins to write in a folder, which is made (0700) where it is not there; what killed writers left in it is swept.
    ///
    /// # Errors
    /// [`FileError::Write`], [`FileError::Read`], [`FileError::Foreign`].
    pub fn of(folder: &Path) -> Result<WholeFiles, FileError> {
        create_private_folder(folder)?;
        let gate = gate(folder)?;
        let work = WorkFolder::create_behind_gate(folder, OsStr::new(NAME), folder)?;
        Ok(WholeFiles { folder: folder.to_owned(), work, written: Cell::new(0), _gate: Some(gate) })
    }

    /// The same, by who goes on to publish in `place` while the files wait for their names. Where that is the same folder other writers are told that it is in use
    /// instead of waiting: publishing takes the gate of the folder, and would wait for itself.
    ///
    /// # Errors
    /// As [`WholeFiles::of`], and [`FileError::Busy`].
    pub fn beside(folder: &Path, place: &Path) -> Result<WholeFiles, FileError> {
        create_private_folder(folder)?;
        let is_same = matches!((folder.canonicalize(), place.canonicalize()), (Ok(one), Ok(other)) if one == other);
        if !is_same {
            return WholeFiles::of(folder);
        }
        let work = WorkFolder::create(folder, OsStr::new(NAME), folder)?;
        Ok(WholeFiles { folder: folder.to_owned(), work, written: Cell::new(0), _gate: None })
    }

    /// Writes a file (0600) and flushes it, without its name.
    ///
    /// # Errors
    /// [`FileError::Write`], of the file that it will be.
    pub fn prepare(&self, name: &OsStr, bytes: &[u8]) -> Result<Prepared, FileError> {
        let number = self.written.replace(self.written.get() + 1);
        let fresh = self.work.path().join(format!("file-{number}"));
        write_flushed(&fresh, bytes).map_err(|error| error.about(&self.folder.join(name)))?;
        Ok(Prepared { fresh, name: name.to_owned() })
    }

    /// The same with the content of another file, of any size.
    ///
    /// # Errors
    /// [`FileError::Read`], and as [`WholeFiles::prepare`].
    pub fn prepare_copy(&self, name: &OsStr, source: &Path) -> Result<Prepared, FileError> {
        let number = self.written.replace(self.written.get() + 1);
        let fresh = self.work.path().join(format!("file-{number}"));
        copy_flushed(source, &fresh).map_err(|error| error.about(&self.folder.join(name)))?;
        Ok(Prepared { fresh, name: name.to_owned() })
    }

    /// Gives a file its name, so that the name carries either the old content or the new, never a part.
    ///
    /// # Errors
    /// [`FileError::Write`]; then the old content stands.
    pub fn put(&self, Prepared { fresh, name }: Prepared) -> Result<(), FileError> {
        rename(&fresh, &self.folder.join(name))?;
        sync(&self.folder)
    }

    /// Gives a file its name where nothing has it; gives `false`, and leaves what is there, where something has.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn put_new(&self, Prepared { fresh, name }: Prepared) -> Result<bool, FileError> {
        let is_new = rename_to_free_name(&fresh, &self.folder.join(name))?;
        remove_file(&fresh)?;
        sync(&self.folder)?;
        Ok(is_new)
    }

    /// Gives a file the name of one whose content has the digest `sha256`; gives `false`, and leaves that one as it is, where it has another by now.
    ///
    /// # Errors
    /// [`FileError::Read`], [`FileError::Write`].
    pub fn put_over(&self, Prepared { fresh, name }: Prepared, sha256: &str) -> Result<bool, FileError> {
        let path = self.folder.join(name);
        let exchange = || uninterrupted(|| Ok(renameat_with(CWD, &fresh, CWD, &path, RenameFlags::EXCHANGE)?));
        let same = match exchange() {
            Ok(()) => {
                // What stood there lies in the work folder now: it is looked at before it is gone.
                let same = digest(&fresh).is_ok_and(|digest| digest.sha256 == sha256);
                if !same {
                    exchange().map_err(FileError::write(&path))?;
                }
                same
            }
            Err(error) if cannot_exchange(&error) => {
                let same = digest(&path)?.sha256 == sha256;
                if same {
                    rename(&fresh, &path)?;
                }
                same
            }
            Err(error) => return Err(FileError::write(&path)(error)),
        };
        remove_file(&fresh)?;
        sync(&self.folder)?;
        Ok(same)
    }

    /// Writes a whole file (0600) so that its name carries either the old content or the new, never a part.
    ///
    /// # Errors
    /// [`FileError::Write`]; then the old content stands.
    pub fn write(&self, name: &OsStr, bytes: &[u8]) -> Result<(), FileError> {
        self.put(self.prepare(name, bytes)?)
    }

    /// Writes a whole new file (0600) that appears at once with all its content; gives `false`, and writes nothing, where something has its name.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn write_new(&self, name: &OsStr, bytes: &[u8]) -> Result<bool, FileError> {
        self.put_new(self.prepare(name, bytes)?)
    }
}

/// Writes a whole file, see [`WholeFiles::write`].
///
/// # Errors
/// [`FileError::Write`]; then the old content stands.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    WholeFiles::of(folder_of(path))?.write(path.file_name().unwrap_or_default(), bytes)
}

/// The same; a file that was there keeps its rights, because another program may read it.
///
/// # Errors
/// [`FileError::Write`]; then the old content stands.
pub fn write_atomic_with_rights(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let rights =
        path.symlink_metadata().ok().filter(|metadata| metadata.is_file()).map(|metadata| metadata.permissions());
    let files = WholeFiles::of(folder_of(path))?;
    let fresh = files.prepare(path.file_name().unwrap_or_default(), bytes)?;
    if let Some(rights) = rights {
        std::fs::set_permissions(&fresh.fresh, rights).map_err(FileError::write(path))?;
    }
    files.put(fresh)
}

/// Writes a whole new file, see [`WholeFiles::write_new`].
///
/// # Errors
/// [`FileError::Write`].
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<bool, FileError> {
    WholeFiles::of(folder_of(path))?.write_new(path.file_name().unwrap_or_default(), bytes)
}

/// Writes the content of a file into a new one (0600), piece by piece, and flushes it to disk.
pub fn copy_flushed(source: &Path, path: &Path) -> Result<(), FileError> {
    const PIECE: usize = 256 << 10;
    let mut from = File::open(source).map_err(FileError::read(source))?;
    let mut file = create_private_file(path)?;
    let mut piece = vec![0; PIECE];
    loop {
        match uninterrupted(|| from.read(&mut piece)).map_err(FileError::read(source))? {
            0 => break,
            count => file.write_all(&piece[..count]).map_err(FileError::write(path))?,
        }
    }
    file.sync_all().map_err(FileError::write(path))
}

/// Writes a new file (0600) and flushes it to disk.
pub(super) fn write_flushed(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let mut file = create_private_file(path)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(FileError::write(path))
}
