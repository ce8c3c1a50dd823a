//! A Parquet file, a row group a partition.

use anyhow::{Context as _, anyhow};
use polars::prelude::{PlSmallStr, PolarsResult};
use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field};
use polars_parquet::write::{
    CompressedPage, CompressionOptions, Descriptor, DynIter, DynStreamingIterator, FileWriter, StatisticsOptions,
    Version, WriteOptions, fallible_streaming_iterator,
};

use crate::{
    examination::columns::column::{Columns, Kind},
    fs::{
        FileError,
        staged_file::{StagedFile, WhatWasSaid},
    },
    run::{
        parquet::{
            levels::Levels,
            page::{PageCompressor, pages},
        },
        results::OutputAccount,
    },
};

/// The type of a column in the file.
fn file_type(kind: Kind) -> ArrowDataType {
    let list = |item| ArrowDataType::LargeList(Box::new(Field::new("item".into(), item, true)));
    match kind {
        Kind::Text => ArrowDataType::Utf8View,
        Kind::Number => ArrowDataType::Int32,
        Kind::Long => ArrowDataType::Int64,
        Kind::Date => ArrowDataType::Date32,
        Kind::Flag => ArrowDataType::Boolean,
        Kind::Texts => list(ArrowDataType::Utf8View),
        Kind::Numbers => list(ArrowDataType::Int32),
        Kind::Dates => list(ArrowDataType::Date32),
    }
}

/// The columns of a file, as encoding needs to know them.
#[derive(Debug, Clone)]
pub struct Encoder {
    descriptors: Vec<Descriptor>,
}

/// One partition, encoded and compressed, ready to be written in its turn.
pub struct EncodedPartition {
    rows: u64,
    pages: Vec<Vec<CompressedPage>>,
}

impl Encoder {
    /// Encodes and compresses the columns of one partition; may run on any thread.
    ///
    /// # Errors
    /// The columns are not those of the file, or one cannot be compressed; no data leads there.
    pub fn encode(&self, columns: Columns) -> anyhow::Result<EncodedPartition> {
        if columns.columns.len() != self.descriptors.len() {
            return Err(anyhow!("the columns of a partition are not those of their file"));
        }
        let mut compressor = PageCompressor::new()?;
        let levels: Vec<Levels> = columns.presence.iter().map(Levels::of).collect();
        let pages: Vec<_> = columns
            .columns
            .into_iter()
            .zip(&self.descriptors)
            // Each column is given up as soon as it is encoded.
            .map(|(column, descriptor)| pages(&column, &levels[column.presence], descriptor, &mut compressor))
            .collect::<anyhow::Result<_>>()?;
        Ok(EncodedPartition { rows: columns.rows as u64, pages })
    }
}

/// Writes partitions, one row group each, in the order they are given.
pub struct ParquetSink {
    writer: FileWriter<StagedFile>,
    said: WhatWasSaid,
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
        columns: impl Iterator<Item = (&'static str, Kind)>,
    ) -> anyhow::Result<(ParquetSink, Encoder)> {
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
        Ok((ParquetSink { writer, said, rows: 0 }, Encoder { descriptors }))
    }

    /// Writes one encoded partition.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&mut self, partition: &EncodedPartition) -> anyhow::Result<()> {
        if partition.rows == 0 {
            return Ok(());
        }
        let columns = partition.pages.iter().map(|pages| {
            let pages = pages.iter().map(PolarsResult::Ok);
            Ok(DynStreamingIterator::new(fallible_streaming_iterator::convert(pages)))
        });
        self.writer
            .write(partition.rows, DynIter::new(columns))
            .map_err(|_| io_fault(&self.said))
            .context("writing the coded records")?;
        self.rows += partition.rows;
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
fn io_fault(said: &WhatWasSaid) -> anyhow::Error {
    anyhow::Error::new(said.error().unwrap_or_else(|| std::io::Error::other("the Parquet file cannot be written")))
}
