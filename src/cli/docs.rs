//! `chartroom docs [TOPIC]`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{
    complain,
    exit::{Exit, exit_of_place},
    print,
};
use crate::{
    archive::own_seal::refuse_in_sealed,
    docs::{self, mdbook},
    edits,
    fs::{FileError, create_private_folder, entries_of, path::shown, write_new},
    problem::closest,
};

#[derive(Debug, Args)]
pub struct DocsArguments {
    /// Name of a page, in any case; without it the pages are listed
    topic: Option<String>,
    /// Write all pages, those of the edits too, into a new folder, for `mdbook build FOLDER`
    #[arg(long, value_name = "FOLDER", conflicts_with = "topic")]
    write: Option<PathBuf>,
}

/// Prints a page of the book, or the list of pages; or writes the book.
pub fn docs(arguments: &DocsArguments) -> Exit {
    if let Some(folder) = &arguments.write {
        return write(folder);
    }
    let Some(topic) = &arguments.topic else { return print(&list()) };
    match docs::page(topic) {
        Some(page) => print(&page.text()),
        None => {
            complain(&format!("error: there is no page `{topic}`{}", hint(topic)));
            Exit::Configuration
        }
    }
}

/// The pages, with how one is printed.
pub fn list() -> String {
    format!("chartroom docs TOPIC prints one of these pages.\n\n{}\n{OF_EDITS}\n", docs::list())
}

const OF_EDITS: &str = "Every edit has a page of its own: chartroom explain LOG101. chartroom rules lists the edits.";

/// What to type instead of a topic that is no page.
fn hint(topic: &str) -> String {
    if edits::explain::explain(topic, &[]).is_some() {
        return format!(", it is an edit: `chartroom explain {topic}`");
    }
    match closest(topic, docs::pages().map(|page| page.name)) {
        Some(near) => format!("; did you mean {near}? `chartroom docs` lists the pages"),
        None => "; `chartroom docs` lists the pages".to_owned(),
    }
}

/// Writes the book into a folder that is new or empty.
fn write(folder: &Path) -> Exit {
    if let Err(error) = refuse_in_sealed(folder) {
        complain(&format!("error: {error}"));
        return exit_of_place(&error);
    }
    if entries_of(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        complain(&format!("error: {} holds files; name a new folder", shown(folder)));
        return Exit::Configuration;
    }
    match write_files(folder) {
        Ok(count) => print(&format!(
            "{}: {count} files of the book\nnext: mdbook build {} makes the site in {}\n",
            shown(folder),
            shown(folder),
            shown(&folder.join("site"))
        )),
        Err(error) => {
            complain(&format!("error: {error}"));
            Exit::from(&error)
        }
    }
}

/// Writes every file and says how many.
fn write_files(folder: &Path) -> Result<usize, FileError> {
    for folder in [folder.to_owned(), folder.join("pages"), folder.join("pages/edits")] {
        create_private_folder(&folder)?;
    }
    let files = mdbook::files();
    for file in &files {
        let path = folder.join(&file.path);
        if !write_new(&path, file.text.as_bytes())? {
            return Err(FileError::write(&path)(std::io::ErrorKind::AlreadyExists.into()));
        }
    }
    Ok(files.len())
}
