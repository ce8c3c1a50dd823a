//! A canonical row as bytes: key, origin, and only the cells that are not blank.
//!
//! Rows are sorted, spilled to disk and merged as they are, so a row carries everything that is known of it, raw values included.
//! Layout of one row, little endian:
//! `length u32 | key length u16 | feed u8 | facility length u8 | input u16 | row u64 | fingerprint u64 | key | cells`,
//! a cell being `slot u8 | length u8 (255: a u32 follows) | bytes`. Where a cell is not to be read as it stands, what is read in its place follows it, under a
//! slot number that no column has. A facility, where numbers are each facility's own, is the end of the key.

use crate::record::finding::Origin;

/// Place in the head of the bytes of the facility at the end of the key, with the zero byte before it; 0 where the key is the number alone.
const FACILITY_AT: usize = 7;
const HEAD: usize = 4 + 2 + 1 + 1 + 2 + 8 + 8;
/// Slot number of the text that is read in place of the cell before it.
const REPAIRED: u8 = 255;
/// Slot number that says of the cell before it that it is a date by its type: `YYYY-MM-DD`, with ` HH:MM:SS` where it has a time.
const TYPED_DATE: u8 = 254;
/// Slot number of the text that says how new the row is, where its feed has a column of that; before every other cell.
const VERSION: u8 = 253;
/// Slot number of the mark of a record that is taken back; before every cell of a column.
const DELETION: u8 = 252;
/// Columns that a feed may have.
pub const MOST_SLOTS: usize = 250;
/// Longest key kept; a longer one is cut, which a layout of any real export never meets.
pub const LONGEST_KEY: usize = 512;

/// Bytes of a cell that is copied at once.
const SHORT_CELL: usize = 16;

/// Appends rows to a buffer.
#[derive(Debug)]
pub struct RowWriter<'b> {
    buffer: &'b mut Vec<u8>,
    start: usize,
}

impl<'b> RowWriter<'b> {
    /// Begins a row of `feed` with its key (the encounter's or patient's number), origin and a fingerprint of the physical row.
    #[inline]
    pub fn begin(buffer: &'b mut Vec<u8>, feed: u8, key: &[u8], origin: Origin, fingerprint: u64) -> RowWriter<'b> {
        let start = buffer.len();
        let key = &key[..key.len().min(LONGEST_KEY)];
        buffer.extend_from_slice(&[0; 4]);
        buffer.extend_from_slice(&(key.len() as u16).to_le_bytes());
        buffer.push(feed);
        buffer.push(0);
        buffer.extend_from_slice(&origin.input.to_le_bytes());
        buffer.extend_from_slice(&origin.row.to_le_bytes());
        buffer.extend_from_slice(&fingerprint.to_le_bytes());
        buffer.extend_from_slice(key);
        RowWriter { buffer, start }
    }

    /// Begins a row whose number is its facility's own: the key is the number with the facility, and nothing where there is no number.
    pub fn begin_of_facility(
        buffer: &'b mut Vec<u8>,
        feed: u8,
        (number, facility): (&[u8], &[u8]),
        origin: Origin,
        fingerprint: u64,
    ) -> RowWriter<'b> {
        if number.is_empty() {
            return RowWriter::begin(buffer, feed, number, origin, fingerprint);
        }
        // With the zero byte before it, it fits into its byte of the head.
        let facility = &facility[..facility.len().min(usize::from(u8::MAX) - 1)];
        let number = &number[..number.len().min(LONGEST_KEY - facility.len() - 1)];
        let key = [number, &[0], facility].concat();
        let writer = RowWriter::begin(buffer, feed, &key, origin, fingerprint);
        writer.buffer[writer.start + FACILITY_AT] = facility.len() as u8 + 1;
        writer
    }

    /// Adds a cell that is not blank.
    #[inline]
    pub fn cell(&mut self, slot: u8, bytes: &[u8]) {
        if bytes.len() < 255 {
            self.buffer.extend_from_slice(&[slot, bytes.len() as u8]);
        } else {
            self.buffer.extend_from_slice(&[slot, 255]);
            self.buffer.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// Says what is read in place of the cell just added.
    #[inline]
    pub fn repaired(&mut self, bytes: &[u8]) {
        self.cell(REPAIRED, bytes);
    }

    /// Says that the cell just added is a date by its type.
    #[inline]
    pub fn typed_date(&mut self) {
        self.cell(TYPED_DATE, b"");
    }

    /// Says how new the row is, before any cell is added.
    pub fn version(&mut self, text: &[u8]) {
        self.cell(VERSION, text);
    }

    /// Says that the row takes its record back, before any cell of a column is added.
    pub fn deletion(&mut self) {
        self.cell(DELETION, b"");
    }

    /// Adds a cell of `text` from `start` to `end` that is not blank. Most cells are short: sixteen bytes are taken at once and what is too much is given back,
    /// which is less work than copying just so many.
    #[inline]
    pub fn cell_of(&mut self, slot: u8, text: &[u8], start: usize, end: usize) {
        let length = end - start;
        match text.get(start..start + SHORT_CELL).and_then(|bytes| bytes.first_chunk::<SHORT_CELL>()) {
            Some(bytes) if length <= SHORT_CELL => {
                let mut cell = [0; SHORT_CELL + 2];
                cell[0] = slot;
                cell[1] = length as u8;
                cell[2..].copy_from_slice(bytes);
                self.buffer.extend_from_slice(&cell);
                self.buffer.truncate(self.buffer.len() - (SHORT_CELL - length));
            }
            _ => self.cell(slot, &text[start..end]),
        }
    }

    /// Ends the row.
    #[inline]
    pub fn end(self) {
        let length = (self.buffer.len() - self.start) as u32;
        self.buffer[self.start..self.start + 4].copy_from_slice(&length.to_le_bytes());
    }
}

/// One canonical row, read in place.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    bytes: &'a [u8],
}

impl<'a> Row<'a> {
    /// The row that begins at the start of `bytes`; `None` at the end.
    #[inline]
    pub fn first(bytes: &'a [u8]) -> Option<Row<'a>> {
        let head = bytes.get(..4)?;
        let length = u32::from_le_bytes(head.try_into().ok()?) as usize;
        Some(Row { bytes: bytes.get(..length)? })
    }

    /// Every row of a buffer, in order.
    pub fn all(bytes: &'a [u8]) -> impl Iterator<Item = Row<'a>> {
        let mut rest = bytes;
        std::iter::from_fn(move || {
            let row = Row::first(rest)?;
            rest = &rest[row.bytes.len()..];
            Some(row)
        })
    }

    /// The whole row.
    #[inline]
    pub fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// Index of the feed in the run.
    #[inline]
    pub fn feed(self) -> u8 {
        self.bytes[6]
    }

    /// Where the row stood.
    #[inline]
    pub fn origin(self) -> Origin {
        Origin {
            input: u16::from_le_bytes([self.bytes[8], self.bytes[9]]),
            row: u64::from_le_bytes(self.bytes[10..18].try_into().expect("eight bytes")),
        }
    }

    /// Fingerprint of the whole physical row, columns that the layout does not map included.
    #[inline]
    pub fn fingerprint(self) -> u64 {
        u64::from_le_bytes(self.bytes[18..26].try_into().expect("eight bytes"))
    }

    /// The row with another text in some cells, by their slots.
    pub fn with_cells(self, text: impl Fn(u8) -> Option<&'static [u8]>) -> Vec<u8> {
        let mut bytes = self.bytes[..self.bytes.len() - self.content().len()].to_vec();
        let mut changed = false;
        let mut writer = RowWriter { buffer: &mut bytes, start: 0 };
        for (slot, own) in self.cells() {
            // What is read in place of a changed cell goes with it.
            if changed && slot == REPAIRED {
                continue;
            }
            let other = if usize::from(slot) < MOST_SLOTS { text(slot) } else { None };
            changed = other.is_some();
            writer.cell(slot, other.unwrap_or(own));
        }
        writer.end();
        bytes
    }

    #[inline]
    fn key_length(self) -> usize {
        u16::from_le_bytes([self.bytes[4], self.bytes[5]]) as usize
    }

    /// The encounter's or patient's number, blanks around it removed.
    #[inline]
    pub fn number(self) -> &'a [u8] {
        let key = self.key();
        &key[..key.len() - usize::from(self.bytes[FACILITY_AT])]
    }

    /// The facility, where numbers are each facility's own; empty elsewhere.
    #[inline]
    pub fn facility(self) -> &'a [u8] {
        let key = self.key();
        let after_number = key.len() - usize::from(self.bytes[FACILITY_AT]);
        // A zero byte stands between.
        key.get(after_number + 1..).unwrap_or_default()
    }

    /// The key: the number, with the facility where numbers are each facility's own.
    #[inline]
    pub fn key(self) -> &'a [u8] {
        &self.bytes[HEAD..HEAD + self.key_length()]
    }

    /// The cells as bytes: equal for equal canonical rows of one feed.
    #[inline]
    pub fn content(self) -> &'a [u8] {
        &self.bytes[HEAD + self.key_length()..]
    }

    /// How new the row says it is, and whether it takes its record back.
    #[inline]
    pub fn delivered(self) -> (Option<&'a [u8]>, bool) {
        let mut cells = self.cells();
        match cells.next() {
            Some((VERSION, text)) => (Some(text), matches!(cells.next(), Some((DELETION, _)))),
            Some((DELETION, _)) => (None, true),
            _ => (None, false),
        }
    }

    /// The cells that are not blank: slot and raw text. What is read in place of a cell comes after it, under a slot number that no column has.
    #[inline]
    pub fn cells(self) -> Cells<'a> {
        Cells { rest: self.content() }
    }
}

/// The cells of a row that are not blank, in the order of the export's columns.
#[derive(Debug, Clone)]
pub struct Cells<'a> {
    rest: &'a [u8],
}

/// A cell as it is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenCell<'a> {
    /// The text, blanks around it included where it stands as the export has it.
    pub text: &'a [u8],
    /// A date by its type, whatever formats are stated.
    pub is_typed_date: bool,
}

impl<'a> Cells<'a> {
    /// The next cell as it is to be read.
    #[inline]
    pub fn next_written(&mut self) -> Option<(u8, WrittenCell<'a>)> {
        let (slot, text) = self.next()?;
        let mut written = WrittenCell { text, is_typed_date: false };
        match self.rest.first() {
            Some(&REPAIRED) => written.text = self.next()?.1,
            Some(&TYPED_DATE) => {
                self.next();
                written.is_typed_date = true;
            }
            _ => {}
        }
        Some((slot, written))
    }
}

impl<'a> Iterator for Cells<'a> {
    type Item = (u8, &'a [u8]);

    #[inline]
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&slot, rest) = self.rest.split_first()?;
        let (&short, rest) = rest.split_first()?;
        let (length, rest) = if short < 255 {
            (short as usize, rest)
        } else {
            let (length, rest) = rest.split_first_chunk::<4>()?;
            (u32::from_le_bytes(*length) as usize, rest)
        };
        let (bytes, rest) = rest.split_at_checked(length)?;
        self.rest = rest;
        Some((slot, bytes))
    }
}

/// A row taken apart, to be kept otherwise than as one text of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowParts<'a> {
    /// Index of the feed.
    pub feed: u8,
    /// Bytes of the facility at the end of the key, with the zero byte before it.
    pub facility: u8,
    /// Where it stood.
    pub origin: Origin,
    /// Fingerprint of the whole physical row.
    pub fingerprint: u64,
    /// The key.
    pub key: &'a [u8],
    /// The cells.
    pub content: &'a [u8],
}

impl<'a> Row<'a> {
    /// Its parts.
    pub fn parts(self) -> RowParts<'a> {
        RowParts {
            feed: self.feed(),
            facility: self.bytes[FACILITY_AT],
            origin: self.origin(),
            fingerprint: self.fingerprint(),
            key: self.key(),
            content: self.content(),
        }
    }
}

/// Appends the row of some parts to a buffer.
pub fn write_parts(buffer: &mut Vec<u8>, parts: &RowParts<'_>) {
    let writer = RowWriter::begin(buffer, parts.feed, parts.key, parts.origin, parts.fingerprint);
    writer.buffer[writer.start + FACILITY_AT] = parts.facility;
    writer.buffer.extend_from_slice(parts.content);
    writer.end();
}

/// The cells of a row under other slot numbers, in the order of the export as before: by its slot, the new ones of each cell; where there is none it is left out. What belongs to a cell goes with it.
pub fn renumbered(content: &[u8], slots: &[Vec<u8>]) -> Vec<u8> {
    let mut head = Vec::new();
    let mut cells: Vec<(u8, Vec<u8>)> = Vec::new();
    // How many cells the one before has become.
    let mut copies = 0;
    for (slot, text) in (Cells { rest: content }) {
        if matches!(slot, VERSION | DELETION) {
            RowWriter { buffer: &mut head, start: 0 }.cell(slot, text);
        } else if slot > MOST_SLOTS as u8 {
            let first = cells.len() - copies;
            for (_, bytes) in &mut cells[first..] {
                RowWriter { buffer: bytes, start: 0 }.cell(slot, text);
            }
        } else {
            let now = slots.get(usize::from(slot)).map_or(&[][..], Vec::as_slice);
            copies = now.len();
            for now in now {
                let mut bytes = Vec::new();
                RowWriter { buffer: &mut bytes, start: 0 }.cell(*now, text);
                cells.push((*now, bytes));
            }
        }
    }
    cells.into_iter().for_each(|(_, bytes)| head.extend(bytes));
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_two_facilities_are_two_keys_and_no_number_is_no_key() {
        let mut buffer = Vec::new();
        for (number, facility) in [("1001", "A"), ("1001", "B"), ("1001", ""), ("", "A")] {
            let key = (number.as_bytes(), facility.as_bytes());
            RowWriter::begin_of_facility(&mut buffer, 0, key, Origin { input: 0, row: 2 }, 0).end();
        }
        RowWriter::begin(&mut buffer, 0, b"1001", Origin { input: 0, row: 2 }, 0).end();
        let rows: Vec<Row<'_>> = Row::all(&buffer).collect();
        let numbers: Vec<&[u8]> = rows.iter().map(|row| row.number()).collect();
        assert_eq!(numbers, [&b"1001"[..], b"1001", b"1001", b"", b"1001"]);
        let keys: std::collections::BTreeSet<&[u8]> = rows.iter().map(|row| row.key()).collect();
        assert_eq!((keys.len(), rows[3].key()), (5, &b""[..]));
    }

    #[test]
    fn how_a_row_was_delivered_stands_before_its_cells() {
        let mut buffer = Vec::new();
        for (version, is_deletion) in [(None, false), (Some("2"), false), (None, true), (Some("3"), true)] {
            let mut writer = RowWriter::begin(&mut buffer, 0, b"A1", Origin { input: 0, row: 2 }, 0);
            version.into_iter().for_each(|text: &str| writer.version(text.as_bytes()));
            if is_deletion {
                writer.deletion();
            }
            writer.cell(0, b"A1");
            writer.end();
        }
        let delivered: Vec<(Option<&[u8]>, bool)> = Row::all(&buffer).map(Row::delivered).collect();
        assert_eq!(delivered, [(None, false), (Some(&b"2"[..]), false), (None, true), (Some(b"3"), true)]);
    }

    #[test]
    fn cells_are_given_other_slots_with_what_belongs_to_them() {
        let of = |cells: &dyn Fn(&mut RowWriter<'_>)| {
            let mut buffer = Vec::new();
            let mut writer = RowWriter::begin(&mut buffer, 0, b"A1", Origin { input: 0, row: 2 }, 0);
            cells(&mut writer);
            writer.end();
            Row::first(&buffer).expect("a row").content().to_vec()
        };
        let before = of(&|writer| {
            writer.version(b"7");
            writer.cell(0, b"A1");
            writer.cell(1, b" I21");
            writer.repaired(b"I21");
            writer.cell(2, b"2026-10-01");
            writer.typed_date();
            writer.cell(3, &[b'x'; 300]);
        });
        let after = of(&|writer| {
            writer.version(b"7");
            writer.cell(4, b"A1");
            writer.cell(6, b"2026-10-01");
            writer.typed_date();
            writer.cell(0, &[b'x'; 300]);
        });
        assert_eq!(renumbered(&before, &[vec![4], vec![], vec![6], vec![0]]), after);
        assert_eq!(renumbered(&before, &[vec![0], vec![1], vec![2], vec![3]]), before);
    }

    #[test]
    fn rows_come_back_as_they_were_written() {
        let mut buffer = Vec::new();
        let long = vec![b'x'; 300];
        for row in 1..=3u64 {
            let mut writer = RowWriter::begin(&mut buffer, 2, b"E7", Origin { input: 1, row }, 99);
            writer.cell(0, b"abc");
            writer.cell_of(7, &long, 0, 300);
            writer.cell_of(8, b"..abc", 2, 5);
            writer.cell_of(9, b"..abcdefghijklmnopqrstuvwxyz", 2, 4);
            writer.end();
        }
        let rows: Vec<Row<'_>> = Row::all(&buffer).collect();
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[2].origin(), Origin { input: 1, row: 3 });
        assert_eq!((rows[0].feed(), rows[0].key(), rows[0].fingerprint()), (2, &b"E7"[..], 99));
        let cells: Vec<_> = rows[1].cells().collect();
        assert_eq!(cells, [(0, &b"abc"[..]), (7, &long[..]), (8, b"abc"), (9, b"ab")]);
        assert_eq!(rows[0].content(), rows[2].content());
    }
}
