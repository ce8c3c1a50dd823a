//! The pages of a column: its distinct values where it has places, and the values, with the least and the greatest and how many are missing.

use anyhow::anyhow;
use polars_parquet::parquet::{
    CowBuffer,
    compression::Compression,
    encoding::{Encoding, hybrid_rle},
    metadata::Descriptor,
    page::{CompressedDataPage, CompressedDictPage, CompressedPage, DataPageHeader, DataPageHeaderV1},
    statistics::ParquetStatistics,
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::nesting_levels::{NestingLevels, append_run};
use crate::examination::columns::column::{Column, ColumnValues};

/// Level of compression of every Parquet file: higher ones cost more time than they save room.
const LEVEL: i32 = 1;
/// Bytes of a text up to which it stands among the statistics of a column: longer ones help no reader.
const LONGEST_BOUND: usize = 256;

/// Compresses the pages of a partition, one after the other: to set a compressor up costs as much as to compress a small page.
pub struct PageCompressor {
    compressor: zstd::bulk::Compressor<'static>,
    room: Vec<u8>,
}

impl PageCompressor {
    /// A compressor.
    ///
    /// # Errors
    /// It cannot be set up, for want of memory.
    pub fn new() -> anyhow::Result<PageCompressor> {
        let compressor = zstd::bulk::Compressor::new(LEVEL).map_err(|_| anyhow!("a compressor cannot be set up"))?;
        Ok(PageCompressor { compressor, room: Vec::new() })
    }

    fn compress(&mut self, bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
        self.room.clear();
        self.room.reserve(zstd::zstd_safe::compress_bound(bytes.len()));
        self.compressor
            .compress_to_buffer(bytes, &mut self.room)
            .map_err(|_| anyhow!("a partition's column cannot be compressed"))?;
        Ok(self.room.clone())
    }
}

/// A column of a partition, encoded and compressed: what its pages in the file are made of. It can be put aside and written later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncodedColumn {
    /// The distinct values, where the column has places.
    dictionary: Option<EncodedPage>,
    /// The levels and the values or their places.
    data: EncodedPage,
    nulls: usize,
    records: usize,
    least: Option<ByteBuf>,
    greatest: Option<ByteBuf>,
}

/// Compressed bytes, with the length that they unpack to and how many values they hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct EncodedPage {
    bytes: ByteBuf,
    length: usize,
    values: usize,
}

/// Encodes and compresses a column.
///
/// # Errors
/// It cannot be compressed, which no data leads to.
pub fn encode(
    column: &Column,
    levels: &NestingLevels,
    compressor: &mut PageCompressor,
) -> anyhow::Result<EncodedColumn> {
    let mut data = levels.bytes.clone();
    let mut page = |bytes: &[u8], values: usize| -> anyhow::Result<EncodedPage> {
        Ok(EncodedPage { bytes: ByteBuf::from(compressor.compress(bytes)?), length: bytes.len(), values })
    };
    let dictionary = match &column.places {
        // A column without any value has no dictionary: not every reader takes an empty one.
        Some(places) if places.is_empty() => None,
        Some(places) => {
            let distinct = column.values.len();
            let bits = (usize::BITS - (distinct - 1).leading_zeros()).max(1);
            data.push(bits as u8);
            if distinct == 1 {
                append_run(&mut data, places.len(), 0);
            } else {
                hybrid_rle::encode::<u32, _, _>(&mut data, places.iter().copied(), bits)
                    .expect("memory takes every byte");
            }
            let mut plain = Vec::new();
            write_plain(&column.values, &mut plain);
            Some(page(&plain, distinct)?)
        }
        None => {
            write_plain(&column.values, &mut data);
            None
        }
    };
    let [least, greatest] = bounds(column);
    Ok(EncodedColumn {
        dictionary,
        data: page(&data, levels.entries)?,
        nulls: levels.nulls,
        records: levels.records,
        least,
        greatest,
    })
}

impl EncodedColumn {
    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        let dictionary = self.dictionary.as_ref().map_or(0, |page| page.bytes.len());
        size_of::<EncodedColumn>() + dictionary + self.data.bytes.len()
    }

    /// The pages of the file.
    pub fn into_pages(self, descriptor: &Descriptor) -> Vec<CompressedPage> {
        let mut pages = Vec::with_capacity(2);
        if let Some(EncodedPage { bytes, length, values }) = self.dictionary {
            let bytes = CowBuffer::Owned(bytes.into_vec());
            pages.push(CompressedPage::Dict(CompressedDictPage::new(bytes, Compression::Zstd, length, values, false)));
        }
        let encoding = if pages.is_empty() { Encoding::Plain } else { Encoding::RleDictionary };
        let header = DataPageHeader::V1(DataPageHeaderV1 {
            num_values: self.data.values as i32,
            encoding: encoding.into(),
            definition_level_encoding: Encoding::Rle.into(),
            repetition_level_encoding: Encoding::Rle.into(),
            statistics: Some(ParquetStatistics {
                max: None,
                min: None,
                null_count: Some(self.nulls as i64),
                distinct_count: None,
                max_value: self.greatest.map(ByteBuf::into_vec),
                min_value: self.least.map(ByteBuf::into_vec),
                is_max_value_exact: None,
                is_min_value_exact: None,
            }),
        });
        let EncodedPage { bytes, length, .. } = self.data;
        let bytes = CowBuffer::Owned(bytes.into_vec());
        let (of, records) = (descriptor.clone(), self.records);
        pages.push(CompressedPage::Data(CompressedDataPage::new(
            header,
            bytes,
            Compression::Zstd,
            length,
            of,
            records,
        )));
        pages
    }
}

/// Appends values in Parquet's plain encoding.
fn write_plain(values: &ColumnValues, plain: &mut Vec<u8>) {
    match values {
        ColumnValues::Texts(texts) => {
            plain.reserve(texts.bytes.len() + 4 * texts.ends.len());
            for text in texts.iter() {
                plain.extend_from_slice(&(text.len() as u32).to_le_bytes());
                plain.extend_from_slice(text);
            }
        }
        ColumnValues::Numbers(numbers) => plain.extend(numbers.iter().flat_map(|number| number.to_le_bytes())),
        ColumnValues::Longs(numbers) => plain.extend(numbers.iter().flat_map(|number| number.to_le_bytes())),
        ColumnValues::Flags(bits, _) => plain.extend_from_slice(bits),
    }
}

/// The least and the greatest value, by which a reader passes over partitions that have none that it looks for.
fn bounds(column: &Column) -> [Option<ByteBuf>; 2] {
    if column.places.as_ref().is_some_and(Vec::is_empty) {
        return [None, None];
    }
    match &column.values {
        ColumnValues::Texts(texts) => {
            let bounds = texts.iter().fold(None, |bounds: Option<(&[u8], &[u8])>, text| match bounds {
                None => Some((text, text)),
                Some((least, greatest)) => Some((least.min(text), greatest.max(text))),
            });
            let bound = |text: &[u8]| Some(ByteBuf::from(text)).filter(|text| text.len() <= LONGEST_BOUND);
            [bounds.and_then(|(least, _)| bound(least)), bounds.and_then(|(_, greatest)| bound(greatest))]
        }
        ColumnValues::Numbers(numbers) => bounds_of(numbers, |number| number.to_le_bytes().to_vec()),
        ColumnValues::Longs(numbers) => bounds_of(numbers, |number| number.to_le_bytes().to_vec()),
        ColumnValues::Flags(bits, count) => {
            let yes = bits.iter().map(|byte| byte.count_ones() as usize).sum::<usize>();
            let bound = |is: bool| Some(ByteBuf::from(vec![u8::from(is)])).filter(|_| *count > 0);
            [bound(yes == *count), bound(yes > 0)]
        }
    }
}

fn bounds_of<N: Ord>(numbers: &[N], bytes: impl Fn(&N) -> Vec<u8>) -> [Option<ByteBuf>; 2] {
    [numbers.iter().min(), numbers.iter().max()].map(|bound| bound.map(|number| ByteBuf::from(bytes(number))))
}
