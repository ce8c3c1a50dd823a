//! The values of a column: by dictionary, or plain.

use std::hash::{Hash, Hasher as _};

use anyhow::anyhow;
use polars_parquet::parquet::{
    CowBuffer,
    compression::Compression,
    encoding::{Encoding, hybrid_rle::encode},
    metadata::Descriptor,
    page::{CompressedDataPage, CompressedDictPage, CompressedPage, DataPageHeader, DataPageHeaderV1},
};
use rustc_hash::{FxHashMap, FxHasher};

use super::levels::{Levels, append_run};

/// Values, ready to be made pages.
#[derive(Debug)]
pub enum Values {
    /// Distinct values in the order they were met, and for every value its place among them.
    Dictionary {
        /// The distinct values, encoded plain.
        plain: Vec<u8>,
        /// How many they are.
        distinct: usize,
        /// Places of the values.
        places: Vec<u32>,
    },
    /// The values themselves, encoded plain.
    Plain(Vec<u8>),
}

impl Values {
    /// The column's pages: the dictionary where there is one, and the values with the levels in front.
    ///
    /// # Errors
    /// A page cannot be compressed, which no data leads to.
    pub fn pages(
        self,
        levels: &Levels,
        descriptor: &Descriptor,
        compressor: &mut PageCompressor,
    ) -> anyhow::Result<Vec<CompressedPage>> {
        let mut data = levels.bytes.clone();
        let mut pages = Vec::with_capacity(2);
        match self {
            // A column without any value has no dictionary: not every reader takes an empty one.
            Values::Dictionary { places, .. } if places.is_empty() => {}
            Values::Dictionary { plain, distinct, places } => {
                let bits = (usize::BITS - (distinct - 1).leading_zeros()).max(1);
                data.push(bits as u8);
                if distinct == 1 {
                    append_run(&mut data, places.len(), 0);
                } else {
                    encode::<u32, _, _>(&mut data, places.iter().copied(), bits).expect("memory takes every byte");
                }
                let compressed = CowBuffer::Owned(compressor.compress(&plain)?);
                let page = CompressedDictPage::new(compressed, Compression::Zstd, plain.len(), distinct, false);
                pages.push(CompressedPage::Dict(page));
            }
            Values::Plain(plain) => data.extend_from_slice(&plain),
        }
        let encoding = if pages.is_empty() { Encoding::Plain } else { Encoding::RleDictionary };
        let header = DataPageHeader::V1(DataPageHeaderV1 {
            num_values: levels.entries as i32,
            encoding: encoding.into(),
            definition_level_encoding: Encoding::Rle.into(),
            repetition_level_encoding: Encoding::Rle.into(),
            statistics: None,
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
}

/// Level of compression: higher ones cost more time than they save room.
const LEVEL: i32 = 1;

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

/// Appends a text, encoded plain.
pub fn write_text(text: &str, plain: &mut Vec<u8>) {
    plain.extend_from_slice(&(text.len() as u32).to_le_bytes());
    plain.extend_from_slice(text.as_bytes());
}

/// A dictionary of texts, looked up by the text.
///
/// The table holds hashes and places alone and the texts stand one after the other, as they are written: a map of texts of their own would be several times as
/// large, and most of a look-up is waiting for memory.
#[derive(Debug, Default)]
pub struct Texts {
    /// By hash, and the next free place after it: the hash and one more than the place; 0 where there is none. A power of two.
    table: Vec<(u32, u32)>,
    plain: Vec<u8>,
    /// Where each distinct text stands in `plain`.
    stands: Vec<(u32, u32)>,
    places: Vec<u32>,
}

impl Texts {
    /// The next text. Neighbours are often alike.
    #[inline]
    pub fn push(&mut self, text: &str) {
        let last = self.places.last().copied().filter(|place| self.is(*place, text.as_bytes()));
        let place = last.unwrap_or_else(|| self.place_of(text));
        self.places.push(place);
    }

    #[inline]
    fn is(&self, place: u32, text: &[u8]) -> bool {
        let (start, end) = self.stands[place as usize];
        self.plain[start as usize..end as usize] == *text
    }

    fn place_of(&mut self, text: &str) -> u32 {
        if self.stands.len() * 2 >= self.table.len() {
            self.grow();
        }
        let mut hasher = FxHasher::default();
        hasher.write(text.as_bytes());
        let hash = (hasher.finish() >> 32) as u32;
        let last = self.table.len() - 1;
        let mut at = hash as usize & last;
        loop {
            match self.table[at] {
                (_, 0) => break,
                (known, next) if known == hash && self.is(next - 1, text.as_bytes()) => return next - 1,
                _ => at = (at + 1) & last,
            }
        }
        let place = self.stands.len() as u32;
        self.table[at] = (hash, place + 1);
        write_text(text, &mut self.plain);
        self.stands.push(((self.plain.len() - text.len()) as u32, self.plain.len() as u32));
        place
    }

    fn grow(&mut self) {
        let room = (self.table.len() * 2).max(64);
        for (hash, next) in std::mem::replace(&mut self.table, vec![(0, 0); room]) {
            if next == 0 {
                continue;
            }
            let mut at = hash as usize & (room - 1);
            while self.table[at].1 != 0 {
                at = (at + 1) & (room - 1);
            }
            self.table[at] = (hash, next);
        }
    }

    /// The values.
    pub fn finish(self) -> Values {
        Values::Dictionary { plain: self.plain, distinct: self.stands.len(), places: self.places }
    }
}

/// A dictionary whose values have a small key each.
#[derive(Debug)]
pub struct Keyed<K> {
    known: FxHashMap<K, u32>,
    plain: Vec<u8>,
    places: Vec<u32>,
    last: Option<(K, u32)>,
}

impl<K> Default for Keyed<K> {
    fn default() -> Keyed<K> {
        Keyed { known: FxHashMap::default(), plain: Vec::new(), places: Vec::new(), last: None }
    }
}

impl<K: Hash + Eq + Copy> Keyed<K> {
    /// The next value; `write` gives its bytes when it is met first.
    #[inline]
    pub fn push(&mut self, key: K, write: impl FnOnce(&mut Vec<u8>)) {
        let place = match self.last {
            Some((last, place)) if last == key => place,
            _ => {
                let place = self.enter(key, write);
                self.last = Some((key, place));
                place
            }
        };
        self.places.push(place);
    }

    /// The place of a value in the dictionary, without a value of the column.
    #[inline]
    pub fn enter(&mut self, key: K, write: impl FnOnce(&mut Vec<u8>)) -> u32 {
        let next = self.known.len() as u32;
        let place = *self.known.entry(key).or_insert(next);
        if place == next {
            write(&mut self.plain);
        }
        place
    }

    /// The next value, by its place.
    #[inline]
    pub fn push_place(&mut self, place: u32) {
        self.places.push(place);
    }

    /// The values.
    pub fn finish(self) -> Values {
        Values::Dictionary { plain: self.plain, distinct: self.known.len(), places: self.places }
    }
}

impl Keyed<i32> {
    /// The next number.
    #[inline]
    pub fn number(&mut self, number: i32) {
        self.push(number, |plain| plain.extend_from_slice(&number.to_le_bytes()));
    }
}

const NOT_MET: u32 = u32::MAX;

/// A dictionary whose values have a small number each, looked up by it; a value without a number by its text.
#[derive(Debug, Default)]
pub struct Numbered {
    of_number: Vec<u32>,
    of_text: FxHashMap<Box<str>, u32>,
    distinct: u32,
    plain: Vec<u8>,
    places: Vec<u32>,
}

impl Numbered {
    /// The next value, by its number; `write` gives its bytes when it is met first.
    #[inline]
    pub fn push(&mut self, number: usize, write: impl FnOnce(&mut Vec<u8>)) {
        if number >= self.of_number.len() {
            self.of_number.resize((number + 1).next_power_of_two(), NOT_MET);
        }
        if self.of_number[number] == NOT_MET {
            self.of_number[number] = self.distinct;
            self.distinct += 1;
            write(&mut self.plain);
        }
        self.places.push(self.of_number[number]);
    }

    /// The next value, which has no number.
    pub fn push_text(&mut self, text: &str) {
        let place = match self.of_text.get(text) {
            Some(place) => *place,
            None => {
                self.of_text.insert(text.into(), self.distinct);
                self.distinct += 1;
                write_text(text, &mut self.plain);
                self.distinct - 1
            }
        };
        self.places.push(place);
    }

    /// The values.
    pub fn finish(self) -> Values {
        Values::Dictionary { plain: self.plain, distinct: self.distinct as usize, places: self.places }
    }
}

/// Yes and no, eight values a byte.
#[derive(Debug, Default)]
pub struct Flags {
    bytes: Vec<u8>,
    count: usize,
}

impl Flags {
    /// The next flag.
    #[inline]
    pub fn push(&mut self, flag: bool) {
        let place = self.count % 8;
        if place == 0 {
            self.bytes.push(0);
        }
        if let Some(byte) = self.bytes.last_mut() {
            *byte |= u8::from(flag) << place;
        }
        self.count += 1;
    }

    /// The values.
    pub fn finish(self) -> Values {
        Values::Plain(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Every value is found again by its place, and no text stands twice.
        #[test]
        fn a_dictionary_of_texts_gives_every_text_back(texts in prop::collection::vec("[a-c]{0,3}", 0..400)) {
            let mut dictionary = Texts::default();
            texts.iter().for_each(|text| dictionary.push(text));
            let (stands, plain) = (dictionary.stands.clone(), dictionary.plain.clone());
            let Values::Dictionary { distinct, places, .. } = dictionary.finish() else { panic!("a dictionary") };
            let text_at = |place: &u32| {
                let (start, end) = stands[*place as usize];
                String::from_utf8_lossy(&plain[start as usize..end as usize]).into_owned()
            };
            prop_assert_eq!(places.iter().map(text_at).collect::<Vec<_>>(), texts.clone());
            prop_assert_eq!(distinct, texts.iter().collect::<std::collections::BTreeSet<_>>().len());
        }
    }
}
