//! `chartroom codeset`: the releases of code sets, taken in, listed, searched and compared.

mod diff;
mod import;
mod list;
mod search;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use super::{complain, complain_lines, exit::Exit};
use crate::{
    book::csv::in_memory,
    fs::FileError,
    record::{code::CodeSystem, date::Day, shown},
    run::releases::{import::FileRefusal, release_store::ReleaseStore},
};

#[derive(Debug, Subcommand)]
pub enum CodesetCommand {
    /// Take official releases into the store exactly as they are published, zip folders included
    Import(import::ImportArguments),
    /// List the tables that ship and the releases in the store
    List(list::ListArguments),
    /// Search the titles of codes, best match first; small typing errors do no harm
    Search(search::SearchArguments),
    /// Compare two releases: codes added, deleted, retitled
    Diff(diff::DiffArguments),
}

/// Where the store is.
#[derive(Debug, Args)]
pub(super) struct StoreArguments {
    /// Folder of the store; a pipeline names it with `codesets` in its section `[coding]`
    #[arg(long, value_name = "FOLDER", default_value = "codesets")]
    store: PathBuf,
}

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    /// A table to read
    Text,
    /// Comma-separated values
    Csv,
}

/// Runs a command on code sets.
pub fn codeset(command: &CodesetCommand) -> Exit {
    let done = match command {
        CodesetCommand::Import(arguments) => import::import(arguments),
        CodesetCommand::List(arguments) => list::list(arguments),
        CodesetCommand::Search(arguments) => search::search(arguments),
        CodesetCommand::Diff(arguments) => diff::diff(arguments),
    };
    done.unwrap_or_else(|fault| fault.complain())
}

/// Why a command ended without its result.
#[derive(Debug)]
pub(super) enum Fault {
    /// The command line is wrong.
    Arguments(String),
    /// An input cannot be used.
    Input(String),
    /// A release is refused, in several lines; what came from outside is in them with escapes.
    Refused(String),
    /// The store.
    Store(FileError),
}

impl From<FileError> for Fault {
    fn from(fault: FileError) -> Fault {
        Fault::Store(fault)
    }
}

impl Fault {
    pub(super) fn complain(&self) -> Exit {
        let (message, exit) = match self {
            Fault::Arguments(message) => (message.clone(), Exit::Configuration),
            Fault::Input(message) => (message.clone(), Exit::Input),
            Fault::Refused(message) => {
                complain_lines(&format!("error: {message}"));
                return Exit::Input;
            }
            Fault::Store(fault) => (fault.to_string(), fault.into()),
        };
        complain(&format!("error: {message}"));
        exit
    }
}

/// The fault of a file that is refused. `begin`: what stands before the reason.
fn of_refusal(path: &Path, begin: &str, refusal: &FileRefusal) -> Fault {
    let words = format!("{}: {begin}{refusal}", shown::path(path));
    match refusal {
        FileRefusal::Release(_) => Fault::Refused(words),
        FileRefusal::Source(_) => Fault::Input(words),
    }
}

impl StoreArguments {
    pub(super) fn open(&self) -> Result<ReleaseStore, Fault> {
        Ok(ReleaseStore::open(&self.store)?)
    }
}

fn day(option: &str, text: Option<&str>) -> Result<Option<Day>, Fault> {
    match text {
        None => Ok(None),
        Some(text) => match Day::from_iso(text) {
            Some(day) => Ok(Some(day)),
            None => Err(Fault::Arguments(format!("{option} takes a day, YYYY-MM-DD"))),
        },
    }
}

fn system(text: &str) -> Result<CodeSystem, Fault> {
    CodeSystem::from_name(text).ok_or_else(|| {
        let names = CodeSystem::ALL.map(CodeSystem::name);
        Fault::Arguments(format!("there is no code system `{text}`; write one of: {}", names.join(", ")))
    })
}

/// Rows as text in columns, or comma-separated. The first row is the heading.
pub(super) fn table(rows: &[Vec<String>], format: ListFormat) -> String {
    match format {
        ListFormat::Csv => {
            let Some((headings, lines)) = rows.split_first() else { return String::new() };
            let bytes = in_memory(headings.iter().map(String::as_str), lines);
            String::from_utf8_lossy(&bytes).into_owned()
        }
        ListFormat::Text => {
            let columns = rows.first().map_or(0, Vec::len);
            let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
            let widths: Vec<usize> = (0..columns).map(width).collect();
            let mut text = String::new();
            for row in rows {
                let cells: Vec<String> =
                    row.iter().zip(&widths).map(|(cell, width)| format!("{:<width$}", shown::shown(cell))).collect();
                text.push_str(cells.join("  ").trim_end());
                text.push('\n');
            }
            text
        }
    }
}
