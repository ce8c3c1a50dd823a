//! `chartroom state ...`: what is remembered, looked through, copied, put back, written out.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::{check::plan_of, complain, complain_of_each, exit::Exit, print};
use crate::{
    fs::{FileError, path::shown},
    plan::Overrides,
    record::{account::grouped, listed::some_of, shown::shown as shown_text},
    store::{
        compaction::{Compacted, compact},
        upkeep::{self, Restored, StateAccount},
    },
};

#[derive(Debug, Subcommand)]
pub enum StateCommand {
    /// Look a state folder through: the catalogue, its audit log, and what lies beside them
    Check(OfState),
    /// Copy a state folder as it is between two runs
    Backup(BackupArguments),
    /// Put a backup back; the catalogue that was there stays under another name
    Restore(RestoreArguments),
    /// Remove what runs that were killed left in a state folder
    Sweep(OfState),
    /// Join the segments of kept rows, of which every night leaves one
    Compact(OfState),
    /// Write what is remembered as comma-separated values
    Export(ExportArguments),
}

#[derive(Debug, Args)]
pub struct OfState {
    /// The state folder, or the pipeline file that names it
    #[arg(default_value = "state")]
    state: PathBuf,
}

#[derive(Debug, Args)]
pub struct BackupArguments {
    /// The state folder, or the pipeline file that names it
    state: PathBuf,
    /// The folder of the copy, new or empty
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
}

#[derive(Debug, Args)]
pub struct RestoreArguments {
    /// The state folder, or the pipeline file that names it
    state: PathBuf,
    /// The folder of the backup
    #[arg(long, value_name = "FOLDER")]
    from: PathBuf,
}

#[derive(Debug, Args)]
pub struct ExportArguments {
    /// The state folder, or the pipeline file that names it
    state: PathBuf,
    /// The folder of the files, new or empty
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
}

/// Does what is asked.
pub fn state(command: &StateCommand) -> Exit {
    let path = match command {
        StateCommand::Check(OfState { state })
        | StateCommand::Sweep(OfState { state })
        | StateCommand::Compact(OfState { state })
        | StateCommand::Backup(BackupArguments { state, .. })
        | StateCommand::Restore(RestoreArguments { state, .. })
        | StateCommand::Export(ExportArguments { state, .. }) => state,
    };
    let folder = match folder_of(path) {
        Ok(folder) => folder,
        Err(exit) => return exit,
    };
    let done = match command {
        StateCommand::Check(_) => match upkeep::check(&folder) {
            Ok(account) => return tell(&folder, &account),
            Err(error) => Err(error),
        },
        StateCommand::Backup(BackupArguments { to, .. }) => upkeep::backup(&folder, to).map(|head| {
            format!(
                "{} is copied to {}\naudit log: entries {}, head {}\n",
                shown(&folder),
                shown(to),
                head.number,
                head.sha256
            )
        }),
        StateCommand::Restore(RestoreArguments { from, .. }) => {
            upkeep::restore(&folder, from).map(|restored| restored_words(&folder, from, &restored))
        }
        StateCommand::Sweep(_) => upkeep::sweep(&folder).map(|swept| match swept.as_slice() {
            [] => format!("{}: nothing to sweep\n", shown(&folder)),
            swept => swept.iter().map(|name| format!("removed {}\n", shown(&folder.join(name)))).collect(),
        }),
        StateCommand::Compact(_) => compact(&folder).map(|done| match done.as_slice() {
            [] => format!("{}: nothing to join\n", shown(&folder)),
            done => done.iter().map(joined).collect(),
        }),
        StateCommand::Export(ExportArguments { to, .. }) => upkeep::export(&folder, to).map(|tables| {
            let lines = tables.iter().map(|(name, rows)| format!("{:<20}{rows:>8} rows\n", name));
            format!("{}\n", shown(to)) + &lines.collect::<String>()
        }),
    };
    match done {
        Ok(text) => print(&text),
        Err(error) => failed(&error),
    }
}

fn restored_words(folder: &Path, from: &Path, restored: &Restored) -> String {
    let Restored { aside, head, newest, files_since, closed_since } = restored;
    let mut text =
        format!("{} remembers what {} does; the newest night in it is {newest}\n", shown(folder), shown(from));
    text.extend(aside.iter().map(|aside| format!("what was there before: {}\n", shown(aside))));
    if !files_since.is_empty() {
        let names: Vec<String> = files_since.iter().map(|name| shown_text(name).into_owned()).collect();
        text +=
            &format!("files that were taken since, and have to come into the inbox once more: {}\n", some_of(&names));
    }
    if !closed_since.is_empty() {
        let names: Vec<String> = closed_since.iter().map(|name| shown_text(name).into_owned()).collect();
        text += &format!("closed since, and closed no more: {}; close them again\n", some_of(&names));
    }
    text + &format!("audit log: entries {}, head {}\n", head.number, head.sha256)
}

fn joined(done: &Compacted) -> String {
    let Compacted { pipeline, segments, rows, octets_before, octets_after } = done;
    let mebibytes = |octets: &u64| octets.div_ceil(1 << 20);
    format!(
        "{}: {segments} segments are one of {} rows; {} MiB were {} MiB\n",
        shown_text(pipeline),
        grouped(*rows),
        mebibytes(octets_after),
        mebibytes(octets_before),
    )
}

/// What is said of a state that cannot be worked with.
pub fn failed(error: &FileError) -> Exit {
    complain(&format!("error: {error}"));
    error.into()
}

/// The state folder that a path means: the folder itself, or what the pipeline file names.
///
/// # Errors
/// How the program ends.
pub fn folder_of(path: &Path) -> Result<PathBuf, Exit> {
    if !path.is_file() {
        return Ok(path.to_owned());
    }
    let plan = plan_of(path, &Overrides::default())?;
    plan.state.ok_or_else(|| {
        complain(&format!("error: {} names no state folder; write `state = \"state\"` into it", shown(path)));
        Exit::Configuration
    })
}

fn tell(folder: &Path, account: &StateAccount) -> Exit {
    let StateAccount { runs, inputs, months, kept_inputs, kept_rows, kept_octets, followed, head, faults, strangers } =
        account;
    let verdict = if faults.is_empty() { "sound" } else { "look at it" };
    let mut text = format!("{}: {verdict}\n", shown(folder));
    text += &format!(
        "  runs                {runs:>8}\n  inputs taken        {inputs:>8}\n  lines of months     {months:>8}\n"
    );
    if *kept_inputs > 0 {
        let mebibytes = kept_octets.div_ceil(1 << 20);
        text += &format!("  inputs kept         {kept_inputs:>8}   rows {}, {mebibytes} MiB\n", grouped(*kept_rows));
    }
    if *followed > 0 {
        text += &format!("  findings followed   {followed:>8}\n");
    }
    text += &format!("  audit log           {:>8} entries, head {}\n", head.number, head.sha256);
    if !strangers.is_empty() {
        text += &format!("  not of the state    {}\n", strangers.join(", "));
    }
    let printed = print(&text);
    complain_of_each(faults.iter().cloned());
    if faults.is_empty() { printed } else { Exit::Gate }
}
