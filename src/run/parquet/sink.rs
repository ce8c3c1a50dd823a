//! A Parquet file, a row group a partition.

use anyhow::{Context as _, anyhow};
use polars::prelude::{PlSmallStr, PolarsResult};
use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field};
use polars_parquet::write::{
    CompressedPage, CompressionOptions, Descriptor, DynIter, DynStreamingIterator, FileWriter, StatisticsOptions,
    Version, WriteOptions, fallible_streaming_iterator,
};
use serde::{Deserialize, Serialize};

use crate::{
    examination::columns::column::{ColumnType, Columns},
    fs::{
        FileError,
        staged_file::{LastSystemError, StagedFile},
    },
    run::{
        outputs::OutputAccount,
        parquet::{
            nesting_levels::NestingLevels,
            page::{EncodedColumn, PageCompressor, encode},
        },
    },
};

/// The type of a column in the file.
fn file_type(kind: ColumnType) -> ArrowDataType {
    let list = |item| ArrowDataType::LargeList(Box::new(Field::new("item".into(), item, true)));
    match kind {
        ColumnType::Text => ArrowDataType::Utf8View,
        ColumnType::Number => ArrowDataType::Int32,
        ColumnType::Long => ArrowDataType::Int64,
        ColumnType::Date => ArrowDataType::Date32,
        ColumnType::Flag => ArrowDataType::Boolean,
        ColumnType::Texts => list(ArrowDataType::Utf8View),
        ColumnType::Numbers => list(ArrowDataType::Int32),
        ColumnType::Dates => list(ArrowDataType::Date32),
    }
}

/// One partition, encoded and compressed, ready to be written in its turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncodedPartition {
    rows: usize,
    columns: Vec<EncodedColumn>,
}

impl EncodedPartition {
    /// Encodes and compresses the columns of one partition; may run on any thread.
    ///
    /// # Errors
    /// A column cannot be compressed; no data leads there.
    pub fn of(columns: Columns) -> anyhow::Result<EncodedPartition> {
        let mut compressor = PageCompressor::new()?;
        let levels: Vec<NestingLevels> = columns.presence.iter().map(NestingLevels::of).collect();
        let encoded: Vec<_> = columns
            .columns
            .into_iter()
            // Each column is given up as soon as it is encoded.
            .map(|column| encode(&column, &levels[column.presence], &mut compressor))
            .collect::<anyhow::Result<_>>()?;
        Ok(EncodedPartition { rows: columns.rows, columns: encoded })
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        self.columns.iter().map(EncodedColumn::bytes).sum()
    }

    /// Puts the columns of `others`, which are of the same records, before the one at this place.
    pub fn insert(&mut self, place: usize, others: EncodedPartition) {
        debug_assert_eq!(self.rows, others.rows);
        self.columns.splice(place..place, others.columns);
    }
}

/// Writes partitions, one row group each, in the order they are given.
pub struct ParquetSink {
    writer: FileWriter<StagedFile>,
    descriptors: Vec<Descriptor>,
    said: LastSystemError,
    /// Rows written so far.
    pub rows: u64,
}

/// A Parquet file that is written whole: its rows, and the file with its digest.
pub struct WrittenRecords {
    rows: u64,
    file: StagedFile,
}

impl WrittenRecords {
    /// The file under its path among the outputs of the run.
    ///
    /// # Errors
    /// The file cannot be flushed.
    pub fn account(self, path: &str) -> Result<OutputAccount, FileError> {
        let digest = self.file.finish()?;
        Ok(OutputAccount { path: path.to_owned(), rows: self.rows, bytes: digest.bytes, sha256: digest.sha256 })
    }
}

impl ParquetSink {
    /// Begins a file with these columns.
    ///
    /// # Errors
    /// The file's head cannot be written.
    pub fn new(
        file: StagedFile,
        columns: impl Iterator<Item = (&'static str, ColumnType)>,
    ) -> anyhow::Result<ParquetSink> {
        let options = WriteOptions {
            statistics: StatisticsOptions::empty(),
            // The pages are handed on compressed.
            compression: CompressionOptions::Uncompressed,
            version: Version::V1,
            data_page_size: None,
        };
        let schema: ArrowSchema = columns
            .map(|(name, kind)| {
                let name: PlSmallStr = name.into();
                (name.clone(), Field::new(name, file_type(kind), true))
            })
            .collect();
        let said = file.what_was_said();
        let writer = FileWriter::try_new(file, schema, options).map_err(|_| io_fault(&said))?;
        let descriptors = writer.parquet_schema().columns().iter().map(|column| column.descriptor.clone()).collect();
        Ok(ParquetSink { writer, descriptors, said, rows: 0 })
    }

    /// Writes one encoded partition.
    ///
    /// # Errors
    /// The file cannot be written, or the columns are not those of the file, where no data leads.
    pub fn write(&mut self, partition: EncodedPartition) -> anyhow::Result<()> {
        let EncodedPartition { rows, columns } = partition;
        if rows == 0 {
            return Ok(());
        }
        if columns.len() != self.descriptors.len() {
            return Err(anyhow!("the columns of a partition are not those of their file"));
        }
        let pages: Vec<Vec<CompressedPage>> =
            columns.into_iter().zip(&self.descriptors).map(|(column, of)| column.into_pages(of)).collect();
        let columns = pages.iter().map(|pages| {
            let pages = pages.iter().map(PolarsResult::Ok);
            Ok(DynStreamingIterator::new(fallible_streaming_iterator::convert(pages)))
        });
        self.writer
            .write(rows as u64, DynIter::new(columns))
            .map_err(|_| io_fault(&self.said))
            .context("writing the coded records")?;
        self.rows += rows as u64;
        Ok(())
    }

    /// Writes the footer.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(mut self) -> anyhow::Result<WrittenRecords> {
        self.writer.end(None).map_err(|_| io_fault(&self.said)).context("finishing the coded records")?;
        Ok(WrittenRecords { rows: self.rows, file: self.writer.into_inner() })
    }
}

/// An error of the writer as what the operating system said of the file: what is written was encoded before, and nothing else can fail. The writer's own text
/// could quote cells, and does not always have what the system said.
fn io_fault(said: &LastSystemError) -> anyhow::Error {
    anyhow::Error::new(said.error().unwrap_or_else(|| std::io::Error::other("the Parquet file cannot be written")))
}
