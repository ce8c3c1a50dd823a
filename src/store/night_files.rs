//! What a night leaves for the next one beside its rows: files among the segments, which the catalogue names as it names those. They hold no row, so that they are of
//! no feed.

use std::{io::Write as _, path::Path};

use sha2::{Digest as _, Sha256};

use super::{
    fault,
    segment::{SEGMENTS, Segment},
};
use crate::fs::{FileDigest, FileError, create_private_file, create_private_folder, hexadecimal, remove_file, sync};

/// What a night leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NightFile {
    /// What the records at rest come to.
    Figures,
    /// The same by month of discharge.
    Months,
    /// Which records are of one patient: a table ([`super::lookup`]).
    Stays,
    /// The rows of a segment in blocks ([`super::record_blocks`]).
    Rows,
    /// In which of these blocks a record stands: a table.
    Records,
}

impl NightFile {
    /// Every kind.
    pub const ALL: [NightFile; 5] =
        [NightFile::Figures, NightFile::Months, NightFile::Stays, NightFile::Rows, NightFile::Records];

    /// How its name ends.
    pub fn ending(self) -> &'static str {
        match self {
            NightFile::Figures => ".figures",
            NightFile::Months => ".months",
            NightFile::Stays => ".stays",
            NightFile::Rows => ".rows",
            NightFile::Records => ".records",
        }
    }

    /// Whether a file of the store is of any kind: what it holds can be made anew from the records.
    pub fn is_any(path: &Path) -> bool {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        NightFile::ALL.iter().any(|kind| name.ends_with(kind.ending()))
    }

    /// Its name beside a segment.
    pub fn name(self, stem: &str) -> String {
        format!("{stem}{}", self.ending())
    }

    /// Whether a file that the catalogue names is of this kind.
    pub fn is(self, segment: &Segment) -> bool {
        !segment.holds_rows() && segment.name.ends_with(self.ending())
    }

    /// Writes one. It exists when the catalogue names it.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn write_as(
        self,
        folder: &Path,
        (pipeline, sequence): (&str, u64),
        stem: &str,
        bytes: &[u8],
    ) -> Result<Segment, FileError> {
        let folder = folder.join(SEGMENTS);
        create_private_folder(&folder)?;
        let name = self.name(stem);
        let path = folder.join(&name);
        // What a killed run left there goes.
        remove_file(&path)?;
        create_private_file(&path)?.write_all(bytes).map_err(FileError::write(&path))?;
        sync(&path)?;
        sync(&folder)?;
        let digest = FileDigest { bytes: bytes.len() as u64, sha256: digest_of(bytes) };
        Ok(Segment { name, pipeline: pipeline.to_owned(), sequence, rows: 0, digest, feeds: Vec::new() })
    }

    /// Reads one that the catalogue names.
    ///
    /// # Errors
    /// It is gone, or is not what was written.
    pub fn read(folder: &Path, segment: &Segment) -> Result<Vec<u8>, FileError> {
        let path = folder.join(SEGMENTS).join(&segment.name);
        let bytes = crate::fs::read_if_there(&path)?;
        let bytes = bytes.ok_or_else(|| fault::damaged(&path, "the catalogue names it, and it is gone"))?;
        match digest_of(&bytes) == segment.digest.sha256 {
            true => Ok(bytes),
            false => Err(fault::damaged(&path, "it is not the file that the catalogue names")),
        }
    }
}

/// SHA-256 of a file that would be written.
pub fn digest_of(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}
