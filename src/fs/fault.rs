//! Why a file or folder could not be worked with, in words that say what to do.

use std::{
    io,
    path::{Path, PathBuf},
};

use rustix::io::Errno;

use crate::{
    fs::{folder_of, opening, work_folder},
    record::shown,
};

/// A file or folder that could not be worked with; the disk's fault or the caller's, never the data's.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A file or folder could not be read.
    #[error("{}", reading_words(path, source))]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file or folder could not be made, written, renamed or removed: disk full, read-only, no permission.
    #[error("cannot write {}: {}", shown::path(path), said(path, source))]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Another run holds the folder; try again when it has ended.
    #[error("{} is in use by another run. Wait until it has ended, then run again", shown::path(path))]
    Busy {
        /// The folder that is locked.
        path: PathBuf,
    },
    /// Another program holds the folder itself locked, and did not give it free while it was waited for.
    #[error(
        "{} is held locked by another program, and was not given free in {seconds} seconds. Wait until that program has ended, then run again; \
         where the run is started under a lock of this folder (`flock`), let it lock a file of its own",
        shown::path(path)
    )]
    Held {
        /// The folder that is locked.
        path: PathBuf,
        /// How long it was waited for.
        seconds: u64,
    },
    /// A file in which this program keeps what it has to remember is there, and is not what it wrote. It is left as it is.
    #[error("{}{}: {what}. {to_do}", shown::path(path), line.map_or(String::new(), |line| format!(", line {line}")))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The first line that is not as it was written, from 1; `None` where it is not a matter of a line.
        line: Option<u64>,
        /// What is wrong with it.
        what: String,
        /// What to do.
        to_do: &'static str,
    },
    /// Something that this program did not make has a name that it needs; it is left alone.
    #[error("{} is not this program's; move it away or give it another name{}", shown::path(path), link_words(path))]
    Foreign {
        /// What would have been replaced.
        path: PathBuf,
    },
}

/// Where a link leads; empty of what is none.
fn link_words(path: &Path) -> String {
    std::fs::read_link(path)
        .map_or_else(|_| String::new(), |target| format!(" (it is a link to {})", shown::path(&target)))
}

/// What a file is that cannot be read, or what the system answered.
fn reading_words(path: &Path, source: &io::Error) -> String {
    match opening::refusal(source) {
        Some(refusal) => format!("{} {refusal}", shown::path(path)),
        None => format!("cannot read {}: {}", shown::path(path), said(path, source)),
    }
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

    /// Whether the system answered that something is there and cannot be had (an error of the disk, no permission, too many open files); not
    /// where nothing is there, or where what is there is no text.
    pub fn is_of_the_system(&self) -> bool {
        match self {
            FileError::Read { source, .. } | FileError::Write { source, .. } => {
                let is_absent = matches!(
                    source.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory
                );
                source.raw_os_error().is_some()
                    && !is_absent
                    && source.raw_os_error() != Some(Errno::LOOP.raw_os_error())
            }
            FileError::Damaged { .. } | FileError::Busy { .. } | FileError::Held { .. } | FileError::Foreign { .. } => {
                false
            }
        }
    }

    /// The file or folder the error is about.
    pub fn path(&self) -> &Path {
        match self {
            FileError::Read { path, .. }
            | FileError::Write { path, .. }
            | FileError::Busy { path }
            | FileError::Held { path, .. }
            | FileError::Damaged { path, .. }
            | FileError::Foreign { path } => path,
        }
    }

    /// The same as an error of writing.
    pub(super) fn written(self) -> FileError {
        match self {
            FileError::Read { path, source } => FileError::Write { path, source },
            other => other,
        }
    }

    /// The same of writing another path: what was being written may lie elsewhere until it has its name.
    pub(super) fn about(self, path: &Path) -> FileError {
        match self {
            FileError::Write { source, .. } => FileError::Write { path: path.to_owned(), source },
            other => other,
        }
    }
}

/// What to do about an answer of the system, in a clause that follows it; `None` where nothing is commonly done.
pub fn what_to_do(source: &io::Error) -> Option<&'static str> {
    let code = source.raw_os_error();
    let is = |errno: Errno| code == Some(errno.raw_os_error());
    match source.kind() {
        io::ErrorKind::ReadOnlyFilesystem => Some("have the disk mounted for writing, or name a folder elsewhere"),
        io::ErrorKind::PermissionDenied => Some("have its owner give this account the right, or run as the owner"),
        io::ErrorKind::AlreadyExists => Some("something else has the name; move it away, or name another"),
        io::ErrorKind::NotADirectory => Some("a name on the way is of a file; name a folder"),
        io::ErrorKind::IsADirectory => Some("a folder has the name; name a file"),
        io::ErrorKind::StaleNetworkFileHandle => Some("the share went away; mount it again, then run again"),
        _ if is(Errno::MFILE) || is(Errno::NFILE) => {
            Some("end other programs or have the limit raised (`ulimit -n`), then run again")
        }
        _ if is(Errno::IO) => Some("have the disk or the share looked at, then run again"),
        _ if is(Errno::NAMETOOLONG) => Some("give it a shorter name"),
        _ => None,
    }
}

/// What the system said, and what to do about it.
pub fn with_what_to_do(source: &io::Error) -> String {
    match what_to_do(source) {
        Some(to_do) => format!("{source}; {to_do}"),
        None => source.to_string(),
    }
}

/// What the operating system said, and what to do; of a full disk, where room is to be made.
fn said(path: &Path, source: &io::Error) -> String {
    // A work folder goes with the run: room is made in the folder that it stands in.
    let lasts = |folder: &&Path| !folder.components().any(|name| work_folder::is_name_of_work_folder(name.as_os_str()));
    let folder = if path.is_dir() { path } else { folder_of(path) };
    let folder =
        folder.ancestors().find(lasts).filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match source.kind() {
        io::ErrorKind::StorageFull => {
            format!("the disk is full; make room on the disk of {}, then run again", shown::path(folder))
        }
        io::ErrorKind::QuotaExceeded => {
            format!("no more may be written there (quota); make room in {}, then run again", shown::path(folder))
        }
        _ => with_what_to_do(source),
    }
}
