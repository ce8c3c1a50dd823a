//! Places the rows of a block: physical rows become canonical rows, keyed, with their fingerprint.

use std::hash::Hasher as _;

use crate::{
    ingest::block::{Block, BlockRow},
    partition::{row::RowWriter, slot::Feed},
    record::{finding::Origin, long_text::LONGEST_SHOWN},
};

/// Where the columns of one input go.
#[derive(Debug, Clone)]
pub struct Placement {
    /// Slot of each column by column index; `None` for columns that the layout does not map.
    pub slots: Vec<Option<u8>>,
    /// The column that holds the key: the encounter's number, or the patient's on a patients feed. `None` where it is a constant.
    pub key_column: Option<usize>,
    /// The key where it is a constant.
    pub constant_key: Vec<u8>,
}

/// Appends the canonical rows of a block to `out`; returns how many of their values are longer than a list shows.
///
/// Blank cells are left out. A cell keeps the blanks around its text, so that what stood there can be shown; the key does not.
pub fn place(block: &Block, placement: &Placement, feed: &Feed, feed_index: u8, input: u16, out: &mut Vec<u8>) -> u64 {
    block.rows.iter().map(|row| place_row(block, row, placement, feed, feed_index, input, out)).sum()
}

fn place_row(
    block: &Block,
    row: &BlockRow,
    placement: &Placement,
    feed: &Feed,
    feed_index: u8,
    input: u16,
    out: &mut Vec<u8>,
) -> u64 {
    let key = match placement.key_column {
        Some(column) => block.field(row, column).trim_ascii(),
        None => &placement.constant_key,
    };
    let slot = placement.key_column.and_then(|column| placement.slots[column]);
    let missing =
        slot.map_or_else(|| feed.is_missing(key), |slot| feed.is_missing_in(&feed.slots[usize::from(slot)], key));
    let key = if missing { &[][..] } else { key };
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(block.raw(row));
    let mut writer = RowWriter::begin(out, feed_index, key, Origin { input, row: row.number }, hasher.finish());
    let first = row.first_field as usize;
    let fields = &block.fields[first..first + row.field_count as usize];
    let mut long = 0;
    for (slot, (start, end)) in placement.slots.iter().zip(fields) {
        if start == end {
            continue;
        }
        let Some(slot) = slot else { continue };
        let text = &block.text[*start as usize..*end as usize];
        // A first byte that is no blank says it for nearly every cell.
        if text[0] > b' ' || !text.trim_ascii().is_empty() {
            writer.cell_of(*slot, &block.text, *start as usize, *end as usize);
            long += u64::from(text.len() > LONGEST_SHOWN);
        }
    }
    writer.end();
    long
}
