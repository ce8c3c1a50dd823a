//! Cuts the merged rows into partitions of whole encounters and takes repeated rows out.

use std::io;

use crate::{ingest::sorter::Merge, partition::row::Row, record::finding::Origin};

/// Encounters a partition holds at the most; the unit of parallel work and of a Parquet row group.
pub const PARTITION_ENCOUNTERS: usize = 16_384;
/// Bytes of rows after which a partition ends at the next encounter.
const PARTITION_BYTES: usize = 24 << 20;
/// Bytes of a row, and of the rows before it, from which on a partition ends before it: an examination holds its values several times over.
const LONG_ROW_BYTES: usize = 1 << 20;

/// A row that repeats another one in every column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duplicate {
    /// Where the repeating row stood.
    pub origin: Origin,
    /// Where the row that was kept stood.
    pub of: Origin,
}

/// A bounded set of whole encounters as rows, with what was taken out while cutting.
#[derive(Debug, Default)]
pub struct Cut {
    /// Rows in order, repeated ones removed.
    pub rows: Vec<u8>,
    /// The repeated rows.
    pub duplicates: Vec<Duplicate>,
}

/// The next partition; `None` at the end.
///
/// Two rows are the same when they are of one feed, have the same key and cells, and the same fingerprint over all columns of the physical row,
/// those included that the layout does not map. `room` is what the last partition took: growing step by step would copy the rows twice over.
///
/// # Errors
/// The temporary file of the sorter cannot be read.
pub fn cut(merge: &mut Merge, accepted: &mut Vec<u64>, room: &mut usize) -> io::Result<Option<Cut>> {
    let mut cut = Cut { rows: Vec::with_capacity(*room), ..Cut::default() };
    let mut encounters = 0;
    let mut previous: Option<usize> = None;
    while let Some(row) = merge.row() {
        let same_key = previous.is_some_and(|start| {
            let kept = row_at(&cut.rows, start);
            !row.key().is_empty() && kept.key() == row.key()
        });
        if !same_key {
            let long = row.bytes().len() >= LONG_ROW_BYTES && cut.rows.len() >= LONG_ROW_BYTES;
            if long || encounters == PARTITION_ENCOUNTERS || cut.rows.len() >= PARTITION_BYTES {
                // A blank key is no key: rows without one may be the same row all the same, so they are not parted from their neighbours here.
                let blank_run = row.key().is_empty() && cut.rows.len() < 4 * PARTITION_BYTES;
                if !blank_run {
                    break;
                }
            }
            encounters += 1;
        }
        let repeats = previous.is_some_and(|start| {
            let kept = row_at(&cut.rows, start);
            kept.feed() == row.feed()
                && kept.fingerprint() == row.fingerprint()
                && kept.key() == row.key()
                && kept.content() == row.content()
        });
        if repeats {
            let start = previous.expect("a row it repeats");
            cut.duplicates.push(Duplicate { origin: row.origin(), of: row_at(&cut.rows, start).origin() });
        } else {
            let input = usize::from(row.origin().input);
            if accepted.len() <= input {
                accepted.resize(input + 1, 0);
            }
            accepted[input] += 1;
            previous = Some(cut.rows.len());
            cut.rows.extend_from_slice(row.bytes());
        }
        merge.advance()?;
    }
    *room = cut.rows.len() + cut.rows.len() / 64;
    Ok((!cut.rows.is_empty()).then_some(cut))
}

fn row_at(rows: &[u8], start: usize) -> Row<'_> {
    Row::first(&rows[start..]).expect("the start of a row")
}
