//! `chartroom init FOLDER`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{
    complain,
    exit::{Exit, exit_of_place},
    print, run,
};
use crate::{
    archive::own_seal::refuse_in_sealed,
    fs::{FileError, create_private_folder, entries_of, path::shown, write_new},
    record::date::Day,
    run::site::{FOLDERS, SiteFile, example_inbox, files},
};

#[derive(Debug, Args)]
pub struct InitArguments {
    /// The folder of the site; it is made where it is not there
    folder: PathBuf,
    /// The day before which the example records lie, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
}

/// Days on which ICD-10 is in force and no year is absurd: the example records have its codes.
const FIRST_DAY: &str = "2016-01-01";
const LAST_DAY: &str = "2099-12-31";

/// Writes a working site. What is there is left as it is, and named.
pub fn init(arguments: &InitArguments) -> Exit {
    let within = |day: &Day| {
        Day::from_iso(FIRST_DAY).is_some_and(|first| first <= *day)
            && Day::from_iso(LAST_DAY).is_some_and(|last| *day <= last)
    };
    let Some(as_of) = run::business_date(arguments.as_of.as_deref()).filter(within) else {
        complain(&format!("error: --as-of takes a day from {FIRST_DAY} to {LAST_DAY}, YYYY-MM-DD"));
        return Exit::Configuration;
    };
    if let Err(error) = refuse_in_sealed(&arguments.folder) {
        complain(&format!("error: {error}"));
        return exit_of_place(&error);
    }
    match make(&arguments.folder, as_of) {
        Ok(text) => print(&text),
        Err(error) => {
            complain(&format!("error: {error}"));
            Exit::from(&error)
        }
    }
}

/// Makes the site and says what was made and what was there.
fn make(site: &Path, as_of: Day) -> Result<String, FileError> {
    create_private_folder(site)?;
    let folder = site.canonicalize().map_err(FileError::read(site))?;
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("chartroom"));
    for name in FOLDERS {
        create_private_folder(&site.join(name))?;
    }
    let mut text = format!("{}: a site for a night's run\n", shown(site));
    let mut write = |file: &SiteFile| {
        let path = site.join(&file.path);
        let made = write_new(&path, file.text.as_bytes())?;
        let words = if made { "made" } else { "was there, left as it is" };
        text.push_str(&format!("  {:<26} {}\n", words, shown(&path)));
        Ok::<(), FileError>(())
    };
    for file in files(&folder, &program) {
        write(&file)?;
    }
    // Invented records are never put beside others: a run would count them.
    let inbox = site.join("inbox");
    let examples = example_inbox(as_of);
    let others = others_in(&inbox, &examples)?;
    if others == 0 {
        for file in &examples {
            write(file)?;
        }
    } else {
        text.push_str(&format!("  no example records: {} holds other files ({others})\n", shown(&inbox)));
    }
    text.push_str(&format!("next: chartroom run {}\n", shown(&site.join("nightly.toml"))));
    Ok(text)
}

/// How many files an inbox holds beside the examples.
fn others_in(inbox: &Path, examples: &[SiteFile]) -> Result<usize, FileError> {
    let mut count = 0;
    for entry in entries_of(inbox).map_err(FileError::read(inbox))? {
        let name = entry.map_err(FileError::read(inbox))?.file_name();
        let is_example = examples.iter().any(|file| Path::new(&file.path).file_name() == Some(&name));
        count += usize::from(!is_example);
    }
    Ok(count)
}
