//! The store: a folder with an index and one compressed table a release. The index is written last, so a table that it does not name is none.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::{
    codeset::{
        gem::Gem,
        release::{
            OfficialTable,
            exempt::ExemptCodes,
            extend::Later,
            kind::OfficialFileKind,
            stored::{INDEX, StoredFile, StoredIndex, read_index, unpack},
        },
        sets::{GemDirection, SHIPPED_NEWEST},
    },
    fs::{self, FileError, lock::Lock},
    record::{code::CodeSystem, date::Day},
};

/// What to do with a table that is not what was stored.
const TABLE_TO_DO: &str =
    "Put the file of an earlier backup in its place, or import its release again (chartroom codeset import)";

/// A table of a store that is not what this program wrote. A run ends with it, before anything is published.
pub fn damaged(path: &Path, what: &str) -> FileError {
    FileError::Damaged { path: path.to_owned(), line: None, what: what.to_owned(), to_do: TABLE_TO_DO }
}

/// A store of releases.
#[derive(Debug)]
pub struct ReleaseStore {
    folder: PathBuf,
    /// What it holds.
    pub index: StoredIndex,
}

impl ReleaseStore {
    /// Opens a store; a folder that is not there, or has no index, is an empty one.
    ///
    /// # Errors
    /// The index cannot be read or is damaged.
    pub fn open(folder: &Path) -> Result<ReleaseStore, FileError> {
        let index = read_index(folder)?.map_or_else(StoredIndex::default, |(index, _)| index);
        Ok(ReleaseStore { folder: folder.to_owned(), index })
    }

    /// Opens a store to write to it; one at a time.
    ///
    /// # Errors
    /// As [`ReleaseStore::open`]; [`FileError::Busy`] while another import is at work.
    pub fn open_to_write(folder: &Path) -> Result<(ReleaseStore, Lock), FileError> {
        let lock = Lock::acquire(folder)?;
        Ok((ReleaseStore::open(folder)?, lock))
    }

    /// The table of a release.
    ///
    /// # Errors
    /// It is gone or is not the one that was stored.
    pub fn table(&self, entry: &StoredFile) -> Result<OfficialTable, FileError> {
        let path = self.folder.join(&entry.table);
        let kind = entry.kind().ok_or_else(|| damaged(&path, "it is of a kind that this version does not know"))?;
        let bytes = fs::read_if_there(&path)?.ok_or_else(|| damaged(&path, "it is gone"))?;
        if fs::hexadecimal(&Sha256::digest(&bytes)) != entry.table_sha256 {
            return Err(damaged(&path, "it is not the table that was stored"));
        }
        unpack(kind, &bytes).ok_or_else(|| damaged(&path, "it is not the table that was stored"))
    }

    /// Writes tables and then the index that names them; a table that is named no longer is removed.
    ///
    /// # Errors
    /// Something cannot be written; then the former index stands, and with it all that it names.
    pub fn write(&mut self, releases: Vec<(StoredFile, Vec<u8>)>) -> Result<(), FileError> {
        // Where there are tables there is an index: that it is gone is somebody's doing, and not that of a first import that was killed.
        if !self.folder.join(INDEX).is_file() {
            self.write_index(&self.index)?;
        }
        let mut index = self.index.clone();
        let mut replaced = Vec::new();
        for (entry, bytes) in releases {
            let path = self.folder.join(&entry.table);
            // A table that is damaged is written anew. A link, a pipe or a device is none of ours.
            if path.symlink_metadata().is_ok_and(|metadata| !metadata.is_file()) {
                return Err(FileError::Foreign { path });
            }
            fs::write_atomic(&path, &bytes)?;
            replaced.extend(index.put(entry));
        }
        self.write_index(&index)?;
        for old in replaced.iter().filter(|old| !index.releases.iter().any(|entry| entry.table == old.table)) {
            // What stays behind is named by nothing and harms nobody.
            fs::remove_unnamed(&self.folder.join(&old.table));
        }
        self.index = index;
        Ok(())
    }

    fn write_index(&self, index: &StoredIndex) -> Result<(), FileError> {
        let path = self.folder.join(INDEX);
        let text = index.text().map_err(|error| FileError::write(&path)(std::io::Error::other(error)))?;
        fs::write_atomic(&path, &text)
    }

    /// The lists of diagnoses exempt from present-on-admission reporting, each with its days.
    ///
    /// # Errors
    /// As [`ReleaseStore::table`].
    pub fn exempt(&self) -> Result<ExemptCodes, FileError> {
        let mut exempt = ExemptCodes::default();
        for entry in self.index.releases.iter().filter(|entry| entry.kind() == Some(OfficialFileKind::Exempt)) {
            if let Some((from, until)) = entry.first_day().zip(entry.last_day()) {
                let table = self.table(entry)?;
                exempt.add(from, until, table.codes().map(|(code, _)| code));
            }
        }
        Ok(exempt)
    }

    /// The order files, to continue the shipped tables by those that are newer.
    ///
    /// # Errors
    /// As [`ReleaseStore::table`].
    pub fn later(&self) -> Result<Vec<Later>, FileError> {
        let mut later = Vec::new();
        for entry in &self.index.releases {
            let system = match entry.kind() {
                Some(OfficialFileKind::Icd10CmOrder) => CodeSystem::Icd10Cm,
                Some(OfficialFileKind::Icd10PcsOrder) => CodeSystem::Icd10Pcs,
                _ => continue,
            };
            // Earlier ones are known to the tables that ship, day by day.
            if let Some(from) = entry.first_day().filter(|from| *from > SHIPPED_NEWEST) {
                later.push(Later { system, from, table: self.table(entry)? });
            }
        }
        Ok(later)
    }

    /// The newest imported map of a direction, with its entry.
    ///
    /// # Errors
    /// As [`ReleaseStore::table`].
    pub fn map(&self, direction: GemDirection) -> Result<Option<(&StoredFile, Gem)>, FileError> {
        let Some(entry) = self.in_force(direction.kind(), None) else { return Ok(None) };
        let edition = entry.first_day().unwrap_or(Gem::default().edition);
        Ok(Some((entry, Gem::from_rows(&self.table(entry)?.rows, edition))))
    }

    /// The release of a kind by its name.
    pub fn of_release(&self, kind: OfficialFileKind, release: &str) -> Option<&StoredFile> {
        self.index.releases.iter().find(|entry| entry.kind() == Some(kind) && entry.release == release)
    }

    /// The releases that a run makes use of on every day of theirs: exempt lists, and order files newer than the tables that ship.
    pub fn used(&self) -> impl Iterator<Item = &StoredFile> {
        self.index.releases.iter().filter(|entry| match entry.kind() {
            Some(OfficialFileKind::Exempt) => true,
            Some(OfficialFileKind::Icd10CmOrder | OfficialFileKind::Icd10PcsOrder) => {
                entry.first_day().is_some_and(|from| from > SHIPPED_NEWEST)
            }
            _ => false,
        })
    }

    /// The order file of a system that is in force on a day, the latest where several are; on no day, the latest of all.
    pub fn in_force(&self, kind: OfficialFileKind, on: Option<Day>) -> Option<&StoredFile> {
        let of_kind = self.index.releases.iter().filter(|entry| entry.kind() == Some(kind));
        of_kind.filter(|entry| on.is_none_or(|on| entry.is_in_force(on))).max_by_key(|entry| entry.first_day())
    }
}
