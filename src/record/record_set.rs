//! A set of records by where their rows stood: distinct records are counted in little memory, and sets of several partitions add up in any order.

use std::hash::{Hash as _, Hasher as _};

use roaring::RoaringTreemap;
use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};

use crate::record::finding::Origin;

/// The number or key of a record, digested, for sets that are only asked whether a record is in them. Two of a million never meet, and it is the same in every run.
pub fn record_digest(record: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    record.hash(&mut hasher);
    hasher.finish()
}

/// A set of records.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordSet(RoaringTreemap);

impl Eq for RecordSet {}

/// Bits of a row's number; the number of its input stands before them. A file of 2^48 rows is larger than any disk.
const ROW_BITS: u32 = 48;

fn place(origin: Origin) -> u64 {
    u64::from(origin.input) << ROW_BITS | origin.row
}

impl RecordSet {
    /// Adds a record; one that is in the set already changes nothing.
    pub fn insert(&mut self, record: Origin) {
        self.0.insert(place(record));
    }

    /// Adds the records of another set.
    pub fn merge(&mut self, other: RecordSet) {
        if self.0.is_empty() {
            self.0 = other.0;
        } else {
            self.0 |= other.0;
        }
    }

    /// Takes out the records of a part; whether all of them were there.
    pub fn take_away(&mut self, part: &RecordSet) -> bool {
        let are_there = part.0.is_subset(&self.0);
        self.0 -= &part.0;
        are_there
    }

    /// How many records there are.
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// How many of them are rows of this input.
    pub fn count_of_input(&self, input: u16) -> u64 {
        let before = |input: u64| match input << ROW_BITS {
            0 => 0,
            first => self.0.rank(first - 1),
        };
        if input == u16::MAX {
            self.count() - before(input.into())
        } else {
            before(u64::from(input) + 1) - before(input.into())
        }
    }
}

impl FromIterator<Origin> for RecordSet {
    fn from_iter<I: IntoIterator<Item = Origin>>(records: I) -> RecordSet {
        RecordSet(records.into_iter().map(place).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn records_are_counted_once_in_all_and_by_input(
            parts in prop::collection::vec(prop::collection::vec((prop_oneof![0u16..3, Just(u16::MAX)], prop_oneof![0u64..40, Just(1 << 33)]), 0..60), 1..5),
        ) {
            let origin = |(input, row): &(u16, u64)| Origin { input: *input, row: *row };
            let mut set = RecordSet::default();
            for part in &parts {
                set.merge(part.iter().map(origin).collect());
            }
            let known: BTreeSet<Origin> = parts.iter().flatten().map(origin).collect();
            prop_assert_eq!(set.count(), known.len() as u64);
            for input in [0, 1, 2, u16::MAX] {
                prop_assert_eq!(set.count_of_input(input), known.iter().filter(|record| record.input == input).count() as u64);
            }
            let mut one_by_one = RecordSet::default();
            known.into_iter().rev().for_each(|record| one_by_one.insert(record));
            prop_assert_eq!(one_by_one, set);
        }
    }
}
