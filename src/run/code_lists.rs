//! Lists of codes as Parquet pages.
//!
//! The columns of diagnoses and procedures are most of what a run writes, and all lists of one record have the same length. So the levels of a list (which
//! value begins a record, which record has none) are encoded once for all columns alike, and every value is a place in the column's dictionary; both follow
//! the Apache Parquet format (data page version 1, `RLE_DICTIONARY`).

use std::hash::Hash;

use anyhow::anyhow;
use polars_parquet::parquet::{
    CowBuffer,
    encoding::{Encoding, hybrid_rle::encode},
    metadata::Descriptor,
    page::{DataPage, DataPageHeader, DataPageHeaderV1, DictPage, Page},
};
use polars_parquet::write::{CompressedPage, CompressionOptions, compress};
use rustc_hash::FxHashMap;

/// What a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListOf {
    /// Texts.
    Text,
    /// Whole numbers of 32 bits.
    Number,
    /// Days.
    Date,
}

/// Definition levels of a nullable list of nullable values: no values, a missing value, a value.
const NO_VALUES: u32 = 1;
const MISSING: u32 = 2;
const PRESENT: u32 = 3;

/// The lengths of the lists of some records, and which of their values are missing, as encoded levels.
#[derive(Debug, Clone)]
pub struct Levels {
    bytes: Vec<u8>,
    /// Values and empty lists.
    entries: usize,
    records: usize,
}

/// Gathers [`Levels`], record by record.
#[derive(Debug, Default)]
pub struct LevelWriter {
    repetition: Vec<u32>,
    definition: Vec<u32>,
    records: usize,
}

impl LevelWriter {
    /// The next record, by value: whether it is there.
    #[inline]
    pub fn record(&mut self, present: impl Iterator<Item = bool>) {
        let start = self.definition.len();
        self.definition.extend(present.map(|present| if present { PRESENT } else { MISSING }));
        if self.definition.len() == start {
            self.definition.push(NO_VALUES);
        }
        self.repetition.push(0);
        self.repetition.resize(self.definition.len(), 1);
        self.records += 1;
    }

    /// The levels of all records.
    pub fn finish(self) -> Levels {
        let mut bytes = Vec::new();
        for (levels, bits) in [(&self.repetition, 1), (&self.definition, 2)] {
            let start = bytes.len();
            bytes.extend_from_slice(&[0; 4]);
            encode::<u32, _, _>(&mut bytes, levels.iter().copied(), bits).expect("memory takes every byte");
            let length = (bytes.len() - start - 4) as u32;
            bytes[start..start + 4].copy_from_slice(&length.to_le_bytes());
        }
        Levels { bytes, entries: self.definition.len(), records: self.records }
    }
}

/// Distinct values of a column in the order they were met, and for every value its place among them.
#[derive(Debug)]
pub struct Dictionary<V> {
    places: FxHashMap<V, u32>,
    plain: Vec<u8>,
    values: Vec<u32>,
}

impl<V: Hash + Eq> Dictionary<V> {
    /// An empty dictionary for about so many values.
    pub fn new(values: usize) -> Dictionary<V> {
        Dictionary { places: FxHashMap::default(), plain: Vec::new(), values: Vec::with_capacity(values) }
    }

    /// The next value; `write` gives its bytes when it is met first.
    #[inline]
    fn push(&mut self, value: V, write: impl FnOnce(&mut Vec<u8>)) {
        let next = self.places.len() as u32;
        let place = *self.places.entry(value).or_insert(next);
        if place == next {
            write(&mut self.plain);
        }
        self.values.push(place);
    }

    /// The column's pages: the dictionary, and the places with the levels in front.
    ///
    /// # Errors
    /// A page cannot be compressed, which no data leads to.
    pub fn pages(
        self,
        levels: &Levels,
        descriptor: &Descriptor,
        compression: CompressionOptions,
    ) -> anyhow::Result<Vec<CompressedPage>> {
        let distinct = self.places.len();
        let mut data = levels.bytes.clone();
        if distinct > 0 {
            let bits = (usize::BITS - (distinct - 1).leading_zeros()).max(1);
            data.push(bits as u8);
            encode::<u32, _, _>(&mut data, self.values.iter().copied(), bits).expect("memory takes every byte");
        }
        let encoding = if distinct > 0 { Encoding::RleDictionary } else { Encoding::Plain };
        let header = DataPageHeader::V1(DataPageHeaderV1 {
            num_values: levels.entries as i32,
            encoding: encoding.into(),
            definition_level_encoding: Encoding::Rle.into(),
            repetition_level_encoding: Encoding::Rle.into(),
            statistics: None,
        });
        // A column without any value has no dictionary: not every reader takes an empty one.
        let dictionary =
            (distinct > 0).then(|| Page::Dict(DictPage::new(CowBuffer::Owned(self.plain), distinct, false)));
        let data = DataPage::new(header, CowBuffer::Owned(data), descriptor.clone(), levels.records);
        dictionary
            .into_iter()
            .chain([Page::Data(data)])
            .map(|page| {
                compress(page, Vec::new(), compression)
                    .map_err(|_| anyhow!("a partition of the coded records cannot be compressed"))
            })
            .collect()
    }
}

impl<'a> Dictionary<&'a str> {
    /// The next text.
    #[inline]
    pub fn text(&mut self, text: &'a str) {
        self.push(text, |plain| write_text(text, plain));
    }
}

impl Dictionary<u16> {
    /// The next text, known by its number.
    #[inline]
    pub fn numbered<'t>(&mut self, number: u16, text: impl FnOnce() -> &'t str) {
        self.push(number, |plain| write_text(text(), plain));
    }
}

impl Dictionary<i32> {
    /// The next number.
    #[inline]
    pub fn number(&mut self, number: i32) {
        self.push(number, |plain| plain.extend_from_slice(&number.to_le_bytes()));
    }
}

/// A code: packed where it is one, else as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code<'a> {
    /// [`crate::partition::encounter::PackedCode::number`].
    Packed(u64),
    /// What stood where no code could be read.
    Written(&'a str),
}

impl<'a> Dictionary<Code<'a>> {
    /// The next code, with its text.
    #[inline]
    pub fn code(&mut self, code: Code<'a>, text: &str) {
        self.push(code, |plain| write_text(text, plain));
    }
}

fn write_text(text: &str, plain: &mut Vec<u8>) {
    plain.extend_from_slice(&(text.len() as u32).to_le_bytes());
    plain.extend_from_slice(text.as_bytes());
}
