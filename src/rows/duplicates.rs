//! The rows that repeat others, gathered as partitions come and given in the order of the inputs, in bounded memory.

use std::{io, path::PathBuf};

use crate::{
    record::finding::Origin,
    rows::{
        cutter::Duplicate,
        row::{Row, RowWriter},
        sorter::{Sorter, sort_rows},
    },
};

/// Bytes held in memory; what is more goes to a temporary file.
const HELD_BYTES: usize = 16 << 20;
/// Bytes of an origin.
const ORIGIN: usize = 10;

/// The repeated rows of a run.
#[derive(Debug)]
pub struct DuplicateRows(Sorter);

/// An origin whose bytes are in the order of inputs and rows.
fn written(origin: Origin) -> [u8; ORIGIN] {
    let mut bytes = [0; ORIGIN];
    bytes[..2].copy_from_slice(&origin.input.to_be_bytes());
    bytes[2..].copy_from_slice(&origin.row.to_be_bytes());
    bytes
}

fn read(bytes: &[u8]) -> Option<Origin> {
    let (input, row) = bytes.split_first_chunk::<2>()?;
    Some(Origin { input: u16::from_be_bytes(*input), row: u64::from_be_bytes(row.try_into().ok()?) })
}

impl DuplicateRows {
    /// None yet; `scratch` is a folder for what does not fit the memory.
    pub fn new(scratch: PathBuf) -> DuplicateRows {
        DuplicateRows(Sorter::new(scratch, HELD_BYTES))
    }

    /// Adds those of a partition.
    ///
    /// # Errors
    /// The temporary file cannot be written.
    pub fn add(&mut self, duplicates: &[Duplicate]) -> io::Result<()> {
        let mut rows = Vec::new();
        for Duplicate { origin, of, facility_id } in duplicates {
            let mut writer = RowWriter::begin(&mut rows, 0, &written(*origin), *origin, 0);
            writer.cell(0, &written(*of));
            if let Some(facility_id) = facility_id {
                writer.cell(1, facility_id.as_bytes());
            }
            writer.end();
        }
        self.0.add(sort_rows(rows))
    }

    /// Gives every one, by input and row.
    ///
    /// # Errors
    /// The temporary file cannot be read, or `give` failed.
    pub fn each<E: From<io::Error>>(self, mut give: impl FnMut(Duplicate) -> Result<(), E>) -> Result<(), E> {
        let mut merge = self.0.into_merge()?;
        while let Some(row) = merge.row() {
            if let Some(duplicate) = duplicate(row) {
                give(duplicate)?;
            }
            merge.advance()?;
        }
        Ok(())
    }
}

fn duplicate(row: Row<'_>) -> Option<Duplicate> {
    let mut cells = row.cells().map(|(_, bytes)| bytes);
    let of = read(cells.next()?)?;
    let facility_id = cells.next().map(|facility_id| String::from_utf8_lossy(facility_id).into());
    Some(Duplicate { origin: row.origin(), of, facility_id })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn duplicates_come_back_in_the_order_of_inputs_and_rows(
            parts in prop::collection::vec(prop::collection::vec((0u16..400, any::<u64>(), 0u16..400, any::<u64>(), "[A-C]{0,2}"), 0..50), 0..4),
        ) {
            let origin = |input, row| Origin { input, row };
            let duplicate = |(input, row, of, row_of, facility): &(u16, u64, u16, u64, String)| Duplicate {
                origin: origin(*input, *row),
                of: origin(*of, *row_of),
                facility_id: Some(facility.as_str()).filter(|facility| !facility.is_empty()).map(Into::into),
            };
            let mut known: Vec<Duplicate> = parts.iter().flatten().map(duplicate).collect();
            known.sort_unstable();
            let scratch = tempfile::tempdir().expect("a folder");
            let mut duplicates = DuplicateRows::new(scratch.path().to_path_buf());
            for part in &parts {
                duplicates.add(&part.iter().map(duplicate).collect::<Vec<_>>()).expect("held");
            }
            let mut given = Vec::new();
            duplicates.each::<io::Error>(|duplicate| { given.push(duplicate); Ok(()) }).expect("given");
            prop_assert_eq!(given, known);
        }
    }
}
