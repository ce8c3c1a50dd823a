//! The columns of a partition as plain data, in Arrow's layout: values one after the other, or places among distinct values, and which records have one.
//!
//! A sink writes them as Parquet ([`crate::run::parquet`]), an engine sends them as Arrow ([`crate::engine::arrow`]).

use serde::{Deserialize, Serialize};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ColumnType {
    /// A text.
    Text,
    /// A whole number of 32 bits.
    Number,
    /// A whole number of 64 bits.
    Long,
    /// A day, as days since 1970-01-01.
    Date,
    /// Yes or no.
    Flag,
    /// Texts, in the order of positions.
    Texts,
    /// Whole numbers of 32 bits.
    Numbers,
    /// Days.
    Dates,
}

/// Texts, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TextValues {
    /// Where each ends in the bytes.
    pub ends: Vec<u32>,
    /// The bytes of all.
    pub bytes: Vec<u8>,
}

impl TextValues {
    /// Adds a text.
    #[inline]
    pub fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends.push(self.bytes.len() as u32);
    }

    /// The bytes of a text, which are UTF-8.
    #[inline]
    pub fn bytes_of(&self, place: usize) -> &[u8] {
        let start = if place == 0 { 0 } else { self.ends[place - 1] as usize };
        &self.bytes[start..self.ends[place] as usize]
    }

    /// All texts.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.ends.len()).map(|place| self.bytes_of(place))
    }
}

/// Values of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ColumnValues {
    /// Texts.
    Texts(TextValues),
    /// Whole numbers of 32 bits, or days.
    Numbers(Vec<i32>),
    /// Whole numbers of 64 bits.
    Longs(Vec<i64>),
    /// Yes and no, eight values a byte, the first in the lowest bit; how many there are.
    Flags(Vec<u8>, usize),
}

impl ColumnValues {
    /// How many values there are.
    pub fn len(&self) -> usize {
        match self {
            ColumnValues::Texts(texts) => texts.ends.len(),
            ColumnValues::Numbers(numbers) => numbers.len(),
            ColumnValues::Longs(numbers) => numbers.len(),
            ColumnValues::Flags(_, count) => *count,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The values; where there are places, the distinct ones in the order they were met.
    pub values: ColumnValues,
    /// Of every value its place among the distinct ones.
    pub places: Option<Vec<u32>>,
    /// Which of [`Columns::presence`] says which records have values: lists of the same codes share one.
    pub presence: usize,
}

/// Which records have values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Presence {
    /// At most one value a record.
    Single(Single),
    /// A list a record.
    Lists(Lists),
}

/// Which records have a value, in a column of one value a record.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Single {
    /// Records.
    pub records: usize,
    /// Numbers of the records without a value, in order.
    pub absent: Vec<u32>,
}

impl Single {
    /// So many records that all have a value.
    pub fn of_every(records: usize) -> Single {
        Single { records, absent: Vec::new() }
    }

    /// The next record; hands on whether it has a value.
    #[inline]
    pub fn record(&mut self, present: bool) -> bool {
        if !present {
            self.absent.push(self.records as u32);
        }
        self.records += 1;
        present
    }
}

/// The lengths of the lists of some records, and which of their values are missing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lists {
    /// By record: where its list ends among the entries of all.
    pub ends: Vec<u32>,
    /// Numbers of the entries that have no value, in order.
    pub absent: Vec<u32>,
}

impl Lists {
    /// The next record, by value: whether it is there.
    #[inline]
    pub fn record(&mut self, present: impl Iterator<Item = bool>) {
        let mut entry = self.ends.last().copied().unwrap_or(0);
        for is_present in present {
            if !is_present {
                self.absent.push(entry);
            }
            entry += 1;
        }
        self.ends.push(entry);
    }
}

/// The columns of one partition, in the order of their file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Columns {
    /// Records.
    pub rows: usize,
    /// The columns.
    pub columns: Vec<Column>,
    /// Which records have values.
    pub presence: Vec<Presence>,
}

impl Columns {
    /// No columns yet, of so many records.
    pub fn of(rows: usize) -> Columns {
        Columns { rows, ..Columns::default() }
    }

    /// Adds what says which records have values; several columns may share it.
    pub fn present(&mut self, presence: Presence) -> usize {
        self.presence.push(presence);
        self.presence.len() - 1
    }

    /// Adds a column.
    pub fn push(&mut self, (values, places): (ColumnValues, Option<Vec<u32>>), presence: usize) {
        self.columns.push(Column { values, places, presence });
    }
}
