//! Why a run could not be done.

use std::path::PathBuf;

use thiserror::Error;

use crate::{
    archive::bag::SealError,
    fs::{FileError, path::shown},
    run::places::PlaceFault,
};

/// Why a run could not be done. Nothing is published then.
#[derive(Debug, Error)]
pub enum RunFault {
    /// A file cannot be read or written, or another run holds a lock.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file cannot be written.
    #[error("an output cannot be written: {0}")]
    Write(std::io::Error),
    /// The output folder holds what another pipeline has sealed.
    #[error("{} holds the sealed output of another pipeline with a title that reads alike; give one of them another title or --out", shown(.0))]
    OtherPipeline(PathBuf),
    /// A place that the run writes to is no folder, or may not be written to.
    #[error("{}", .0.words())]
    Place(PlaceFault),
    /// A folder that inputs come into is not there or cannot be looked through.
    #[error("{0}")]
    Inbox(String),
    /// `--replace` was given, and what stands there is not to be replaced.
    #[error("{} is not replaced: {why}; leave --replace out, and the run takes the next number", shown(folder))]
    Irreplaceable {
        /// What stands there.
        folder: PathBuf,
        /// Why not, in words.
        why: String,
    },
    /// The worklists to fill in cannot be made.
    #[error("the worklists to fill in cannot be made: {0}{to_do}; nothing was published", to_do = to_do_for_worklists(.0))]
    Worklists(FileError),
    /// The run is committed, and its output could not be renamed to its place.
    #[error("published, but {} has not its place yet: {fault}; the next run gives it its place", shown(folder))]
    NotAtItsPlace {
        /// The output.
        folder: PathBuf,
        /// Why not.
        fault: FileError,
    },
    /// Interrupted by a signal.
    #[error("interrupted; nothing was published")]
    Interrupted(i32),
    /// Rows were lost or made up: the equation of an input does not hold.
    #[error("the account does not balance: {0}; nothing was published")]
    NotConserved(String),
    /// A night that set out to examine what changed has to examine everything: it begins anew. Never told.
    #[error("everything is to be examined: {0}")]
    ExamineEverything(String),
    /// No input could be used.
    #[error(
        "no input could be used, so nothing was published:\n{0}\nget the files again, or correct their layouts, and run again"
    )]
    NothingUsable(String),
    /// A fault of the product's own.
    #[error("internal fault: {0}; nothing was published")]
    Internal(String),
}

impl RunFault {
    /// A fault of the folder of the worklists to fill in. What another holds locked is free again some time, whatever it is needed for.
    pub(super) fn of_worklists(fault: FileError) -> RunFault {
        match fault {
            FileError::Busy { .. } | FileError::Held { .. } => RunFault::File(fault),
            fault => RunFault::Worklists(fault),
        }
    }
}

/// What to do where worklists cannot be made; of a full disk the fault says it.
fn to_do_for_worklists(fault: &FileError) -> &'static str {
    match fault {
        FileError::Write { source, .. }
            if matches!(source.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded) =>
        {
            ""
        }
        _ => ". Let the user of the run read and write there, or name another folder: `worklists`",
    }
}

impl From<SealError> for RunFault {
    /// What lies in the work folder is what the run wrote; where it cannot be sealed the file system is at fault, or somebody at work in it.
    fn from(error: SealError) -> RunFault {
        match error {
            SealError::File(error) => RunFault::File(error),
            other => RunFault::Write(std::io::Error::other(other.to_string())),
        }
    }
}

impl From<std::io::Error> for RunFault {
    fn from(error: std::io::Error) -> RunFault {
        RunFault::Write(error)
    }
}

impl From<anyhow::Error> for RunFault {
    /// What the system said, wherever it stands in the chain of causes, is a fault of the system's; only what it did not say is ours.
    fn from(error: anyhow::Error) -> RunFault {
        let error = match error.downcast::<FileError>() {
            Ok(error) => return RunFault::File(error),
            Err(error) => error,
        };
        let said = error.chain().find_map(|cause| cause.downcast_ref::<std::io::Error>());
        match said {
            Some(said) => RunFault::Write(std::io::Error::new(said.kind(), said.to_string())),
            None => RunFault::Internal(error.to_string()),
        }
    }
}
