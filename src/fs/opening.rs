//! Opens files for reading: regular ones alone, without ever waiting for another program; and tells what a file *is* from what the system *answers*.

use std::{
    fs::{File, Metadata, OpenOptions},
    io,
    os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _},
    path::Path,
};

use rustix::{fs::OFlags, io::Errno};

use super::uninterrupted;

/// What stands under a name and is no file that can be read; the words follow the name in a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoFile {
    /// Nothing.
    #[error("is not there (any more)")]
    Absent,
    /// A link to nothing.
    #[error("is a link to {0}, which is not there: where that lies on a share, mount it; else remove the link")]
    DanglingLink(String),
    /// Links that lead to each other.
    #[error("is a link that leads in a circle; remove it")]
    CircularLink,
    /// A folder.
    #[error("is a folder; name its files, for example with `/*.csv` after it")]
    Folder,
    /// A pipe, a socket or a device: reading it may wait for ever, or never end.
    #[error("is {0}, not a file; put a file in its place")]
    Special(&'static str),
}

/// The code with which the system says that a name is of nothing that could be read.
fn is_of_the_name(code: i32) -> bool {
    [Errno::NOENT, Errno::NOTDIR, Errno::LOOP, Errno::NAMETOOLONG, Errno::ISDIR, Errno::NXIO, Errno::NODEV]
        .iter()
        .any(|errno| errno.raw_os_error() == code)
}

/// Whether an error is what the system answered when it was asked (a disk that fails, a share that went away, no permission, too many open files, no memory),
/// and not what a file is or holds. The first may be otherwise in an hour, whatever the file: nothing may be concluded from it.
pub fn is_systems_answer(error: &io::Error) -> bool {
    match error.raw_os_error() {
        Some(code) => !is_of_the_name(code),
        None => match error.get_ref().and_then(|inner| inner.downcast_ref::<io::Error>()) {
            Some(inner) => is_systems_answer(inner),
            None => error.kind() == io::ErrorKind::OutOfMemory,
        },
    }
}

/// What stands under a name, links followed: a regular file, or not.
///
/// # Errors
/// The system's answer, where it cannot say.
pub fn what_is(path: &Path) -> io::Result<Result<Metadata, NoFile>> {
    match uninterrupted(|| std::fs::metadata(path)) {
        Ok(metadata) => Ok(of_metadata(metadata)),
        Err(error) if is_systems_answer(&error) => Err(error),
        Err(error) => Ok(Err(of_name(path, &error))),
    }
}

fn of_metadata(metadata: Metadata) -> Result<Metadata, NoFile> {
    let kind = metadata.file_type();
    match kind {
        _ if kind.is_file() => Ok(metadata),
        _ if kind.is_dir() => Err(NoFile::Folder),
        _ if kind.is_fifo() => Err(NoFile::Special("a pipe (FIFO)")),
        _ if kind.is_socket() => Err(NoFile::Special("a socket")),
        _ => Err(NoFile::Special("a device")),
    }
}

fn of_name(path: &Path, error: &io::Error) -> NoFile {
    if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) {
        return NoFile::CircularLink;
    }
    match std::fs::read_link(path) {
        Ok(target) => NoFile::DanglingLink(crate::record::shown::path(&target)),
        Err(_) => NoFile::Absent,
    }
}

/// Opens a regular file for reading; gives it with what the system says of it.
///
/// # Errors
/// The system's answer ([`is_systems_answer`]), or a [`NoFile`] within the error where the name is of something else.
pub fn open(path: &Path) -> io::Result<(File, Metadata)> {
    let refused = |refusal: NoFile| {
        let kind = match refusal {
            NoFile::Absent | NoFile::DanglingLink(_) => io::ErrorKind::NotFound,
            _ => io::ErrorKind::InvalidInput,
        };
        io::Error::new(kind, refusal)
    };
    // To open some devices does something to them, so what is none is told before.
    what_is(path)?.map_err(refused)?;
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(flags.bits().cast_signed());
    let file = uninterrupted(|| options.open(path))
        .map_err(|error| if is_systems_answer(&error) { error } else { refused(of_name(path, &error)) })?;
    // What is asked here is the open file, not its name: nobody can have put something else in its place.
    let metadata = of_metadata(uninterrupted(|| file.metadata())?).map_err(refused)?;
    Ok((file, metadata))
}

/// What [`open`] refused to open, where it did.
pub fn refusal(error: &io::Error) -> Option<&NoFile> {
    error.get_ref().and_then(|inner| inner.downcast_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_is_refused_and_nothing_waits() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("file"), "a").unwrap();
        std::os::unix::fs::symlink("file", at("link")).unwrap();
        std::os::unix::fs::symlink("/mnt/share/gone.csv", at("dangling")).unwrap();
        std::os::unix::fs::symlink("circle", at("circle")).unwrap();
        std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, at("pipe"), rustix::fs::Mode::RUSR).unwrap();
        for name in ["file", "link"] {
            assert_eq!(open(&at(name)).unwrap().1.len(), 1);
        }
        for (path, refused) in [
            (at("dangling"), NoFile::DanglingLink("/mnt/share/gone.csv".to_owned())),
            (at("circle"), NoFile::CircularLink),
            (at("socket"), NoFile::Special("a socket")),
            (at("pipe"), NoFile::Special("a pipe (FIFO)")),
            ("/dev/zero".into(), NoFile::Special("a device")),
            (at("file/below"), NoFile::Absent),
            (at("absent"), NoFile::Absent),
            (folder.path().to_owned(), NoFile::Folder),
        ] {
            let error = open(&path).unwrap_err();
            assert_eq!(refusal(&error), Some(&refused), "{}", path.display());
            assert!(!is_systems_answer(&error));
        }
    }

    #[test]
    fn what_the_system_answers_is_told_from_what_a_file_is() {
        // The codes of Linux: EIO, EACCES, EPERM, EMFILE, ENFILE, ENOMEM, ESTALE, EAGAIN, EINTR.
        for code in [5, 13, 1, 24, 23, 12, 116, 11, 4] {
            let error = io::Error::from_raw_os_error(code);
            assert!(is_systems_answer(&error), "{error}");
            assert!(is_systems_answer(&io::Error::other(error)));
        }
        // ENOENT, ENOTDIR, ELOOP, EISDIR, ENXIO.
        for code in [2, 20, 40, 21, 6] {
            assert!(!is_systems_answer(&io::Error::from_raw_os_error(code)), "{code}");
        }
        for kind in [io::ErrorKind::InvalidData, io::ErrorKind::UnexpectedEof, io::ErrorKind::Other] {
            assert!(!is_systems_answer(&io::Error::new(kind, "damaged")));
        }
    }
}
