//! A release as it is stored: a table of tab-separated text, compressed, and an entry of the index.

use std::{ffi::OsStr, path::Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{OfficialTable, edition::Edition, kind::OfficialFileKind};
use crate::{
    fs::{self, FileError},
    record::date::Day,
};

/// Name of the index in the folder of a store.
pub const INDEX: &str = "releases.json";

/// The form of the index that this program writes.
pub const VERSION: u32 = 1;
/// What to do with an index that cannot be read whole: to import into the store would lose what it says of other releases.
const INDEX_TO_DO: &str = "Put the file of an earlier backup in its place; where there is none, move the folder of the store away and import the releases again (chartroom codeset import)";

/// End of the name of a table.
pub const TABLE: &str = ".tsv.zst";

/// An entry of the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// Kind and release, for example `icd10cm-2026`.
    pub name: String,
    /// Name of the kind.
    pub kind: String,
    /// The release.
    pub release: String,
    /// First day in force, `YYYY-MM-DD`; absent where a publication has no days.
    pub from: Option<String>,
    /// Last day in force.
    pub until: Option<String>,
    /// Rows.
    pub rows: usize,
    /// Name of the file it was taken from, with the member of a zip folder after an exclamation mark.
    pub source: String,
    /// SHA-256 of that file as it was given.
    pub source_sha256: String,
    /// Name of the table in the store.
    pub table: String,
    /// SHA-256 of the table.
    pub table_sha256: String,
}

impl StoredFile {
    /// The kind, where this program knows it.
    pub fn kind(&self) -> Option<OfficialFileKind> {
        OfficialFileKind::from_name(&self.kind)
    }

    /// First day in force.
    pub fn first_day(&self) -> Option<Day> {
        self.from.as_deref().and_then(Day::from_iso)
    }

    /// Last day in force.
    pub fn last_day(&self) -> Option<Day> {
        self.until.as_deref().and_then(Day::from_iso)
    }

    /// Whether the release is in force on a day.
    pub fn is_in_force(&self, on: Day) -> bool {
        self.first_day().is_some_and(|from| from <= on) && self.last_day().is_none_or(|until| on <= until)
    }
}

/// Name of a release: kind and release.
pub fn name(kind: OfficialFileKind, edition: &Edition) -> String {
    format!("{}-{}", kind.facts().name, edition.release)
}

/// The index of a store, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredIndex {
    /// Version of the index's own form.
    pub version: u32,
    /// The releases.
    pub releases: Vec<StoredFile>,
    /// SHA-256 of the releases as they are written: an index that was changed or emptied by hand would be taken for that of a smaller store. Blank in an index
    /// of before.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    releases_sha256: String,
}

impl Default for StoredIndex {
    fn default() -> StoredIndex {
        StoredIndex { version: VERSION, releases: Vec::new(), releases_sha256: String::new() }
    }
}

/// The index of the store in a folder, with its text; `None` where there is no store.
///
/// # Errors
/// [`FileError::Damaged`] where it is none, or is gone and tables of releases lie there; [`FileError::Read`].
pub fn read_index(folder: &Path) -> Result<Option<(StoredIndex, Vec<u8>)>, FileError> {
    let path = folder.join(INDEX);
    let damaged =
        |what: &str, to_do| FileError::Damaged { path: path.clone(), line: None, what: what.to_owned(), to_do };
    let is_table = |name: &OsStr| name.to_str().is_some_and(|name| name.ends_with(TABLE));
    let tables = || fs::entries_of(folder).into_iter().flatten().filter_map(Result::ok);
    let Some(text) = fs::read_if_there(&path)? else {
        return match tables().any(|entry| is_table(&entry.file_name())) {
            true => Err(damaged("the index is gone, and tables of releases lie beside it", INDEX_TO_DO)),
            false => Ok(None),
        };
    };
    let index = StoredIndex::read(&text).map_err(|what| damaged(what, INDEX_TO_DO))?;
    let is_unnamed = |name: &OsStr| is_table(name) && !index.releases.iter().any(|entry| *entry.table == *name);
    // With its digest the index is what was written, and other tables are what an import left that was killed.
    if index.releases_sha256.is_empty() && tables().any(|entry| is_unnamed(&entry.file_name())) {
        return Err(damaged("tables of releases lie beside it that it does not name", INDEX_TO_DO));
    }
    Ok(Some((index, text)))
}

impl StoredIndex {
    /// Reads an index, whole or not at all.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &[u8]) -> Result<StoredIndex, &'static str> {
        let index: StoredIndex = serde_json::from_slice(text).map_err(|_| "it is no index of releases")?;
        if index.version != VERSION {
            return Err("it is of another version of this program");
        }
        let is_day = |day: &Option<String>| day.as_deref().is_none_or(|day| Day::from_iso(day).is_some());
        let is_digest = |text: &str| {
            text.len() == 64 && text.bytes().all(|digit| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit))
        };
        for entry in &index.releases {
            if entry.name.is_empty() || entry.kind.is_empty() {
                return Err("a release in it has no name or no kind");
            } else if !is_day(&entry.from) || !is_day(&entry.until) {
                return Err("a day in it is no day, YYYY-MM-DD");
            } else if !is_digest(&entry.source_sha256) || !is_digest(&entry.table_sha256) {
                return Err("a digest in it is none of 64 digits");
            } else if Path::new(&entry.table).file_name() != Some(OsStr::new(&entry.table)) {
                return Err("it names a table outside the store");
            }
        }
        if !index.releases_sha256.is_empty() && index.releases_sha256 != digest_of(&index.releases) {
            return Err("it is not what was written: a release in it was changed, added or taken out");
        }
        match index.releases.is_sorted_by(|one, next| one.name < next.name) {
            true => Ok(index),
            false => Err("its releases are not in the order of their names"),
        }
    }

    /// The index as it is written.
    ///
    /// # Errors
    /// Never for the releases of this program.
    pub fn text(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut text =
            serde_json::to_vec_pretty(&StoredIndex { releases_sha256: digest_of(&self.releases), ..self.clone() })?;
        text.push(b'\n');
        Ok(text)
    }

    /// The entry of a name.
    pub fn find(&self, name: &str) -> Option<&StoredFile> {
        self.releases.iter().find(|entry| entry.name == name)
    }

    /// The release of a kind that was in force last before a day; of an undated kind none.
    pub fn before(&self, kind: OfficialFileKind, from: Option<Day>) -> Option<&StoredFile> {
        let of_kind = self.releases.iter().filter(|entry| entry.kind == kind.facts().name);
        of_kind.filter(|entry| entry.first_day() < from && entry.from.is_some()).max_by_key(|entry| entry.first_day())
    }

    /// Puts an entry in its place, and gives the one it replaces.
    pub fn put(&mut self, entry: StoredFile) -> Option<StoredFile> {
        let place = self.releases.binary_search_by(|known| known.name.cmp(&entry.name));
        match place {
            Ok(at) => Some(std::mem::replace(&mut self.releases[at], entry)),
            Err(at) => {
                self.releases.insert(at, entry);
                None
            }
        }
    }
}

/// SHA-256 of the releases as JSON without spaces.
fn digest_of(releases: &[StoredFile]) -> String {
    let text = serde_json::to_vec(releases).unwrap_or_default();
    fs::hexadecimal(&Sha256::digest(text))
}

/// A table as bytes.
///
/// # Panics
/// Never: compression into memory does not fail.
pub fn pack(table: &OfficialTable) -> Vec<u8> {
    let mut text = table.kind.facts().columns.join("\t");
    text.push('\n');
    for row in &table.rows {
        for (at, cell) in row.iter().enumerate() {
            if at > 0 {
                text.push('\t');
            }
            // A tab or line end within a cell of a workbook is a blank to a reader.
            text.extend(cell.chars().map(|letter| if letter.is_control() { ' ' } else { letter }));
        }
        text.push('\n');
    }
    zstd::encode_all(text.as_bytes(), 9).expect("compression into memory does not fail")
}

/// A table from its bytes; `None` where they are not what [`pack`] made.
pub fn unpack(kind: OfficialFileKind, bytes: &[u8]) -> Option<OfficialTable> {
    let text = String::from_utf8(zstd::decode_all(bytes).ok()?).ok()?;
    let columns = kind.facts().columns;
    let mut lines = text.lines();
    if lines.next()? != columns.join("\t") {
        return None;
    }
    let rows = lines
        .map(|line| {
            let row: Vec<String> = line.split('\t').map(str::to_owned).collect();
            (row.len() == columns.len()).then_some(row)
        })
        .collect::<Option<Vec<_>>>()?;
    Some(OfficialTable { kind, rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_comes_back_as_it_was_packed_and_a_damaged_one_does_not() {
        let table = OfficialTable {
            kind: OfficialFileKind::GemIcd9Cm,
            rows: vec![vec!["0010".into(), "A000".into(), "00000".into()]],
        };
        let bytes = pack(&table);
        assert_eq!(unpack(OfficialFileKind::GemIcd9Cm, &bytes), Some(table));
        assert_eq!(unpack(OfficialFileKind::Ccsr, &bytes), None);
        assert_eq!(unpack(OfficialFileKind::GemIcd9Cm, &bytes[..bytes.len() - 3]), None);
    }
}
