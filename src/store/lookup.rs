//! A table of numbers by number that lies in a file: of millions of entries a few thousand are looked up, and no more is read than those need.
//!
//! Entries are sorted, 16 octets each: the number that is looked up, and what stands with it; little endian. Behind them stands of every [`STEP`] entries the number of the first
//! and a checksum of them all; then a checksum of these, what a known text is digested to, and twice how many entries there are.

use std::{
    fs::File,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use super::fault;
use crate::{fs::FileError, record::record_set::record_digest};

/// Entries that are read at once.
const STEP: usize = 256;
const ENTRY: usize = 16;
/// What is digested to tell tables whose numbers were digested otherwise.
const KNOWN_TEXT: &[u8] = b"chartroom";

/// The octets of a table of some entries, in any order; the same entry is written once.
pub fn written(mut entries: Vec<(u64, u64)>) -> Vec<u8> {
    entries.sort_unstable();
    entries.dedup();
    let mut octets = Vec::with_capacity(entries.len() * ENTRY + entries.len() / STEP * ENTRY + 64);
    for (number, value) in &entries {
        octets.extend_from_slice(&number.to_le_bytes());
        octets.extend_from_slice(&value.to_le_bytes());
    }
    let steps: Vec<[u64; 2]> =
        octets.chunks(STEP * ENTRY).map(|step| [entry_of(step).0, record_digest(step)]).collect();
    let end = octets.len();
    steps.iter().flatten().for_each(|number| octets.extend_from_slice(&number.to_le_bytes()));
    let of_steps = record_digest(&octets[end..]);
    for number in [of_steps, record_digest(KNOWN_TEXT), entries.len() as u64, entries.len() as u64] {
        octets.extend_from_slice(&number.to_le_bytes());
    }
    octets
}

/// The entries of a table that is read whole; `None` where its length is not what it says.
pub fn entries(octets: &[u8]) -> Option<Vec<(u64, u64)>> {
    let (_, count) = octets.split_last_chunk::<8>()?;
    let count = usize::try_from(u64::from_le_bytes(*count)).ok()?;
    let entries = octets.get(..count.checked_mul(ENTRY)?)?;
    Some(entries.as_chunks::<ENTRY>().0.iter().map(entry).collect())
}

/// The first entry of some.
fn entry_of(octets: &[u8]) -> (u64, u64) {
    octets.first_chunk().map_or((0, 0), entry)
}

fn entry(octets: &[u8; ENTRY]) -> (u64, u64) {
    let number = |at: usize| u64::from_le_bytes(std::array::from_fn(|octet| octets[at + octet]));
    (number(0), number(8))
}

/// A table in a file.
#[derive(Debug)]
pub struct LookupTable {
    path: PathBuf,
    file: File,
    entries: usize,
    /// Of every [`STEP`] entries: the number of the first, and the checksum.
    steps: Vec<(u64, u64)>,
    /// Its numbers are digested as this program does.
    pub is_of_this_edition: bool,
}

impl LookupTable {
    /// Opens a table.
    ///
    /// # Errors
    /// It is gone, cannot be read, or is not as this program writes it.
    pub fn open(path: &Path) -> Result<LookupTable, FileError> {
        let damaged = || fault::damaged(path, "it is not as this program writes it");
        let (file, metadata) = crate::fs::opening::open(path).map_err(FileError::read(path))?;
        let length = metadata.len();
        let mut last = [0; 2 * ENTRY];
        let at = length.checked_sub(last.len() as u64).ok_or_else(damaged)?;
        file.read_exact_at(&mut last, at).map_err(FileError::read(path))?;
        let [(of_steps, known), (entries, again)] = [0, 1].map(|place| entry_of(&last[place * ENTRY..]));
        let entries = usize::try_from(entries).ok().filter(|_| entries == again).ok_or_else(damaged)?;
        let steps = entries.div_ceil(STEP);
        let expected = entries.checked_mul(ENTRY).and_then(|octets| octets.checked_add((steps + 2) * ENTRY));
        if expected.map(|octets| octets as u64) != Some(length) {
            return Err(damaged());
        }
        let mut octets = vec![0; steps * ENTRY];
        file.read_exact_at(&mut octets, (entries * ENTRY) as u64).map_err(FileError::read(path))?;
        let is_of_this_edition = known == record_digest(KNOWN_TEXT);
        if is_of_this_edition && record_digest(&octets) != of_steps {
            return Err(damaged());
        }
        let steps = octets.as_chunks::<ENTRY>().0.iter().map(entry).collect();
        Ok(LookupTable { path: path.to_owned(), file, entries, steps, is_of_this_edition })
    }

    /// The entries of some numbers, which come in order and each once.
    ///
    /// # Errors
    /// The file cannot be read, or is not as it was written.
    pub fn of(&self, numbers: &[u64]) -> Result<Vec<(u64, u64)>, FileError> {
        let mut found = Vec::new();
        // The entries at hand, and where they begin.
        let (mut at_hand, mut octets): (Option<usize>, Vec<u8>) = (None, Vec::new());
        for number in numbers {
            // The entries of one number may begin in the step before the first that begins with it.
            let first = self.steps.partition_point(|(step, _)| step < number).saturating_sub(1);
            for step in first..self.steps.len() {
                if self.steps[step].0 > *number {
                    break;
                }
                if at_hand != Some(step) {
                    let (begin, end) = (step * STEP, ((step + 1) * STEP).min(self.entries));
                    octets.resize((end - begin) * ENTRY, 0);
                    let read = self.file.read_exact_at(&mut octets, (begin * ENTRY) as u64);
                    read.map_err(FileError::read(&self.path))?;
                    if record_digest(&octets) != self.steps[step].1 {
                        return Err(fault::damaged(&self.path, "it is not as this program wrote it"));
                    }
                    at_hand = Some(step);
                }
                let entries = octets.as_chunks::<ENTRY>().0;
                let begin = entries.partition_point(|octets| entry(octets).0 < *number);
                found.extend(entries[begin..].iter().map(entry).take_while(|(own, _)| own == number));
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_looked_up_is_what_a_plain_loop_finds(
            entries in prop::collection::vec((0u64..600, 0u64..4), 0..3000),
            numbers in prop::collection::btree_set(0u64..700, 0..80),
        ) {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("table");
            let octets = written(entries.clone());
            std::fs::write(&path, &octets).expect("written");
            let known: BTreeSet<(u64, u64)> = entries.into_iter().collect();
            prop_assert_eq!(super::entries(&octets), Some(known.iter().copied().collect()));
            let numbers: Vec<u64> = numbers.into_iter().collect();
            let expected: Vec<(u64, u64)> = known.into_iter().filter(|(number, _)| numbers.contains(number)).collect();
            prop_assert_eq!(LookupTable::open(&path).expect("opened").of(&numbers).expect("read"), expected);
        }
    }

    #[test]
    fn an_octet_that_was_changed_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("table");
        let octets = written((0..1000).map(|number| (number * 3, number)).collect());
        let numbers: Vec<u64> = (0..3000).collect();
        let edition = octets.len() - 24..octets.len() - 16;
        for at in (0..octets.len()).step_by(7).filter(|at| !edition.contains(at)) {
            let mut changed = octets.clone();
            changed[at] ^= 1;
            std::fs::write(&path, &changed).expect("written");
            assert!(LookupTable::open(&path).and_then(|table| table.of(&numbers)).is_err(), "octet {at}");
        }
    }

    #[test]
    fn a_table_that_was_cut_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("table");
        let octets = written((0..1000).map(|number| (number, number)).collect());
        for length in [0, 7, octets.len() - 1, octets.len() / 2] {
            std::fs::write(&path, &octets[..length]).expect("written");
            assert!(LookupTable::open(&path).is_err(), "{length} octets");
        }
    }
}
