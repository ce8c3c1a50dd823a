//! Which values are there, as Parquet's levels: of columns of one value a record, and of lists.

use polars_parquet::parquet::encoding::hybrid_rle::encode;

use crate::examination::columns::column::{Lists, Presence, Single};

/// Definition levels of a nullable list of nullable values: no values, a missing value, a value.
const NO_VALUES: u32 = 1;
const MISSING: u32 = 2;
const PRESENT: u32 = 3;

/// The values and gaps of a column, as encoded levels.
#[derive(Debug, Clone)]
pub struct NestingLevels {
    /// Repetition levels (of lists) and definition levels, each with its length in front.
    pub bytes: Vec<u8>,
    /// Values, missing values and empty lists.
    pub entries: usize,
    /// Entries without a value.
    pub nulls: usize,
    /// Records.
    pub records: usize,
}

impl NestingLevels {
    /// The levels of some records. Encoded once for all columns that share them.
    pub fn of(presence: &Presence) -> NestingLevels {
        match presence {
            Presence::Single(single) => of_single(single),
            Presence::Lists(lists) => of_lists(lists),
        }
    }
}

/// Appends a run of one level or place of at most eight bits: its length, then the value.
pub fn append_run(bytes: &mut Vec<u8>, length: usize, value: u8) {
    let mut header = (length as u64) << 1;
    while header >= 0x80 {
        bytes.push(header as u8 | 0x80);
        header >>= 7;
    }
    bytes.push(header as u8);
    bytes.push(value);
}

fn append(bytes: &mut Vec<u8>, levels: impl Iterator<Item = u32>, bits: u32) {
    let start = bytes.len();
    bytes.extend_from_slice(&[0; 4]);
    encode::<u32, _, _>(bytes, levels, bits).expect("memory takes every byte");
    let length = (bytes.len() - start - 4) as u32;
    bytes[start..start + 4].copy_from_slice(&length.to_le_bytes());
}

fn of_single(single: &Single) -> NestingLevels {
    let Single { records, absent } = single;
    let mut bytes = Vec::new();
    if absent.is_empty() || absent.len() == *records {
        let mut run = Vec::new();
        append_run(&mut run, *records, u8::from(absent.is_empty()));
        bytes.extend_from_slice(&(run.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&run);
    } else {
        let mut rest = absent.iter().peekable();
        let levels = (0..*records as u32).map(|record| u32::from(rest.next_if_eq(&&record).is_none()));
        append(&mut bytes, levels, 1);
    }
    NestingLevels { bytes, entries: *records, nulls: absent.len(), records: *records }
}

fn of_lists(lists: &Lists) -> NestingLevels {
    let values = lists.ends.last().copied().unwrap_or(0) as usize;
    let (mut repetition, mut definition) = (Vec::with_capacity(values), Vec::with_capacity(values));
    let mut absent = lists.absent.iter().peekable();
    let mut start = 0;
    for end in &lists.ends {
        if start == *end {
            definition.push(NO_VALUES);
        }
        definition.extend((start..*end).map(|entry| match absent.next_if_eq(&&entry) {
            Some(_) => MISSING,
            None => PRESENT,
        }));
        repetition.push(0);
        repetition.resize(definition.len(), 1);
        start = *end;
    }
    let mut bytes = Vec::new();
    append(&mut bytes, repetition.iter().copied(), 1);
    append(&mut bytes, definition.iter().copied(), 2);
    let nulls = definition.len() - (values - lists.absent.len());
    NestingLevels { bytes, entries: definition.len(), nulls, records: lists.ends.len() }
}
