//! The rows of a large segment once more, so that those of a few records can be read without the others: in blocks of whole records, compressed each, with a table that says in
//! which blocks a record stands ([`super::lookup`]).
//!
//! A block is its length, four octets little endian, and a Zstandard frame with a checksum. A row in it is: length of the key u16, of the cells u32, feed u8, octets of the facility
//! u8, input u32, row u64, fingerprint u64, key, cells.

use std::{
    fs::File,
    io::Write as _,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use rayon::prelude::*;

use super::{
    fault,
    lookup::{self, LookupTable},
    segment::{PlaceOf, Translate},
};
use crate::{
    fs::{FileError, create_private_file, remove_file, sync},
    record::finding::Origin,
    rows::row::{Row, RowParts, write_parts},
};

/// Octets of rows after which a block ends with the record.
const BLOCK_OCTETS: usize = 8 << 10;
/// Octets of rows that are compressed at once, on all threads.
const AT_A_TIME: usize = 4 << 20;
const LEVEL: i32 = 1;
const HEAD: usize = 2 + 4 + 1 + 1 + 4 + 8 + 8;

/// Writes the blocks while the rows come, in the order of keys.
pub struct BlockWriter {
    path: PathBuf,
    file: File,
    /// Octets written.
    written: u64,
    /// Rows of blocks that are not compressed yet, and of each block: where it ends, and the records in it.
    rows: Vec<u8>,
    blocks: Vec<(usize, Vec<u64>)>,
    /// Records of the block at hand.
    records: Vec<u64>,
    key: Vec<u8>,
    begin: usize,
    /// By record: where its blocks begin.
    places: Vec<(u64, u64)>,
}

impl BlockWriter {
    /// Begins the blocks at a path; what a killed run left there goes.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn begin(path: &Path) -> Result<BlockWriter, FileError> {
        remove_file(path)?;
        Ok(BlockWriter {
            path: path.to_owned(),
            file: create_private_file(path)?,
            written: 0,
            rows: Vec::new(),
            blocks: Vec::new(),
            records: Vec::new(),
            key: Vec::new(),
            begin: 0,
            places: Vec::new(),
        })
    }

    /// Adds a row; `record` is the digest of its key, `feed` the place of its feed in the segment, `input` the number of its input in the catalogue.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn add(&mut self, row: Row<'_>, record: u64, (feed, input): (u8, u32)) -> Result<(), FileError> {
        let RowParts { facility, origin, fingerprint, key, content, .. } = row.parts();
        let is_next = key != self.key.as_slice();
        if is_next && self.rows.len() - self.begin >= BLOCK_OCTETS {
            self.end_block()?;
        }
        if is_next || self.records.is_empty() {
            self.records.push(record);
            self.key.clear();
            self.key.extend_from_slice(key);
        }
        self.rows.extend_from_slice(&(key.len() as u16).to_le_bytes());
        self.rows.extend_from_slice(&(content.len() as u32).to_le_bytes());
        self.rows.extend_from_slice(&[feed, facility]);
        self.rows.extend_from_slice(&input.to_le_bytes());
        self.rows.extend_from_slice(&origin.row.to_le_bytes());
        self.rows.extend_from_slice(&fingerprint.to_le_bytes());
        self.rows.extend_from_slice(key);
        self.rows.extend_from_slice(content);
        // A record of very many rows stands in several blocks.
        if self.rows.len() - self.begin >= AT_A_TIME { self.end_block() } else { Ok(()) }
    }

    fn end_block(&mut self) -> Result<(), FileError> {
        self.blocks.push((self.rows.len(), std::mem::take(&mut self.records)));
        self.begin = self.rows.len();
        if self.rows.len() >= AT_A_TIME { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), FileError> {
        let begins = std::iter::once(0).chain(self.blocks.iter().map(|(end, _)| *end));
        let spans: Vec<(usize, usize)> = begins.zip(self.blocks.iter().map(|(end, _)| *end)).collect();
        let compressed: Vec<std::io::Result<Vec<u8>>> = spans
            .par_iter()
            .map_init(compressor, |own, (begin, end)| {
                own.as_mut().map_err(|fault| fault.kind().into()).and_then(|own| own.compress(&self.rows[*begin..*end]))
            })
            .collect();
        for (block, (_, records)) in compressed.into_iter().zip(std::mem::take(&mut self.blocks)) {
            let block = block.map_err(FileError::write(&self.path))?;
            let written =
                self.file.write_all(&(block.len() as u32).to_le_bytes()).and_then(|()| self.file.write_all(&block));
            written.map_err(FileError::write(&self.path))?;
            self.places.extend(records.into_iter().map(|record| (record, self.written)));
            self.written += block.len() as u64 + 4;
        }
        self.rows.clear();
        self.begin = 0;
        Ok(())
    }

    /// Ends the blocks and flushes them; gives the table of records.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn end(mut self) -> Result<Vec<u8>, FileError> {
        self.end_block()?;
        self.write()?;
        sync(&self.path)?;
        Ok(lookup::written(self.places))
    }
}

fn compressor() -> std::io::Result<zstd::bulk::Compressor<'static>> {
    let mut compressor = zstd::bulk::Compressor::new(LEVEL)?;
    compressor.include_checksum(true)?;
    Ok(compressor)
}

/// Reads the rows of some records, whose digests come in order and each once; as [`super::segment::read`] hands them on, those of other records left out by `is_wanted`.
///
/// # Errors
/// A file is gone or damaged.
pub fn read(
    (blocks, table): (&Path, &LookupTable),
    records: &[u64],
    is_wanted: &(dyn Fn(&[u8]) -> bool + Sync),
    place: PlaceOf<'_>,
    cells: Translate<'_>,
) -> Result<Vec<Vec<u8>>, FileError> {
    let mut places: Vec<u64> = table.of(records)?.into_iter().map(|(_, place)| place).collect();
    places.sort_unstable();
    places.dedup();
    let (file, _) = crate::fs::opening::open(blocks).map_err(FileError::read(blocks))?;
    let damaged = || fault::damaged(blocks, "a block is not as this program writes it");
    let of_block = |at: &u64| -> Result<Vec<u8>, FileError> {
        let mut length = [0; 4];
        file.read_exact_at(&mut length, *at).map_err(FileError::read(blocks))?;
        let length = u32::from_le_bytes(length) as usize;
        if length > 2 * AT_A_TIME {
            return Err(damaged());
        }
        let mut block = vec![0; length];
        file.read_exact_at(&mut block, *at + 4).map_err(FileError::read(blocks))?;
        let rows = zstd::decode_all(block.as_slice()).map_err(|_| damaged())?;
        rows_of(&rows, is_wanted, place, cells).ok_or_else(damaged)
    };
    places
        .par_chunks(64)
        .map(|places| {
            places.iter().try_fold(Vec::new(), |mut all, at| {
                all.extend(of_block(at)?);
                Ok(all)
            })
        })
        .collect()
}

/// The wanted rows of a block, with the numbers that they have in the run; `None` where it is not as this program writes it.
fn rows_of(
    rows: &[u8],
    is_wanted: &(dyn Fn(&[u8]) -> bool + Sync),
    place: PlaceOf<'_>,
    cells: Translate<'_>,
) -> Option<Vec<u8>> {
    let (mut rest, mut found) = (rows, Vec::new());
    while let Some((head, after)) = rest.split_first_chunk::<HEAD>() {
        let key_length = usize::from(u16::from_le_bytes([head[0], head[1]]));
        let length = u32::from_le_bytes([head[2], head[3], head[4], head[5]]) as usize;
        let number = |at: usize| u64::from_le_bytes(std::array::from_fn(|octet| head[at + octet]));
        let (key, after) = after.split_at_checked(key_length)?;
        let (content, after) = after.split_at_checked(length)?;
        rest = after;
        if !is_wanted(key) {
            continue;
        }
        let feed = u32::from(head[6]);
        let input = u32::from_le_bytes([head[8], head[9], head[10], head[11]]);
        let Some((own, input)) = place(feed, input) else { continue };
        let other = cells(feed, content);
        let parts = RowParts {
            feed: own,
            facility: head[7],
            origin: Origin { input, row: number(12) },
            fingerprint: number(20),
            key,
            content: other.as_deref().unwrap_or(content),
        };
        write_parts(&mut found, &parts);
    }
    rest.is_empty().then_some(found)
}
