//! Places the rows of a block: physical rows become canonical rows, keyed, with their fingerprint.

use std::{borrow::Cow, collections::BTreeMap, hash::Hasher as _};

use crate::{
    ingest::{
        block::{BlockRow, RowBlock},
        repair::{inside, may_be_plain, repaired},
    },
    record::{field::Field, finding::Origin, long_text::LONGEST_SHOWN, scientific::is_scientific},
    rows::{
        row::RowWriter,
        slot::{Feed, Slot},
    },
};

/// Where the columns of one input go.
#[derive(Debug, Clone, Default)]
pub struct Placement {
    /// Slot of each column by column index; `None` for columns that the layout does not map.
    pub slots: Vec<Option<u8>>,
    /// Further slots of columns that feed several: column index and slot.
    pub again: Vec<(usize, u8)>,
    /// The column that holds the key: the encounter's number, or the patient's on a patients feed. `None` where it is a constant.
    pub key_column: Option<usize>,
    /// The key where it is a constant.
    pub constant_key: Vec<u8>,
    /// Where encounter numbers are each facility's own: the column of the facility, or what it is on every row.
    pub facility: Option<FacilityOf>,
    /// The rows have no number: the key is their place.
    pub numbered_by_place: bool,
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

/// What was seen of the cells while rows were placed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Values longer than a list shows.
    pub long_values: u64,
    /// Identifiers in scientific notation (4.56E+09), by field: a spreadsheet has cut their digits.
    pub cut_identifiers: BTreeMap<Field, u64>,
}

impl Seen {
    /// Adds what was seen of other rows.
    pub fn add(&mut self, other: Seen) {
        self.long_values += other.long_values;
        for (field, count) in other.cut_identifiers {
            *self.cut_identifiers.entry(field).or_default() += count;
        }
    }
}

/// What is asked of the cells of a slot before they are copied.
#[derive(Debug, Clone, Copy, Default)]
struct Asked {
    /// A repair may change the text.
    repaired: bool,
    /// An identifier, which a spreadsheet may have cut.
    identifier: bool,
}

/// Appends the canonical rows of a block to `out`.
///
/// Blank cells are left out. A cell keeps the blanks around its text, so that what stood there can be shown; the key does not. Where a cell is read otherwise
/// than it stands, what is read stands beside it.
pub fn place(
    block: &RowBlock,
    placement: &Placement,
    feed: &Feed,
    feed_index: u8,
    input: u16,
    out: &mut Vec<u8>,
) -> Seen {
    let mut asked: Vec<Asked> = feed
        .slots
        .iter()
        .map(|slot| Asked { repaired: slot.is_repaired(), identifier: slot.field.is_identifier() })
        .collect();
    asked.resize(feed.slots.len() + feed.companions.len(), Asked::default());
    let mut seen = Seen::default();
    let mut placing = Placing { block, feed, asked: &asked, seen: &mut seen };
    for row in &block.rows {
        place_row(row, placement, &mut placing, feed_index, input, out);
    }
    seen
}

/// What the rows of a block are placed with.
struct Placing<'p> {
    block: &'p RowBlock,
    feed: &'p Feed,
    asked: &'p [Asked],
    seen: &'p mut Seen,
}

fn place_row(
    row: &BlockRow,
    placement: &Placement,
    placing: &mut Placing<'_>,
    feed_index: u8,
    input: u16,
    out: &mut Vec<u8>,
) {
    let (block, feed) = (placing.block, placing.feed);
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(block.raw(row));
    let origin = Origin { input, row: row.number };
    let by_place = if placement.numbered_by_place { number_of_place(origin) } else { String::new() };
    let slot = placement.key_column.and_then(|column| slot_for(placement, feed, column, feed.table.key()));
    let stated = placement.key_column.map_or(placement.constant_key.as_slice(), |column| block.field(row, column));
    let stated = slot.map_or(Cow::Borrowed(stated.trim_ascii()), |slot| repaired(stated, slot, feed));
    let key = if placement.numbered_by_place { by_place.as_bytes() } else { canonical_or_nothing(&stated, slot, feed) };
    let mut writer = match &placement.facility {
        None => RowWriter::begin(out, feed_index, key, origin, hasher.finish()),
        Some(FacilityOf::Constant(facility)) => {
            RowWriter::begin_of_facility(out, feed_index, (key, facility), origin, hasher.finish())
        }
        Some(FacilityOf::Column(column)) => {
            let slot = slot_for(placement, feed, *column, Field::FacilityId);
            let stated = block.field(row, *column);
            let stated = slot.map_or(Cow::Borrowed(stated.trim_ascii()), |slot| repaired(stated, slot, feed));
            let facility = canonical_or_nothing(&stated, slot, feed);
            RowWriter::begin_of_facility(out, feed_index, (key, facility), origin, hasher.finish())
        }
    };
    if let Some(delivery) = &placement.delivery {
        write_delivery(block, row, delivery, &mut writer);
    }
    let first = row.first_field as usize;
    let fields = &block.fields[first..first + row.field_count as usize];
    for (at, (slot, place)) in placement.slots.iter().zip(fields).enumerate() {
        if place.0 != place.1
            && let Some(slot) = slot
        {
            placing.cell(&mut writer, *slot, *place, first + at);
        }
    }
    for (at, slot) in &placement.again {
        if let Some(place) = fields.get(*at).filter(|place| place.0 != place.1) {
            placing.cell(&mut writer, *slot, *place, first + at);
        }
    }
    writer.end();
}

impl Placing<'_> {
    /// Adds a cell that is not blank to a row: `at` is its place among the fields of the block.
    #[inline(always)]
    fn cell(&mut self, writer: &mut RowWriter<'_>, slot: u8, (start, end): (u32, u32), at: usize) {
        let text = &self.block.text[start as usize..end as usize];
        let asked = self.asked[usize::from(slot)];
        if asked.identifier && is_scientific(text) {
            *self.seen.cut_identifiers.entry(self.feed.slots[usize::from(slot)].field).or_default() += 1;
        }
        // The first and last byte say of nearly every cell that it is read as it stands.
        let is_plain = may_be_plain(text[0]) && text[0] != b'=' && may_be_plain(text[text.len() - 1]);
        if is_plain && !asked.repaired {
            writer.cell_of(slot, &self.block.text, start as usize, end as usize);
            self.seen.long_values += u64::from(text.len() > LONGEST_SHOWN);
            let typed = &self.block.typed_dates;
            if !typed.is_empty() && typed.binary_search(&(at as u32)).is_ok() {
                writer.typed_date();
            }
            return;
        }
        let read = match self.feed.slots.get(usize::from(slot)) {
            Some(slot) => repaired(text, slot, self.feed),
            None => inside(text),
        };
        if !read.is_empty() {
            writer.cell(slot, text);
            self.seen.long_values += u64::from(text.len() > LONGEST_SHOWN);
            if read.as_ref() != text.trim_ascii() {
                writer.repaired(&read);
            }
        }
    }
}

/// The slot by which a field is read from a column, which may feed others too.
fn slot_for<'f>(placement: &Placement, feed: &'f Feed, column: usize, field: Field) -> Option<&'f Slot> {
    let again = placement.again.iter().filter(|(at, _)| *at == column).map(|(_, slot)| *slot);
    let mut slots =
        placement.slots[column].into_iter().chain(again).filter_map(|slot| feed.slots.get(usize::from(slot)));
    slots.find(|slot| slot.field == field)
}

/// The number of a row that has none: its input's in the run and its own in the file, padded so that rows stay in order.
fn number_of_place(origin: Origin) -> String {
    format!("{:03}-{:09}", u32::from(origin.input) + 1, origin.row)
}

/// Says how the row is delivered, before its cells.
fn write_delivery(block: &RowBlock, row: &BlockRow, delivery: &DeliveryColumns, writer: &mut RowWriter<'_>) {
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
