//! Which values are there: levels of columns of one value a record, and of lists.

use polars_parquet::parquet::encoding::hybrid_rle::encode;

/// Definition levels of a nullable list of nullable values: no values, a missing value, a value.
const NO_VALUES: u32 = 1;
const MISSING: u32 = 2;
const PRESENT: u32 = 3;

/// The values and gaps of a column, as encoded levels.
#[derive(Debug, Clone)]
pub struct Levels {
    /// Repetition levels (of lists) and definition levels, each with its length in front.
    pub bytes: Vec<u8>,
    /// Values, missing values and empty lists.
    pub entries: usize,
    /// Records.
    pub records: usize,
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

/// Which records have a value, in a column of one value a record.
#[derive(Debug, Default)]
pub struct Presence {
    records: usize,
    /// Record numbers without a value, in order.
    absent: Vec<u32>,
}

impl Presence {
    /// So many records that all have a value.
    pub fn of_every(records: usize) -> Presence {
        Presence { records, absent: Vec::new() }
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

    /// The levels of all records.
    pub fn finish(self) -> Levels {
        let mut bytes = Vec::new();
        if self.absent.is_empty() || self.absent.len() == self.records {
            let mut run = Vec::new();
            append_run(&mut run, self.records, u8::from(self.absent.is_empty()));
            bytes.extend_from_slice(&(run.len() as u32).to_le_bytes());
            bytes.extend_from_slice(&run);
        } else {
            let mut absent = self.absent.iter().peekable();
            let levels = (0..self.records as u32).map(|record| u32::from(absent.next_if_eq(&&record).is_none()));
            append(&mut bytes, levels, 1);
        }
        Levels { bytes, entries: self.records, records: self.records }
    }
}

/// The lengths of the lists of some records, and which of their values are missing. Encoded once for all columns that are alike in this.
#[derive(Debug, Default)]
pub struct ListLevels {
    repetition: Vec<u32>,
    definition: Vec<u32>,
    records: usize,
}

impl ListLevels {
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
        append(&mut bytes, self.repetition.iter().copied(), 1);
        append(&mut bytes, self.definition.iter().copied(), 2);
        Levels { bytes, entries: self.definition.len(), records: self.records }
    }
}
