//! The pages of a column: its distinct values where it has places, and the values, with the least and the greatest and how many are missing.

use anyhow::anyhow;
use polars_parquet::parquet::{
    CowBuffer,
    compression::Compression,
    encoding::{Encoding, hybrid_rle::encode},
    metadata::Descriptor,
    page::{CompressedDataPage, CompressedDictPage, CompressedPage, DataPageHeader, DataPageHeaderV1},
    statistics::{BinaryStatistics, BooleanStatistics, PrimitiveStatistics, Statistics},
};

use super::levels::{Levels, append_run};
use crate::examination::columns::column::{Column, Values};

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

/// The pages of a column: the distinct values where it has places, and the values with the levels in front.
///
/// # Errors
/// A page cannot be compressed, which no data leads to.
pub fn pages(
    column: &Column,
    levels: &Levels,
    descriptor: &Descriptor,
    compressor: &mut PageCompressor,
) -> anyhow::Result<Vec<CompressedPage>> {
    let mut data = levels.bytes.clone();
    let mut pages = Vec::with_capacity(2);
    match &column.places {
        // A column without any value has no dictionary: not every reader takes an empty one.
        Some(places) if places.is_empty() => {}
        Some(places) => {
            let distinct = column.values.len();
            let bits = (usize::BITS - (distinct - 1).leading_zeros()).max(1);
            data.push(bits as u8);
            if distinct == 1 {
                append_run(&mut data, places.len(), 0);
            } else {
                encode::<u32, _, _>(&mut data, places.iter().copied(), bits).expect("memory takes every byte");
            }
            let mut plain = Vec::new();
            write_plain(&column.values, &mut plain);
            let compressed = CowBuffer::Owned(compressor.compress(&plain)?);
            let page = CompressedDictPage::new(compressed, Compression::Zstd, plain.len(), distinct, false);
            pages.push(CompressedPage::Dict(page));
        }
        None => write_plain(&column.values, &mut data),
    }
    let encoding = if pages.is_empty() { Encoding::Plain } else { Encoding::RleDictionary };
    let header = DataPageHeader::V1(DataPageHeaderV1 {
        num_values: levels.entries as i32,
        encoding: encoding.into(),
        definition_level_encoding: Encoding::Rle.into(),
        repetition_level_encoding: Encoding::Rle.into(),
        statistics: Some(statistics(column, levels, descriptor).serialize()),
    });
    let compressed = CowBuffer::Owned(compressor.compress(&data)?);
    pages.push(CompressedPage::Data(CompressedDataPage::new(
        header,
        compressed,
        Compression::Zstd,
        data.len(),
        descriptor.clone(),
        levels.records,
    )));
    Ok(pages)
}

/// Appends values in Parquet's plain encoding.
fn write_plain(values: &Values, plain: &mut Vec<u8>) {
    match values {
        Values::Texts(texts) => {
            plain.reserve(texts.bytes.len() + 4 * texts.ends.len());
            for text in texts.iter() {
                plain.extend_from_slice(&(text.len() as u32).to_le_bytes());
                plain.extend_from_slice(text);
            }
        }
        Values::Numbers(numbers) => plain.extend(numbers.iter().flat_map(|number| number.to_le_bytes())),
        Values::Longs(numbers) => plain.extend(numbers.iter().flat_map(|number| number.to_le_bytes())),
        Values::Flags(bits, _) => plain.extend_from_slice(bits),
    }
}

/// The least and the greatest value, by which a reader passes over partitions that have none that it looks for.
fn statistics(column: &Column, levels: &Levels, descriptor: &Descriptor) -> Statistics {
    let primitive_type = descriptor.primitive_type.clone();
    let null_count = Some(levels.nulls as i64);
    let is_empty = column.places.as_ref().is_some_and(Vec::is_empty);
    match &column.values {
        Values::Texts(texts) => {
            let bounds = texts.iter().fold(None, |bounds: Option<(&[u8], &[u8])>, text| match bounds {
                None => Some((text, text)),
                Some((least, greatest)) => Some((least.min(text), greatest.max(text))),
            });
            let bound = |bound: Option<&[u8]>| {
                bound.filter(|text| text.len() <= LONGEST_BOUND && !is_empty).map(<[u8]>::to_vec)
            };
            let (min_value, max_value) = (bound(bounds.map(|bounds| bounds.0)), bound(bounds.map(|bounds| bounds.1)));
            BinaryStatistics { primitive_type, null_count, distinct_count: None, max_value, min_value }.into()
        }
        Values::Numbers(numbers) => numbers_between(numbers, primitive_type, null_count).into(),
        Values::Longs(numbers) => numbers_between(numbers, primitive_type, null_count).into(),
        Values::Flags(bits, count) => {
            let yes = bits.iter().map(|byte| byte.count_ones() as usize).sum::<usize>();
            let (min_value, max_value) = if *count == 0 { (None, None) } else { (Some(yes == *count), Some(yes > 0)) };
            BooleanStatistics { null_count, distinct_count: None, max_value, min_value }.into()
        }
    }
}

fn numbers_between<N: polars_parquet::parquet::types::NativeType + Ord>(
    numbers: &[N],
    primitive_type: polars_parquet::parquet::schema::types::PrimitiveType,
    null_count: Option<i64>,
) -> PrimitiveStatistics<N> {
    let (min_value, max_value) = (numbers.iter().min().copied(), numbers.iter().max().copied());
    PrimitiveStatistics { primitive_type, null_count, distinct_count: None, min_value, max_value }
}
