//! `chartroom codeset import FILE...`.

use std::{fmt::Write as _, path::PathBuf};

use clap::Args;

use super::{Fault, StoreArguments, day, of_refusal};
use crate::{
    archive::own_seal::refuse_in_sealed,
    cli::{
        complain,
        exit::{Exit, exit_of_place},
        print,
    },
    codeset::{other_systems::is_other_system, release::edition::Stated, sets::CodeSets},
    record::{code::CodeSystem, shown},
    run::releases::{
        import::{FileRefusal, ImportOutcome, ReadFile, put, read_file},
        release_store::ReleaseStore,
    },
};

#[derive(Debug, Args)]
pub struct ImportArguments {
    /// The releases: plain, .gz, .zip or .xlsx
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    store: StoreArguments,
    /// Name of the release, where neither name nor content says it: a fiscal year (2026) or a version (v32, v2025.1)
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    /// The files are plain lists of codes (heading code,title,first_day,last_day) of a system whose table does not ship: icd10, hcpcs, cpt, icdo3, snomed, local
    /// or local_NAME
    #[arg(long, value_name = "SYSTEM", conflicts_with_all = ["release", "from"])]
    system: Option<String>,
    /// First day in force, where it is not 1 October
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Take a file although codes of its release are missing or it differs from what is known of it
    #[arg(long)]
    as_it_is: bool,
}

/// Takes releases in, the oldest first; a file that is refused leaves no trace and does not hold up the others. Where the system cannot read one now,
/// none is taken.
pub fn import(arguments: &ImportArguments) -> Result<Exit, Fault> {
    if let Some(release) = &arguments.release {
        let well = release.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
        if !well || release.is_empty() || release.starts_with('.') {
            return Err(Fault::Arguments("--release takes letters, digits, dots and dashes".to_owned()));
        }
    }
    if let Some(system) = &arguments.system {
        if system != CodeSystem::Icd10.name() && !is_other_system(system) {
            let message = format!(
                "there is no code system `{system}` without a table that ships; write one of: icd10, hcpcs, cpt, icdo3, snomed, local, local_NAME"
            );
            return Err(Fault::Arguments(message));
        }
        if arguments.files.len() > 1 {
            return Err(Fault::Arguments("--system takes one file: the list of the system".to_owned()));
        }
    }
    let stated = Stated {
        system: arguments.system.clone(),
        release: arguments.release.clone(),
        from: day("--from", arguments.from.as_deref())?,
        as_it_is: arguments.as_it_is,
    };
    let sets = CodeSets::default();
    let (mut exit, mut unread) = (Exit::Done, false);
    let mut files: Vec<(&PathBuf, ReadFile)> = Vec::new();
    for path in &arguments.files {
        match read_file(path, &stated, &sets) {
            Ok(file) => files.push((path, file)),
            Err(refusal) => {
                of_refusal(path, "nothing stored: ", &refusal).complain();
                exit = match refusal {
                    FileRefusal::Source(fault) if Exit::from(&fault) == Exit::FileSystem => {
                        unread |= fault.is_of_the_system();
                        Exit::FileSystem
                    }
                    _ if exit == Exit::FileSystem => exit,
                    _ => Exit::Input,
                };
            }
        }
    }
    if unread {
        complain("error: nothing was stored of the other files either; run again");
        return Ok(exit);
    }
    // A release is compared with the one before it, in whatever order the files were named.
    files.sort_by_key(|(_, file)| file.releases.iter().map(|release| release.edition.from).max());
    if files.is_empty() {
        return Ok(exit);
    }
    if let Err(error) = refuse_in_sealed(&arguments.store.store) {
        complain(&format!("error: {error}"));
        return Ok(exit_of_place(&error));
    }
    let (mut store, _lock) = ReleaseStore::open_to_write(&arguments.store.store)?;
    for (path, file) in files {
        let left_alone = file.left_alone;
        let mut text = String::new();
        for outcome in put(&mut store, file.releases)? {
            tell(&outcome, &mut text);
        }
        for name in left_alone {
            let _ = writeln!(text, "left alone: {}: {name}", shown::path(path));
        }
        // What is stored is stored, whoever reads of it or does not.
        if print(&text) != Exit::Done {
            exit = Exit::FileSystem;
        }
    }
    Ok(exit)
}

fn tell(outcome: &ImportOutcome, text: &mut String) {
    let entry = &outcome.entry;
    let days = match (&entry.from, &entry.until) {
        (Some(from), Some(until)) => format!(", in force {from} to {until}"),
        (Some(from), None) => format!(", in force from {from}"),
        _ => String::new(),
    };
    let done = match (outcome.was_there, outcome.replaced) {
        (true, _) => "was there already",
        (false, true) => "replaces what was stored under this name",
        (false, false) => "stored",
    };
    let _ = writeln!(text, "{}: {done}; {} rows{days}", entry.name, entry.rows);
    for note in &outcome.notes {
        let _ = writeln!(text, "  {note}");
    }
    if let Some((before, changes, headers)) = &outcome.changes {
        let titles = entry.kind().is_some_and(|kind| kind.titled_system().is_some());
        let _ = writeln!(text, "  against {before}: {}", changes.counts(titles));
        if let Some(headers) = headers {
            let _ = writeln!(text, "  headers against {before}: {}", headers.counts(titles));
        }
    }
}
