//! A segment: the canonical rows that one run took, in one Parquet file that is never changed. It exists when the catalogue names it.
//!
//! A row has its feed, the number of its input, its row in that, its key and its cells as the export has them, not blank ones only (`crate::rows::row`). The columns:
//!
//! | column | what |
//! | --- | --- |
//! | `feed` | place of the feed among those of the segment |
//! | `input` | number of the input in the catalogue |
//! | `row` | row in it |
//! | `fingerprint` | of the whole physical row |
//! | `facility` | bytes of the facility at the end of the key, with the zero byte before it |
//! | `key` | the number, with the facility where numbers are each facility's own |
//! | `cells` | the cells that are not blank |

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use polars::prelude::{
    BinaryChunked, BinaryType, ChunkedArray, Column, DataFrame, DataType, IntoColumn, NewChunkedArray,
    ParquetCompression, ParquetReader, ParquetWriter, Schema, SerReader, UInt32Type, UInt64Type,
};

use super::content::Content;
use crate::{
    fs::{FileDigest, FileError, create_private_file, digest, probe::can_write, remove_file, sync, uninterrupted},
    record::finding::Origin,
    rows::row::{Row, RowParts, write_parts},
};

/// Folder of the segments in the state folder.
pub const SEGMENTS: &str = "segments";
/// Rows of a row group.
const ROWS_OF_GROUP: usize = 1 << 16;
const COLUMNS: [&str; 7] = ["feed", "input", "row", "fingerprint", "facility", "key", "cells"];

/// A segment that the catalogue names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Name of the file among the segments.
    pub name: String,
    /// Title of the pipeline whose records it holds.
    pub pipeline: String,
    /// The run that took them.
    pub sequence: u64,
    /// Rows.
    pub rows: u64,
    /// Size and SHA-256 of the file.
    pub digest: FileDigest,
    /// Numbers of the feeds in the catalogue, by the place that rows have.
    pub feeds: Vec<u64>,
}

impl Segment {
    /// Whether it holds rows. What a night leaves beside its rows is of no feed ([`super::night_files`]).
    pub fn holds_rows(&self) -> bool {
        !self.feeds.is_empty()
    }

    /// Whether it has the rows that could not be read, and with them those of patients and registers: they are of a feed without a name.
    pub fn holds_quarantine(&self, content: &Content) -> bool {
        let is_quarantine = |number: &u64| {
            let feed = usize::try_from(*number).ok().and_then(|number| content.feeds.get(number));
            feed.is_some_and(|feed| feed.name.is_empty())
        };
        self.feeds.iter().any(is_quarantine)
    }

    /// Its name without the ending.
    pub fn stem(&self) -> &str {
        self.name.split('.').next().unwrap_or_default()
    }
}

/// What a segment's columns are called and hold.
fn schema() -> Schema {
    let types = [
        DataType::UInt32,
        DataType::UInt32,
        DataType::UInt64,
        DataType::UInt64,
        DataType::UInt32,
        DataType::Binary,
        DataType::Binary,
    ];
    COLUMNS.into_iter().map(Into::into).zip(types).collect()
}

/// A file whose writing goes on where a signal interrupts it: the writer of columns takes that for an error of the disk.
struct SteadyFile(File);

impl Write for SteadyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        uninterrupted(|| self.0.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        uninterrupted(|| self.0.flush())
    }
}

/// Writes a segment while its rows come.
pub struct SegmentWriter {
    path: PathBuf,
    writer: polars::io::parquet::write::BatchedWriter<SteadyFile>,
    group: Group,
    rows: u64,
}

#[derive(Default)]
struct Group {
    numbers: [Vec<u32>; 3],
    places: [Vec<u64>; 2],
    keys: Vec<Vec<u8>>,
    cells: Vec<Vec<u8>>,
}

impl SegmentWriter {
    /// Begins a segment at a path; what a killed run left there goes.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn begin(path: &Path) -> Result<SegmentWriter, FileError> {
        remove_file(path)?;
        let file = create_private_file(path)?;
        // Its own level, 3: cells of one column and file are much alike.
        let writer =
            ParquetWriter::new(SteadyFile(file)).with_compression(ParquetCompression::Zstd(None)).batched(&schema());
        let writer = writer.map_err(|error| failed(path, &error))?;
        Ok(SegmentWriter { path: path.to_owned(), writer, group: Group::default(), rows: 0 })
    }

    /// Adds a row; `feed` is the place of its feed in the segment, `input` the number of its input in the catalogue.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn add(&mut self, row: Row<'_>, feed: u8, input: u32) -> Result<(), FileError> {
        let RowParts { feed: _, facility, origin, fingerprint, key, content } = row.parts();
        let Group { numbers: [feeds, inputs, facilities], places: [rows, fingerprints], keys, cells } = &mut self.group;
        feeds.push(feed.into());
        inputs.push(input);
        facilities.push(facility.into());
        rows.push(origin.row);
        fingerprints.push(fingerprint);
        keys.push(key.to_vec());
        cells.push(content.to_vec());
        self.rows += 1;
        if self.group.keys.len() == ROWS_OF_GROUP { self.write_group() } else { Ok(()) }
    }

    fn write_group(&mut self) -> Result<(), FileError> {
        let Group { numbers: [feeds, inputs, facilities], places: [rows, fingerprints], keys, cells } =
            std::mem::take(&mut self.group);
        let height = keys.len();
        let number =
            |name: &str, values: Vec<u32>| ChunkedArray::<UInt32Type>::from_vec(name.into(), values).into_column();
        let place =
            |name: &str, values: Vec<u64>| ChunkedArray::<UInt64Type>::from_vec(name.into(), values).into_column();
        let octets = |name: &str, values: Vec<Vec<u8>>| {
            ChunkedArray::<BinaryType>::from_slice(name.into(), &values).into_column()
        };
        let columns: Vec<Column> = vec![
            number("feed", feeds),
            number("input", inputs),
            place("row", rows),
            place("fingerprint", fingerprints),
            number("facility", facilities),
            octets("key", keys),
            octets("cells", cells),
        ];
        let frame = DataFrame::new(height, columns).map_err(|error| failed(&self.path, &error))?;
        self.writer.write_batch(&frame).map_err(|error| failed(&self.path, &error))
    }

    /// Ends the segment and flushes it: its rows, and size and digest of the file.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn end(mut self) -> Result<(u64, FileDigest), FileError> {
        if !self.group.keys.is_empty() {
            self.write_group()?;
        }
        self.writer.finish().map_err(|error| failed(&self.path, &error))?;
        sync(&self.path)?;
        Ok((self.rows, digest(&self.path)?))
    }
}

/// What the system said, if anything did; texts of the library may quote cells.
fn failed(path: &Path, error: &polars::prelude::PolarsError) -> FileError {
    let said = match error {
        polars::prelude::PolarsError::IO { error, .. } => error.raw_os_error().map(std::io::Error::from_raw_os_error),
        _ => None,
    };
    // The library keeps the answer of the system to itself: it is asked for again.
    match said {
        Some(said) => FileError::write(path)(said),
        None => match can_write(crate::fs::folder_of(path)) {
            Err(FileError::Write { source, .. }) => FileError::write(path)(source),
            _ => FileError::write(path)(std::io::Error::other("the columns of a segment cannot be written")),
        },
    }
}

/// Gives the places that the rows of a feed and an input have in a run; `None` leaves them out.
pub type PlaceOf<'p> = &'p (dyn Fn(u32, u32) -> Option<(u8, u16)> + Sync);
/// Writes the cells of a feed's row for another layout; `None` leaves them as they are.
pub type Translate<'t> = &'t (dyn Fn(u32, &[u8]) -> Option<Vec<u8>> + Sync);

/// Goes through the rows of a segment, a group at a time: `take` is handed rows as bytes. `feed` and `input` give the places that the rows have in this run, `None` for rows
/// that are left out; `cells` may write them for another layout.
///
/// # Errors
/// [`FileError::Damaged`] where the file is not what was written; the error of `take`.
pub fn read<E: From<FileError>>(
    path: &Path,
    segment: &Segment,
    place: PlaceOf<'_>,
    cells: Translate<'_>,
    take: &mut dyn FnMut(Vec<u8>) -> Result<(), E>,
) -> Result<(), E> {
    let damaged = || super::fault::damaged(path, "it is not the segment that the catalogue names");
    if path.symlink_metadata().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
        return Err(super::fault::damaged(path, "the catalogue names it, and it is gone").into());
    }
    if digest(path)? != segment.digest {
        return Err(damaged().into());
    }
    let (mut start, total) = (0, usize::try_from(segment.rows).unwrap_or(usize::MAX));
    while start < total {
        let (file, _) = crate::fs::opening::open(path).map_err(FileError::read(path))?;
        let frame =
            ParquetReader::new(file).with_slice(Some((start, ROWS_OF_GROUP))).finish().map_err(|_| damaged())?;
        if frame.height() == 0 {
            return Err(damaged().into());
        }
        start += frame.height();
        take(rows_of(&frame, place, cells).ok_or_else(damaged)?)?;
    }
    Ok(())
}

fn rows_of(frame: &DataFrame, place: PlaceOf<'_>, translate: Translate<'_>) -> Option<Vec<u8>> {
    let number = |name: &str| frame.column(name).ok()?.u32().ok().cloned();
    let long = |name: &str| frame.column(name).ok()?.u64().ok().cloned();
    let octets = |name: &str| -> Option<BinaryChunked> { frame.column(name).ok()?.binary().ok().cloned() };
    let (feeds, inputs, facilities) = (number("feed")?, number("input")?, number("facility")?);
    let (rows, fingerprints, keys, cells) = (long("row")?, long("fingerprint")?, octets("key")?, octets("cells")?);
    let mut buffer = Vec::with_capacity(frame.height() * 256);
    for at in 0..frame.height() {
        let feed = feeds.get(at)?;
        let Some((own, input)) = place(feed, inputs.get(at)?) else { continue };
        let content = cells.get(at)?;
        let other = translate(feed, content);
        let parts = RowParts {
            feed: own,
            facility: u8::try_from(facilities.get(at)?).ok()?,
            origin: Origin { input, row: rows.get(at)? },
            fingerprint: fingerprints.get(at)?,
            key: keys.get(at)?,
            content: other.as_deref().unwrap_or(content),
        };
        write_parts(&mut buffer, &parts);
    }
    Some(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::row::RowWriter;

    #[test]
    fn the_rows_of_a_segment_come_back_as_they_were_and_a_file_that_was_changed_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("1.parquet");
        let mut rows = Vec::new();
        for row in 1..=(ROWS_OF_GROUP as u64 + 5) {
            let (number, facility) = (format!("A{}", row % 1000), if row % 2 == 0 { "0042" } else { "" });
            let key = (number.as_bytes(), facility.as_bytes());
            let mut writer = RowWriter::begin_of_facility(&mut rows, 1, key, Origin { input: 3, row }, row * 7);
            writer.version(b"2026-10-05");
            writer.cell(0, number.as_bytes());
            writer.cell(9, &[0xff, 0, b'x']);
            writer.end();
        }
        let mut writer = SegmentWriter::begin(&path).expect("begun");
        for row in Row::all(&rows) {
            writer.add(row, row.feed(), 30).expect("added");
        }
        let (count, digest) = writer.end().expect("ended");
        let segment = Segment {
            name: "1.parquet".to_owned(),
            pipeline: "Nightly".to_owned(),
            sequence: 1,
            rows: count,
            digest,
            feeds: vec![1, 2],
        };
        let mut again = Vec::new();
        let mut take = |rows: Vec<u8>| -> Result<(), FileError> {
            again.extend(rows);
            Ok(())
        };
        let place = |feed: u32, input: u32| Some((feed as u8, (input / 10) as u16));
        read(&path, &segment, &place, &|_, _| None, &mut take).expect("read");
        assert_eq!(count, ROWS_OF_GROUP as u64 + 5);
        assert!(again == rows, "every row is what it was");
        let mut octets = std::fs::read(&path).expect("read");
        let middle = octets.len() / 2;
        octets[middle] ^= 1;
        std::fs::write(&path, octets).expect("written");
        let told = read(&path, &segment, &place, &|_, _| None, &mut |_| Ok::<(), FileError>(())).expect_err("told");
        assert!(told.to_string().contains("it is not the segment that the catalogue names"), "{told}");
    }
}
