//! Why an input as a whole cannot be used. The words say what to do and hold no cell content.

use thiserror::Error;

use crate::fs::{opening::NoFile, with_what_to_do};

/// A fault of a whole input.
#[derive(Debug, Error)]
pub enum SourceFault {
    /// What the system answered when the file was to be opened or read: nothing is said by it of the file, and it may be otherwise in an hour.
    #[error("cannot be read: {}", with_what_to_do(.0))]
    Read(#[source] std::io::Error),
    /// It is no file that can be read: a link to nothing, a pipe, a device, a folder.
    #[error("{0}")]
    NoFile(NoFile),
    /// It was changed between its first and its last reading.
    #[error("was changed while it was read, so nothing of it is taken; run again when it has come whole")]
    Changed,
    /// Nothing is in it.
    #[error("is empty; ask for the export again")]
    Empty,
    /// It is something else than its name or layout says.
    #[error("{0}")]
    NotATable(String),
    /// It would take more room than an export may.
    #[error("{0}")]
    TooLarge(String),
    /// It is damaged.
    #[error("{0}")]
    Damaged(String),
    /// It needs a password.
    #[error("is protected by a password; save it without one")]
    Password,
    /// A stated sheet, member or encoding is not there.
    #[error("{0}")]
    NotFound(String),
}

impl SourceFault {
    /// Whether it is what the system answered, and not what the file is.
    pub fn is_of_the_system(&self) -> bool {
        matches!(self, SourceFault::Read(_))
    }
}
