//! The store of imported releases: one compressed table a release, and an index with its provenance.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Kind, Release};
use crate::fs::{self, FileError};

/// Name of the index in the store's folder.
const INDEX: &str = "releases.json";

/// One release in the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Name of its kind.
    pub kind: String,
    /// Release: a year, `2025-1`, `32`; `undated` where neither file nor command said.
    pub release: String,
    /// First day in force; empty where it is not known.
    pub first_day: String,
    /// Last day in force.
    pub last_day: String,
    /// File it came from, with its member where it is a zip.
    pub source: String,
    /// SHA-256 of that file.
    pub sha256: String,
    /// What was counted.
    pub figures: Vec<(String, u64)>,
}

impl Entry {
    /// Name in commands: `icd10cm-2026`.
    pub fn name(&self) -> String {
        format!("{}-{}", self.kind, self.release)
    }
}

/// A store in a folder.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    /// Its releases, by kind and release.
    pub entries: Vec<Entry>,
}

impl Store {
    /// Opens a store; a folder that is not there is an empty one.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn open(folder: &Path) -> Result<Store, FileError> {
        let index = folder.join(INDEX);
        let entries = if index.exists() {
            let text = fs::read_text(&index)?;
            serde_json::from_str(&text)
                .map_err(|_| FileError::read(&index)(std::io::Error::from(std::io::ErrorKind::InvalidData)))?
        } else {
            Vec::new()
        };
        Ok(Store { folder: folder.to_owned(), entries })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.tsv.zst"))
    }

    /// Puts a release into the store: its table first, the index last, each whole or not at all. One of the same kind and name is replaced.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn put(&mut self, entry: Entry, release: &Release) -> Result<(), FileError> {
        fs::create_private_folder(&self.folder)?;
        let mut text = release.columns.join("\t");
        for row in &release.rows {
            text.push('\n');
            // A tab or line end inside a title would part it.
            let cells: Vec<String> = row.iter().map(|cell| cell.replace(['\t', '\n', '\r'], " ")).collect();
            text.push_str(&cells.join("\t"));
        }
        text.push('\n');
        let path = self.path(&entry.name());
        let packed = zstd::encode_all(text.as_bytes(), 9).map_err(FileError::write(&path))?;
        fs::write_atomic(&path, &packed)?;
        self.entries.retain(|other| other.name() != entry.name());
        self.entries.push(entry);
        self.entries.sort_by(|left, right| (&left.kind, &left.release).cmp(&(&right.kind, &right.release)));
        let mut index = serde_json::to_vec_pretty(&self.entries).unwrap_or_default();
        index.push(b'\n');
        fs::write_atomic(&self.folder.join(INDEX), &index)
    }

    /// Reads a release back by its name.
    ///
    /// # Errors
    /// Its table cannot be read.
    pub fn get(&self, name: &str) -> Result<Option<Release>, FileError> {
        let Some(entry) = self.entries.iter().find(|entry| entry.name() == name) else { return Ok(None) };
        let path = self.path(name);
        let damaged = || FileError::read(&path)(std::io::Error::from(std::io::ErrorKind::InvalidData));
        let bytes = zstd::decode_all(fs::read(&path)?.as_slice()).map_err(|_| damaged())?;
        let text = String::from_utf8(bytes).map_err(|_| damaged())?;
        let mut lines = text.lines().map(|line| line.split('\t').map(str::to_owned).collect::<Vec<String>>());
        let columns = lines.next().unwrap_or_default();
        let kind = Kind::from_name(&entry.kind).ok_or_else(damaged)?;
        Ok(Some(Release { kind, columns, rows: lines.collect(), figures: entry.figures.clone() }))
    }

    /// The release of the same kind before this one.
    pub fn before(&self, kind: Kind, release: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.kind == kind.name() && entry.release.as_str() < release)
    }
}
