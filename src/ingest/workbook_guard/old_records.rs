//! What the records of an xls workbook (MS-XLS) make a library hold: every cell, every text again for each cell that shows it, and the whole rectangle
//! that the cells span.

/// Rows and columns that the format has.
const MOST_ROWS: u64 = 65_536;
const MOST_COLUMNS: u64 = 256;
/// Continuations that the table of shared strings may have: each is up to 8,224 bytes long.
const MOST_CONTINUATIONS: usize = 20_000;
/// Bytes of a cell before and after it is put in its place, and of a formula's text in its place.
const CELL_BYTES: u64 = 40;
const PLACED_BYTES: u64 = 32;
const FORMULA_BYTES: u64 = 24;
/// Text that one byte of a formula may become: a reference of seven bytes is written with the name of its sheet.
const FORMULA_TEXT: u64 = 64;

/// Why a workbook is refused.
#[derive(Debug, PartialEq, Eq)]
pub enum OldBookRefusal {
    /// Its records do not follow from one another.
    Damaged,
    /// It is encrypted.
    Password,
}

/// Bytes that a library holds of a workbook at the most, the file itself left out.
///
/// # Errors
/// The records are damaged or encrypted.
pub fn bytes_held(stream: &[u8]) -> Result<u64, OldBookRefusal> {
    let mut sheets = Vec::new();
    let mut texts = Vec::new();
    for record in (Records { stream }) {
        let record = record?;
        match record.kind {
            0x2f => return Err(OldBookRefusal::Password),
            0x85 => sheets.push(u32_at(record.data, 0)? as usize),
            0xfc => texts = lengths_of_texts(&record)?,
            0x0a => break,
            _ => {}
        }
    }
    let mut held = texts.iter().map(|length| 80 + length).sum::<u64>();
    for start in sheets {
        let sheet = stream.get(start..).ok_or(OldBookRefusal::Damaged)?;
        held = held.saturating_add(sheet_bytes(sheet, &texts)?);
    }
    Ok(held)
}

/// Rows and columns that cells span.
#[derive(Default)]
struct Span {
    first: Option<(u64, u64)>,
    last: (u64, u64),
    count: u64,
}

impl Span {
    fn add(&mut self, (row, column): (u64, u64), count: u64) {
        let first = self.first.unwrap_or((row, column));
        self.first = Some((first.0.min(row), first.1.min(column)));
        self.last = (self.last.0.max(row), self.last.1.max(column + count.saturating_sub(1)));
        self.count += count;
    }

    fn rectangle(&self) -> u64 {
        self.first.map_or(0, |first| (self.last.0 - first.0 + 1) * (self.last.1 - first.1 + 1))
    }
}

fn sheet_bytes(sheet: &[u8], texts: &[u64]) -> Result<u64, OldBookRefusal> {
    let (mut cells, mut formulas) = (Span::default(), Span::default());
    let (mut reserved, mut text, mut formula_text) = (0, 0u64, 0u64);
    let (mut begun, mut depth, mut formula_place) = (false, 0u64, (0, 0));
    for record in (Records { stream: sheet }) {
        let record = record?;
        let data = record.data;
        match record.kind {
            // A chart inside the sheet is a run of records of its own.
            0x809 if begun => depth += 1,
            0x809 => begun = true,
            0x0a if depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            0x0a => break,
            0x200 => reserved = stated_rectangle(data)?,
            0x203 | 0x205 | 0x27e => cells.add(place(data)?, 1),
            0x204 | 0xd6 => {
                cells.add(place(data)?, 1);
                text += 32 + 3 * data.len() as u64;
            }
            0xfd => {
                cells.add(place(data)?, 1);
                text = text.saturating_add(32 + texts.get(u32_at(data, 6)? as usize).copied().unwrap_or(0));
            }
            0xbd => cells.add(place(data)?, (data.len() as u64).saturating_sub(6) / 6),
            0x207 => {
                cells.add(formula_place, 1);
                text += 32 + 3 * data.len() as u64;
            }
            0x06 => {
                formula_place = place(data)?;
                cells.add(formula_place, 1);
                formulas.add(formula_place, 1);
                formula_text += 32 + FORMULA_TEXT * data.len() as u64;
            }
            _ => {}
        }
    }
    // Room that is made for more cells than there are is never written to; for more cells than stated it grows by doubling.
    let growth = if reserved >= cells.count { 1 } else { 2 };
    Ok(text
        .saturating_add(formula_text)
        .saturating_add(cells.count * CELL_BYTES * growth + cells.rectangle() * PLACED_BYTES)
        .saturating_add(formulas.count * CELL_BYTES * 2 + formulas.rectangle() * FORMULA_BYTES))
}

/// Cells of the rectangle that a sheet says it uses.
fn stated_rectangle(data: &[u8]) -> Result<u64, OldBookRefusal> {
    let wide = |at: usize| u32_at(data, at).map(u64::from);
    let narrow = |at: usize| u16_at(data, at).map(u64::from);
    let (first_row, end_row, first_column, end_column) = match data.len() {
        10 => (narrow(0)?, narrow(2)?, narrow(4)?, narrow(6)?),
        14 | 16 => (wide(0)?, wide(4)?, narrow(8)?, narrow(10)?),
        _ => return Err(OldBookRefusal::Damaged),
    };
    if end_row == 0 || end_column == 0 {
        return Ok(1);
    }
    let first_column = if first_column > 255 || end_column < first_column { 0 } else { first_column };
    // Anything else makes a library reserve as much as the damaged numbers say.
    if end_row > MOST_ROWS || end_column > MOST_COLUMNS || first_row >= end_row || first_column >= end_column {
        return Err(OldBookRefusal::Damaged);
    }
    Ok((end_row - first_row) * (end_column - first_column))
}

fn place(data: &[u8]) -> Result<(u64, u64), OldBookRefusal> {
    Ok((u64::from(u16_at(data, 0)?), u64::from(u16_at(data, 2)?)))
}

fn u16_at(data: &[u8], at: usize) -> Result<u16, OldBookRefusal> {
    data.get(at..at + 2).map(|two| u16::from_le_bytes([two[0], two[1]])).ok_or(OldBookRefusal::Damaged)
}

fn u32_at(data: &[u8], at: usize) -> Result<u32, OldBookRefusal> {
    Ok(u32::from(u16_at(data, at)?) | u32::from(u16_at(data, at + 2)?) << 16)
}

struct Record<'s> {
    kind: u16,
    data: &'s [u8],
    continuations: Vec<&'s [u8]>,
}

struct Records<'s> {
    stream: &'s [u8],
}

impl<'s> Records<'s> {
    fn cut(&mut self) -> Result<(u16, &'s [u8]), OldBookRefusal> {
        let (kind, length) = (u16_at(self.stream, 0)?, usize::from(u16_at(self.stream, 2)?));
        let data = self.stream.get(4..4 + length).ok_or(OldBookRefusal::Damaged)?;
        self.stream = &self.stream[4 + length..];
        Ok((kind, data))
    }
}

impl<'s> Iterator for Records<'s> {
    type Item = Result<Record<'s>, OldBookRefusal>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.stream.is_empty() {
            return None;
        }
        let (kind, data) = match self.cut() {
            Ok(cut) => cut,
            Err(refusal) => return Some(Err(refusal)),
        };
        let mut continuations = Vec::new();
        while self.stream.len() > 4 && u16_at(self.stream, 0) == Ok(0x3c) {
            match self.cut() {
                Ok((_, data)) => continuations.push(data),
                Err(refusal) => return Some(Err(refusal)),
            }
        }
        Some(Ok(Record { kind, data, continuations }))
    }
}

/// Bytes of each shared string as text. A string runs over from one record to its continuation, which begins with how its characters are written.
fn lengths_of_texts(record: &Record<'_>) -> Result<Vec<u64>, OldBookRefusal> {
    if record.continuations.len() > MOST_CONTINUATIONS {
        return Err(OldBookRefusal::Damaged);
    }
    let mut rest =
        Rest { data: record.data.get(8..).ok_or(OldBookRefusal::Damaged)?, more: record.continuations.iter() };
    let mut lengths = Vec::new();
    while !rest.data.is_empty() || rest.turn() {
        if rest.data.is_empty() {
            lengths.push(0);
            continue;
        }
        let (characters, flags) = (u64::from(u16_at(rest.data, 0)?), *rest.data.get(2).ok_or(OldBookRefusal::Damaged)?);
        rest.data = &rest.data[3..];
        let runs = if flags & 8 != 0 { u64::from(u16_at(rest.step(2)?, 0)?) } else { 0 };
        let extension = if flags & 4 != 0 { u64::from(u32_at(rest.step(4)?, 0)?) } else { 0 };
        rest.skip_characters(characters, flags & 1 != 0)?;
        rest.skip(runs * 4 + extension)?;
        lengths.push(characters * 3);
    }
    Ok(lengths)
}

struct Rest<'r, 's> {
    data: &'s [u8],
    more: std::slice::Iter<'r, &'s [u8]>,
}

impl<'s> Rest<'_, 's> {
    /// Goes on with the next continuation.
    fn turn(&mut self) -> bool {
        self.more.next().is_some_and(|next| {
            self.data = next;
            true
        })
    }

    fn step(&mut self, bytes: usize) -> Result<&'s [u8], OldBookRefusal> {
        let (taken, rest) = self.data.split_at_checked(bytes).ok_or(OldBookRefusal::Damaged)?;
        self.data = rest;
        Ok(taken)
    }

    fn skip_characters(&mut self, mut characters: u64, mut wide: bool) -> Result<(), OldBookRefusal> {
        while characters > 0 {
            let width = if wide { 2 } else { 1 };
            let here = characters.min(self.data.len() as u64 / width);
            self.data = &self.data[(here * width) as usize..];
            characters -= here;
            if characters > 0 {
                if !self.turn() {
                    return Err(OldBookRefusal::Damaged);
                }
                wide = self.step(1)?[0] & 1 != 0;
            }
        }
        Ok(())
    }

    fn skip(&mut self, mut bytes: u64) -> Result<(), OldBookRefusal> {
        while bytes > 0 {
            if self.data.is_empty() && !self.turn() {
                return Err(OldBookRefusal::Damaged);
            }
            let here = bytes.min(self.data.len() as u64);
            self.data = &self.data[here as usize..];
            bytes -= here;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    }

    /// A workbook of one sheet with the given records, and one shared string of `characters`.
    fn workbook(characters: u16, sheet: &[Vec<u8>]) -> Vec<u8> {
        let mut strings = vec![1, 0, 0, 0, 1, 0, 0, 0];
        strings.extend(characters.to_le_bytes());
        strings.push(0);
        strings.extend(vec![b'x'; usize::from(characters)]);
        let mut begin = [record(0x809, &[0, 6, 5, 0]), record(0xfc, &strings)].concat();
        let start = begin.len() + record(0x85, &[0; 10]).len() + 4;
        let place = (start as u32).to_le_bytes();
        begin.extend(record(0x85, &[&place[..], &[0, 0, 2, 0, b'A', b'B']].concat()));
        begin.extend(record(0x0a, &[]));
        [begin, record(0x809, &[0, 6, 0x10, 0]), sheet.concat(), record(0x0a, &[])].concat()
    }

    fn text_cell(row: u16, column: u16) -> Vec<u8> {
        record(0xfd, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0; 6]].concat())
    }

    fn dimensions(end_row: u32, end_column: u16) -> Vec<u8> {
        let columns = [0u16.to_le_bytes(), end_column.to_le_bytes(), [0; 2]].concat();
        record(0x200, &[&0u32.to_le_bytes()[..], &end_row.to_le_bytes(), &columns].concat())
    }

    #[test]
    fn a_small_sheet_holds_little_and_two_cells_far_apart_hold_all_between_them() {
        let near = bytes_held(&workbook(5, &[dimensions(2, 2), text_cell(0, 0), text_cell(1, 1)])).expect("sound");
        assert!(near < 1000, "{near}");
        let far = bytes_held(&workbook(5, &[text_cell(0, 0), text_cell(65_535, 255)])).expect("sound");
        assert!(far > 65_536 * 256 * PLACED_BYTES, "{far}");
    }

    #[test]
    fn a_long_text_counts_for_each_cell_that_shows_it() {
        let cells: Vec<Vec<u8>> = (0..1000).map(|row| text_cell(row, 0)).collect();
        assert!(bytes_held(&workbook(8000, &cells)).expect("sound") > 8000 * 1000);
    }

    #[test]
    fn a_range_beyond_the_format_or_encryption_is_refused() {
        assert_eq!(bytes_held(&workbook(1, &[dimensions(u32::MAX, 200)])), Err(OldBookRefusal::Damaged));
        assert_eq!(bytes_held(&workbook(1, &[dimensions(10, 300)])), Err(OldBookRefusal::Damaged));
        let encrypted = [record(0x809, &[0, 6, 5, 0]), record(0x2f, &[1, 0]), record(0x0a, &[])].concat();
        assert_eq!(bytes_held(&encrypted), Err(OldBookRefusal::Password));
    }

    #[test]
    fn a_text_that_runs_over_to_the_next_record_is_followed() {
        let mut strings = vec![2, 0, 0, 0, 2, 0, 0, 0, 6, 0, 0];
        strings.extend(b"abc");
        // The rest of the first text is written wide; then comes a second text.
        let more = [&[1, b'd', 0, b'e', 0, b'f', 0][..], &[2, 0, 0, b'x', b'y']].concat();
        let data = [record(0xfc, &strings), record(0x3c, &more)].concat();
        let first = (Records { stream: &data }).next().expect("a record").expect("sound");
        assert_eq!(lengths_of_texts(&first), Ok(vec![18, 6]));
    }
}
