//! Cuts the merged rows into partitions of whole encounters and takes repeated rows out.
//!
//! An encounter number with more rows than any stay has is no encounter's number: its rows are parted, so that no partition grows with them.

use std::{io, sync::Arc};

use crate::{
    record::finding::Origin,
    rows::{row::Row, sorter::Merge},
};

/// Encounters a partition holds at the most; the unit of parallel work and of a Parquet row group.
pub const PARTITION_ENCOUNTERS: usize = 16_384;
/// Rows of one encounter number that a partition holds at the most: a stay of a year has some thousand documents.
pub const MOST_ROWS_OF_A_NUMBER: usize = 16_384;
/// The same where a feed says how it is delivered: then most of them are older versions, and do not stand.
pub const MOST_VERSIONS_OF_A_NUMBER: usize = 100_000;
/// Bytes of rows after which a partition ends at the next encounter, and bytes of the rows of one number after which it ends within that.
const PARTITION_BYTES: usize = 24 << 20;
/// Bytes of rows after which a further part of one number ends: it is no encounter's number, so each of its rows is examined as one, with findings of its own.
const FURTHER_BYTES: usize = 4 << 20;
/// Bytes of a row, and of the rows before it, from which on a partition ends before it: an examination holds its values several times over.
const LONG_ROW_BYTES: usize = 1 << 20;

/// A row that repeats another one in every column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duplicate {
    /// Where the repeating row stood.
    pub origin: Origin,
    /// Where the row that was kept stood.
    pub of: Origin,
    /// The facility that both name; `None` where they name none, and until it is read ([`super::standing::Deliveries::standing`]).
    pub facility_id: Option<Arc<str>>,
}

/// A bounded set of whole encounters as rows, with what was taken out while cutting.
#[derive(Debug, Default)]
pub struct Cut {
    /// Rows in order, repeated ones removed.
    pub rows: Vec<u8>,
    /// The repeated rows.
    pub duplicates: Vec<Duplicate>,
    /// The first rows are further rows of the number that the last partition ends with: it has more rows, or more bytes, than any stay.
    pub goes_on: bool,
    /// The last rows are of a number of which further rows follow in the next partition.
    pub is_parted: bool,
}

/// What is known of the last partition when the next is cut.
#[derive(Debug)]
pub struct LastCut {
    /// Bytes that it took: growing step by step would copy the rows twice over.
    room: usize,
    is_parted: bool,
    /// Rows of one number that a partition holds at the most.
    most_rows: usize,
}

impl LastCut {
    /// Before the first partition. `has_versions`: a feed says how it is delivered, so that rows of one number may be versions of it.
    pub fn none(has_versions: bool) -> LastCut {
        let most_rows = if has_versions { MOST_VERSIONS_OF_A_NUMBER } else { MOST_ROWS_OF_A_NUMBER };
        LastCut { room: 0, is_parted: false, most_rows }
    }
}

/// The next partition; `None` at the end.
///
/// Two rows are the same when they are of one feed, have the same key and cells, and the same fingerprint over all columns of the physical row,
/// those included that the layout does not map. Such rows are neighbours, and never parted from the first of them.
///
/// # Errors
/// The temporary file of the sorter cannot be read.
pub fn cut(merge: &mut Merge<'_>, accepted: &mut Vec<u64>, last: &mut LastCut) -> io::Result<Option<Cut>> {
    let mut cut = Cut { rows: Vec::with_capacity(last.room), goes_on: last.is_parted, ..Cut::default() };
    let mut encounters = 0;
    let (mut rows_of_number, mut bytes_of_number) = (0, 0);
    let mut previous: Option<usize> = None;
    while let Some(row) = merge.row() {
        let kept = previous.map(|start| row_at(&cut.rows, start));
        let repeated = kept.filter(|kept| {
            kept.feed() == row.feed()
                && kept.fingerprint() == row.fingerprint()
                && kept.key() == row.key()
                && kept.content() == row.content()
        });
        if let Some(kept) = repeated {
            cut.duplicates.push(Duplicate { origin: row.origin(), of: kept.origin(), facility_id: None });
            merge.advance()?;
            continue;
        }
        // A blank key is no key.
        let same_key = kept.is_some_and(|kept| !row.key().is_empty() && kept.key() == row.key());
        if same_key {
            let full = match cut.goes_on && encounters == 1 {
                true => rows_of_number == MOST_ROWS_OF_A_NUMBER || bytes_of_number >= FURTHER_BYTES,
                false => rows_of_number == last.most_rows || bytes_of_number >= most_bytes(rows_of_number),
            };
            if full {
                cut.is_parted = true;
                break;
            }
        } else {
            let long = row.bytes().len() >= LONG_ROW_BYTES && cut.rows.len() >= LONG_ROW_BYTES;
            if long || encounters == PARTITION_ENCOUNTERS || cut.rows.len() >= PARTITION_BYTES {
                break;
            }
            encounters += 1;
            (rows_of_number, bytes_of_number) = (0, 0);
        }
        rows_of_number += 1;
        bytes_of_number += row.bytes().len();
        let input = usize::from(row.origin().input);
        if accepted.len() <= input {
            accepted.resize(input + 1, 0);
        }
        accepted[input] += 1;
        previous = Some(cut.rows.len());
        cut.rows.extend_from_slice(row.bytes());
        merge.advance()?;
    }
    (last.room, last.is_parted) = (cut.rows.len() + cut.rows.len() / 64, cut.is_parted);
    Ok((!cut.rows.is_empty()).then_some(cut))
}

/// Bytes that so many rows of one number may have: versions that do not stand are short, and if all of them stand an examination holds each several times over.
fn most_bytes(rows: usize) -> usize {
    if rows < MOST_ROWS_OF_A_NUMBER { PARTITION_BYTES } else { PARTITION_BYTES / 3 }
}

fn row_at(rows: &[u8], start: usize) -> Row<'_> {
    Row::first(&rows[start..]).expect("the start of a row")
}
