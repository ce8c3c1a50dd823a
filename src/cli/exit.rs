//! Exit codes: what a scheduler learns from a run without reading a word.

use std::process::ExitCode;

use crate::{
    fs::{FileError, opening::NoFile},
    ingest::fault::SourceFault,
};

/// How the program ended. The numbers are part of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: done, also when there was nothing new.
    Done,
    /// 1: done, but findings reached the pipeline's `fail_on` gate, a folder did not verify, no system has the code that was asked for, or
    /// something will fail tonight.
    Gate,
    /// 2: the command line, a pipeline file or a layout is wrong; nothing was run.
    Configuration,
    /// 65: an input as a whole is unusable.
    Input,
    /// 66: a file that is due did not come; what came was processed.
    MissingInput,
    /// 70: a fault of the product's own.
    Internal,
    /// 74: a file cannot be read or written (disk full, read-only).
    FileSystem,
    /// 75: another run, or another program, holds a lock; try again later.
    TryAgain,
    /// 128 + signal: interrupted before anything was published (130 for SIGINT, 143 for SIGTERM).
    Interrupted(i32),
}

impl Exit {
    /// The number.
    pub fn number(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Gate => 1,
            Exit::Configuration => 2,
            Exit::Input => 65,
            Exit::MissingInput => 66,
            Exit::Internal => 70,
            Exit::FileSystem => 74,
            Exit::TryAgain => 75,
            Exit::Interrupted(signal) => u8::try_from(128 + signal).unwrap_or(130),
        }
    }
}

impl From<&FileError> for Exit {
    /// A lock that another holds is free again some time; whatever else is the matter with a file somebody has to look at.
    fn from(error: &FileError) -> Exit {
        match error {
            FileError::Busy { .. } | FileError::Held { .. } => Exit::TryAgain,
            FileError::Read { .. }
            | FileError::Write { .. }
            | FileError::Damaged { .. }
            | FileError::Foreign { .. } => Exit::FileSystem,
        }
    }
}

/// Where the command line names a place that nothing may be written to, another is to be named; what the system answers is no fault of the command line.
pub fn exit_of_place(error: &FileError) -> Exit {
    match error {
        FileError::Write { source, .. } if source.raw_os_error().is_none() => Exit::Configuration,
        error => error.into(),
    }
}

impl From<&SourceFault> for Exit {
    /// What the system answers to a reading says nothing of the file; where nothing is there, the command names what cannot be read.
    fn from(fault: &SourceFault) -> Exit {
        match fault {
            SourceFault::Read(_) | SourceFault::NoFile(NoFile::Absent) => Exit::FileSystem,
            _ => Exit::Input,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.number())
    }
}

/// The table of exit codes, for `--help` and the manual page.
pub const EXIT_CODES: &str = "\
Exit codes:
  0    done, also when there was nothing new
  1    done, but findings reached the pipeline's fail_on gate; or a folder does not verify, a code is unknown, or something will fail tonight (doctor)
  2    the command line, a pipeline file or a layout is wrong; nothing was run
  65   an input as a whole is unusable; the others were processed
  66   a file that is due did not come; what came was processed
  70   internal fault, or rows that do not add up; nothing was published
  74   a file or folder cannot be read or written (disk full, read-only, an inbox that is not there)
  75   another run or program holds the lock; try again
  130  interrupted (143: terminated) before anything was published
Of several the first in this order: 74, 65, 66, 1, 0. `chartroom docs exit-codes` says more.";
