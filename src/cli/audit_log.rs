//! `chartroom audit-log ...`: every change of what is remembered.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::{
    complain,
    exit::Exit,
    print,
    state::{failed, folder_of},
};
use crate::{
    fs::path::shown,
    store::{
        audit_log::{AuditEntry, broken, entry_of},
        catalogue::Catalogue,
    },
};

#[derive(Debug, Subcommand)]
pub enum AuditLogCommand {
    /// Verify that no entry was changed, taken away or put between, and that the log has not lost its end
    Verify(LogToVerify),
    /// List the entries
    List(LogArguments),
}

#[derive(Debug, Args)]
pub struct LogToVerify {
    /// The state folder, or the pipeline file that names it
    #[arg(default_value = "state")]
    state: PathBuf,
    /// A head that a run sheet prints: the log must have had it
    #[arg(long, value_name = "HASH")]
    head: Option<String>,
}

#[derive(Debug, Args)]
pub struct LogArguments {
    /// The state folder, or the pipeline file that names it
    #[arg(default_value = "state")]
    state: PathBuf,
}

/// Does what is asked.
pub fn audit_log(command: &AuditLogCommand) -> Exit {
    let (AuditLogCommand::Verify(LogToVerify { state, .. }) | AuditLogCommand::List(LogArguments { state })) = command;
    let folder = match folder_of(state) {
        Ok(folder) => folder,
        Err(exit) => return exit,
    };
    let (entries, head) = match Catalogue::log_of(&folder) {
        Ok(log) => log,
        Err(error) => return failed(&error),
    };
    match command {
        AuditLogCommand::List(_) => {
            let line = |entry: &AuditEntry| format!("{:>6}  {}  {}\n", entry.number, entry.sha256, entry.what);
            print(&entries.iter().map(line).collect::<String>())
        }
        AuditLogCommand::Verify(LogToVerify { head: asked, .. }) => match broken(&entries, &head) {
            Some(what) => not_valid(&folder, &what),
            None => verdict(&folder, &entries, &head.sha256, asked.as_deref()),
        },
    }
}

fn verdict(folder: &Path, entries: &[AuditEntry], head: &str, asked: Option<&str>) -> Exit {
    let mut text = format!("{}: valid\n  entries  {}\n  head     {head}\n", shown(folder), entries.len());
    let Some(asked) = asked.map(|asked| asked.trim().to_ascii_lowercase()) else { return print(&text) };
    // A run sheet prints the head before its run: before the first one there is no entry.
    let is_beginning = asked.len() == 64 && asked.bytes().all(|digit| digit == b'0');
    if asked.len() != 64 || !asked.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        complain("error: --head takes the whole head, 64 digits of 0 to 9 and a to f");
        return Exit::Configuration;
    }
    match entry_of(entries, &asked) {
        Some(entry) => text += &format!("  the head {asked} is that of entry {}\n", entry.number),
        None if is_beginning => text += "  a head of zeros is that before the first entry\n",
        None => {
            return not_valid(folder, &without_head(entries, &asked));
        }
    }
    print(&text)
}

/// Why a log may lack a head.
fn without_head(entries: &[AuditEntry], asked: &str) -> String {
    let restored = entries.iter().rev().find(|entry| entry.what.starts_with("{\"kind\":\"restore\""));
    let why = match restored {
        Some(entry) => format!(
            "a backup was put back in entry {}; the heads of nights after the backup are in the catalogue that was set aside (catalogue-before-restore-...). Otherwise the log has lost entries, or is another one",
            entry.number
        ),
        None => "the log has lost entries, or is another one".to_owned(),
    };
    format!("no entry has the head {asked}: {why}")
}

fn not_valid(folder: &Path, what: &str) -> Exit {
    complain(&format!("error: {}: NOT VALID: {what}", shown(folder)));
    Exit::Gate
}
