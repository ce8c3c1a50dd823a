//! What the columns of a partition are built with: dictionaries that are looked up by a text, a key or a number.

use std::hash::{Hash, Hasher as _};

use rustc_hash::{FxHashMap, FxHasher};

use crate::examination::columns::column::{ColumnValues, TextValues};

/// Values, and their places where they are distinct ones: a column without its presence.
pub type Built = (ColumnValues, Option<Vec<u32>>);

/// A dictionary of texts, looked up by the text.
///
/// The table holds hashes and places alone and the texts stand one after the other, as they are written: a map of texts of their own would be several times as
/// large, and most of a look-up is waiting for memory.
#[derive(Debug, Default)]
pub struct Texts {
    /// By hash, and the next free place after it: the hash and one more than the place; 0 where there is none. A power of two.
    table: Vec<(u32, u32)>,
    distinct: TextValues,
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
        self.distinct.bytes_of(place as usize) == text
    }

    fn place_of(&mut self, text: &str) -> u32 {
        if self.distinct.ends.len() * 2 >= self.table.len() {
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
        let place = self.distinct.ends.len() as u32;
        self.table[at] = (hash, place + 1);
        self.distinct.push(text);
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
    pub fn finish(self) -> Built {
        (ColumnValues::Texts(self.distinct), Some(self.places))
    }
}

/// A dictionary whose values have a small key each; `V` are the values: texts, or numbers.
#[derive(Debug)]
pub struct Keyed<K, V = TextValues> {
    known: FxHashMap<K, u32>,
    distinct: V,
    places: Vec<u32>,
    last: Option<(K, u32)>,
}

/// A dictionary of numbers.
pub type Numbers = Keyed<i32, Vec<i32>>;

impl<K, V: Default> Default for Keyed<K, V> {
    fn default() -> Keyed<K, V> {
        Keyed { known: FxHashMap::default(), distinct: V::default(), places: Vec::new(), last: None }
    }
}

impl<K: Hash + Eq + Copy, V> Keyed<K, V> {
    /// The next value; `write` adds it to the distinct ones when it is met first.
    #[inline]
    pub fn push(&mut self, key: K, write: impl FnOnce(&mut V)) {
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
    pub fn enter(&mut self, key: K, write: impl FnOnce(&mut V)) -> u32 {
        let next = self.known.len() as u32;
        let place = *self.known.entry(key).or_insert(next);
        if place == next {
            write(&mut self.distinct);
        }
        place
    }

    /// The next value, by its place.
    #[inline]
    pub fn push_place(&mut self, place: u32) {
        self.places.push(place);
    }
}

impl<K> Keyed<K> {
    /// The values.
    pub fn finish(self) -> Built {
        (ColumnValues::Texts(self.distinct), Some(self.places))
    }
}

impl Numbers {
    /// The next number.
    #[inline]
    pub fn number(&mut self, number: i32) {
        self.push(number, |distinct| distinct.push(number));
    }

    /// The values.
    pub fn finish(self) -> Built {
        (ColumnValues::Numbers(self.distinct), Some(self.places))
    }
}

const NOT_MET: u32 = u32::MAX;

/// A dictionary whose values have a small number each, looked up by it; a value without a number by its text.
#[derive(Debug, Default)]
pub struct Numbered {
    of_number: Vec<u32>,
    of_text: FxHashMap<Box<str>, u32>,
    distinct: TextValues,
    places: Vec<u32>,
}

impl Numbered {
    /// The next value, by its number; `text` gives it when it is met first.
    #[inline]
    pub fn push<'t>(&mut self, number: usize, text: impl FnOnce() -> &'t str) {
        if number >= self.of_number.len() {
            self.of_number.resize((number + 1).next_power_of_two(), NOT_MET);
        }
        if self.of_number[number] == NOT_MET {
            self.of_number[number] = self.distinct.ends.len() as u32;
            self.distinct.push(text());
        }
        self.places.push(self.of_number[number]);
    }

    /// The next value, which has no number.
    pub fn push_text(&mut self, text: &str) {
        let place = match self.of_text.get(text) {
            Some(place) => *place,
            None => {
                let place = self.distinct.ends.len() as u32;
                self.of_text.insert(text.into(), place);
                self.distinct.push(text);
                place
            }
        };
        self.places.push(place);
    }

    /// The values.
    pub fn finish(self) -> Built {
        (ColumnValues::Texts(self.distinct), Some(self.places))
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
    pub fn finish(self) -> Built {
        (ColumnValues::Flags(self.bytes, self.count), None)
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
            let (ColumnValues::Texts(distinct), Some(places)) = dictionary.finish() else { panic!("a dictionary") };
            let text_at = |place: &u32| String::from_utf8_lossy(distinct.bytes_of(*place as usize)).into_owned();
            prop_assert_eq!(places.iter().map(text_at).collect::<Vec<_>>(), texts.clone());
            prop_assert_eq!(distinct.ends.len(), texts.iter().collect::<std::collections::BTreeSet<_>>().len());
        }
    }
}
