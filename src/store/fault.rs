//! What SQLite answers, in words that say what to do. Its own texts are not passed on: they may quote what stands in a cell.

use std::path::Path;

use rusqlite::{Error, ErrorCode};
use rustix::io::Errno;

use super::night_files::NightFile;
use crate::fs::FileError;

/// What to do with a catalogue that is damaged.
pub(super) const TO_DO: &str = "Restore the newest backup with `chartroom state restore`; where there is none, move the state folder away, and the next run begins without what it remembered";

/// What to do with a file that can be made anew from the records.
const TO_DO_WITH_NIGHT_FILE: &str = "The records are sound, and it is made anew: run `chartroom reexamine` with the pipeline that takes the records, and then `chartroom state compact`";

/// A file that is not what this program left.
pub(super) fn damaged(path: &Path, what: &str) -> FileError {
    let to_do = if NightFile::is_any(path) { TO_DO_WITH_NIGHT_FILE } else { TO_DO };
    FileError::Damaged { path: path.to_owned(), line: None, what: what.to_owned(), to_do }
}

/// What SQLite answered when the catalogue was read or written.
pub(super) fn of(path: &Path) -> impl Fn(Error) -> FileError {
    move |error| {
        let write = |errno: Errno| FileError::write(path)(errno.into());
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => FileError::Busy { path: path.to_owned() },
            Some(ErrorCode::DiskFull) => write(Errno::NOSPC),
            Some(ErrorCode::ReadOnly) => write(Errno::ROFS),
            Some(ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied) => write(Errno::ACCESS),
            Some(ErrorCode::CannotOpen) => write(Errno::ACCESS),
            Some(ErrorCode::SystemIoFailure | ErrorCode::OutOfMemory | ErrorCode::NoLargeFileSupport) => {
                write(Errno::IO)
            }
            Some(ErrorCode::NotADatabase) => damaged(path, "it is no SQLite file"),
            Some(ErrorCode::DatabaseCorrupt) => damaged(path, "SQLite says that the file is damaged"),
            _ => damaged(path, "a table of it is not as this program makes it"),
        }
    }
}
