//! Why an input as a whole cannot be used. The words say what to do and hold no cell content.

use thiserror::Error;

/// A fault of a whole input.
#[derive(Debug, Error)]
pub enum SourceFault {
    /// The file cannot be opened or read.
    #[error("cannot be read: {0}")]
    Read(#[source] std::io::Error),
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
