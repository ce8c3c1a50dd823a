//! The files that a pipeline file names beside itself: layouts, maps, matrices, profiles, lists. Every desk reads its own by this one way.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

use super::{
    FAILING_FILE, closest,
    reader::{At, Section},
};
use crate::fs::{
    self, FileError,
    path::{file_name, neighbours, shown},
};

/// The kind of file that a layout is.
pub const LAYOUT: &str = "layout";

/// The files that a pipeline file names, and what was read of them.
#[derive(Debug)]
pub struct NamedFiles<'f> {
    /// Folder of the pipeline file: relative paths start here.
    pub folder: &'f Path,
    /// Names and digests of every configuration file read.
    pub sources: Vec<(String, String)>,
    /// The layouts that were read, by their paths from the folder: what the store keeps with the records.
    pub layouts: BTreeMap<String, String>,
    /// Files of the same paths that are read in place of those of the folder: what the store kept.
    pub kept: Option<&'f BTreeMap<String, String>>,
}

impl<'f> NamedFiles<'f> {
    /// The files beside a pipeline file in a folder.
    pub fn of(folder: &'f Path) -> NamedFiles<'f> {
        NamedFiles { folder, sources: Vec::new(), layouts: BTreeMap::new(), kept: None }
    }

    /// The path of a configuration file by its bare name in a folder beside the pipeline (`kind`), or by its path when it ends in `.toml`.
    pub fn path(&self, kind: &str, name: &str) -> PathBuf {
        if name.ends_with(".toml") {
            self.folder.join(name)
        } else {
            self.folder.join(kind).join(format!("{name}.toml"))
        }
    }

    /// Reads a configuration file that the pipeline names, and remembers its digest. A file that cannot be read is a problem of the place that names it.
    pub fn text(&mut self, section: &mut Section<'_>, written: &At<String>, path: &Path, what: &str) -> Option<String> {
        let name = path.strip_prefix(self.folder).unwrap_or(path).to_string_lossy().into_owned();
        let read = match self.kept.map(|kept| kept.get(&name)) {
            Some(Some(text)) => Ok(text.clone()),
            Some(None) => Err(FileError::read(path)(std::io::ErrorKind::NotFound.into())),
            None => fs::read_configuration_text(path),
        };
        match read {
            Ok(text) => {
                self.remember(path, digest(text.as_bytes()));
                if what == LAYOUT {
                    self.layouts.insert(name, text.clone());
                }
                Some(text)
            }
            Err(error) if error.is_of_the_system() => {
                section.problem(FAILING_FILE, written.span.clone(), format!("the {what}: {error}"), None);
                None
            }
            Err(error) if path.exists() => {
                section.problem("unreadable-file", written.span.clone(), format!("the {what}: {error}"), None);
                None
            }
            Err(_) => {
                let suggestion = Some(instead_of(path, &written.value));
                section.problem("missing-file", written.span.clone(), format!("the {what} is not there"), suggestion);
                None
            }
        }
    }

    /// Remembers the digest of a configuration file that another has read, such as a workbook.
    pub fn remember(&mut self, path: &Path, sha256: String) {
        let source = (file_name(path), sha256);
        if !self.sources.contains(&source) {
            self.sources.push(source);
        }
    }
}

/// What may be meant by a name that is no file's.
fn instead_of(path: &Path, written: &str) -> String {
    let bare = !written.ends_with(".toml");
    let near: Vec<String> = neighbours(path)
        .into_iter()
        .map(|name| if bare { name.trim_end_matches(".toml").to_owned() } else { name })
        .collect();
    let wanted = if bare { file_name(path).trim_end_matches(".toml").to_owned() } else { file_name(path) };
    closest(&wanted, near.iter().map(String::as_str)).map_or_else(
        || format!("there is no file {}", shown(path)),
        |near| format!("did you mean `{near}`? There is no file {}", shown(path)),
    )
}

/// SHA-256 of a file's content, in hexadecimal.
pub fn digest(content: &[u8]) -> String {
    fs::hexadecimal(&Sha256::digest(content))
}
