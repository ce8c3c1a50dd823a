//! The files of a segment while its rows come: the rows in columns, and, of rows of encounters, once more in blocks that a few records are read from.

use std::path::{Path, PathBuf};

use super::{
    night_files::NightFile,
    record_blocks::BlockWriter,
    segment::{SEGMENTS, Segment, SegmentWriter},
};
use crate::{
    fs::{FileError, create_private_folder, digest, sync},
    record::record_set::record_digest,
    rows::row::Row,
};

/// Files of a segment that are being written. They exist when the catalogue names them.
pub struct SegmentFiles {
    state: PathBuf,
    segment: Segment,
    rows: SegmentWriter,
    blocks: Option<(BlockWriter, String)>,
}

impl SegmentFiles {
    /// Begins the files of a segment in a state folder. `stem`: its name without an ending; `feeds`: the numbers of its feeds in the catalogue; `blocks`: its rows are of
    /// encounters, or of what hangs on them.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn begin(
        state: &Path,
        (pipeline, sequence): (&str, u64),
        stem: &str,
        feeds: Vec<u64>,
        blocks: bool,
    ) -> Result<SegmentFiles, FileError> {
        let folder = state.join(SEGMENTS);
        create_private_folder(&folder)?;
        let name = format!("{stem}.parquet");
        let rows = SegmentWriter::begin(&folder.join(&name))?;
        let of_blocks = || -> Result<(BlockWriter, String), FileError> {
            let name = NightFile::Rows.name(stem);
            Ok((BlockWriter::begin(&folder.join(&name))?, name))
        };
        let blocks = blocks.then(of_blocks).transpose()?;
        let digest = crate::fs::FileDigest::default();
        let segment = Segment { name, pipeline: pipeline.to_owned(), sequence, rows: 0, digest, feeds };
        Ok(SegmentFiles { state: state.to_owned(), segment, rows, blocks })
    }

    /// Adds a row, in the order of keys; `feed` is the place of its feed in the segment, `input` the number of its input in the catalogue.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn add(&mut self, row: Row<'_>, feed: u8, input: u32) -> Result<(), FileError> {
        if let Some((blocks, _)) = &mut self.blocks {
            blocks.add(row, record_digest(row.key()), (feed, input))?;
        }
        self.rows.add(row, feed, input)
    }

    /// Ends the files and flushes them: the segment, and what lies beside it.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn end(self) -> Result<Vec<Segment>, FileError> {
        let SegmentFiles { state, mut segment, rows, blocks } = self;
        let folder = state.join(SEGMENTS);
        (segment.rows, segment.digest) = rows.end()?;
        let mut written = Vec::new();
        if let Some((blocks, name)) = blocks {
            let records = blocks.end()?;
            let beside =
                Segment { digest: digest(&folder.join(&name))?, name, rows: 0, feeds: Vec::new(), ..segment.clone() };
            let stem = segment.stem();
            written.push(NightFile::Records.write_as(&state, (&segment.pipeline, segment.sequence), stem, &records)?);
            written.push(beside);
        }
        sync(&folder)?;
        written.insert(0, segment);
        Ok(written)
    }
}
