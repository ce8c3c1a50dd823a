//! Places the rows of a block: physical rows become canonical rows, keyed, with their fingerprint.

use std::{borrow::Cow, hash::Hasher as _};

use crate::{
    ingest::{
        block::{Block, BlockRow},
        mend::{may_be_plain, mended},
    },
    partition::{
        row::RowWriter,
        slot::{Feed, Slot},
    },
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
    /// Where encounter numbers are each facility's own: the column of the facility, or what it is on every row.
    pub facility: Option<FacilityOf>,
    /// What the columns say of how a row is delivered; `None` where nothing is asked of them.
    pub delivery: Option<DeliveryColumns>,
}

/// The columns that say how new a row is and whether it takes its record back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryColumns {
    /// The column that says how new it is.
    pub version: Option<usize>,
    /// The column of the mark, and its texts that take the record back.
    pub deletion: Option<(usize, Vec<String>)>,
}

/// Where a row says whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FacilityOf {
    /// In a column.
    Column(usize),
    /// One on every row.
    Constant(Vec<u8>),
}

/// Appends the canonical rows of a block to `out`; returns how many of their values are longer than a list shows.
///
/// Blank cells are left out. A cell keeps the blanks around its text, so that what stood there can be shown; the key does not. Where a cell is read otherwise
/// than it stands, what is read stands beside it.
pub fn place(block: &Block, placement: &Placement, feed: &Feed, feed_index: u8, input: u16, out: &mut Vec<u8>) -> u64 {
    let repaired: Vec<bool> = feed.slots.iter().map(Slot::is_repaired).collect();
    block.rows.iter().map(|row| place_row(block, row, placement, (feed, &repaired), feed_index, input, out)).sum()
}

fn place_row(
    block: &Block,
    row: &BlockRow,
    placement: &Placement,
    (feed, repaired): (&Feed, &[bool]),
    feed_index: u8,
    input: u16,
    out: &mut Vec<u8>,
) -> u64 {
    let slot_of = |column: usize| placement.slots[column].map(|slot| &feed.slots[usize::from(slot)]);
    let slot = placement.key_column.and_then(slot_of);
    let stated = placement.key_column.map_or(placement.constant_key.as_slice(), |column| block.field(row, column));
    let stated = slot.map_or(Cow::Borrowed(stated.trim_ascii()), |slot| mended(stated, slot, feed));
    let key = canonical_or_nothing(&stated, slot, feed);
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(block.raw(row));
    let origin = Origin { input, row: row.number };
    let mut writer = match &placement.facility {
        None => RowWriter::begin(out, feed_index, key, origin, hasher.finish()),
        Some(FacilityOf::Constant(facility)) => {
            RowWriter::begin_of_facility(out, feed_index, (key, facility), origin, hasher.finish())
        }
        Some(FacilityOf::Column(column)) => {
            let (slot, stated) = (slot_of(*column), block.field(row, *column));
            let stated = slot.map_or(Cow::Borrowed(stated.trim_ascii()), |slot| mended(stated, slot, feed));
            let facility = canonical_or_nothing(&stated, slot, feed);
            RowWriter::begin_of_facility(out, feed_index, (key, facility), origin, hasher.finish())
        }
    };
    if let Some(delivery) = &placement.delivery {
        write_delivery(block, row, delivery, &mut writer);
    }
    let first = row.first_field as usize;
    let fields = &block.fields[first..first + row.field_count as usize];
    let mut long = 0;
    for (at, (slot, (start, end))) in placement.slots.iter().zip(fields).enumerate() {
        if start == end {
            continue;
        }
        let Some(slot) = slot else { continue };
        let text = &block.text[*start as usize..*end as usize];
        // The first and last byte say of nearly every cell that it is read as it stands.
        let is_plain = may_be_plain(text[0]) && text[0] != b'=' && may_be_plain(text[text.len() - 1]);
        if is_plain && !repaired[usize::from(*slot)] {
            writer.cell_of(*slot, &block.text, *start as usize, *end as usize);
            long += u64::from(text.len() > LONGEST_SHOWN);
            if !block.typed_dates.is_empty() && block.typed_dates.binary_search(&((first + at) as u32)).is_ok() {
                writer.typed_date();
            }
            continue;
        }
        let read = mended(text, &feed.slots[usize::from(*slot)], feed);
        if !read.is_empty() {
            writer.cell(*slot, text);
            long += u64::from(text.len() > LONGEST_SHOWN);
            if read.as_ref() != text.trim_ascii() {
                writer.mended(&read);
            }
        }
    }
    writer.end();
    long
}

/// Says how the row is delivered, before its cells.
fn write_delivery(block: &Block, row: &BlockRow, delivery: &DeliveryColumns, writer: &mut RowWriter<'_>) {
    if let Some(column) = delivery.version {
        writer.version(block.field(row, column).trim_ascii());
    }
    if let Some((column, values)) = &delivery.deletion {
        let mark = block.field(row, *column).trim_ascii();
        if values.iter().any(|value| value.trim().as_bytes().eq_ignore_ascii_case(mark)) {
            writer.deletion();
        }
    }
}

/// What a text is as a key: translated as its column says, and nothing where it means nothing.
fn canonical_or_nothing<'a>(stated: &'a [u8], slot: Option<&'a Slot>, feed: &Feed) -> &'a [u8] {
    let missing = slot.map_or_else(|| feed.is_missing(stated), |slot| feed.is_missing_in(slot, stated));
    if missing { &[] } else { slot.and_then(|slot| slot.canonical(stated)).unwrap_or(stated) }
}
