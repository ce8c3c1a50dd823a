//! Text in columns of fixed width: every line is a row, fields are characters from a start.

use crate::ingest::{
    block::{Block, BlockRow, RejectedRow},
    delimited::{NOT_UTF8, RawChunk, ZERO_BYTE},
    layout::PositionsIn,
};

/// Reason of a line that is longer than its record.
const TOO_LONG: &str =
    "text stands behind the last column; state record_length under [source] if the export has columns there";

/// Reason of a line that ends inside a column.
const CUT: &str = "the row ends inside a column, short of the stated record length";

/// Reason of a line in which a position counted in bytes falls inside a character.
const CUTS_CHARACTER: &str =
    "a position falls inside a letter of several bytes; are the positions counted in characters?";

/// Splits a chunk of whole lines into the columns of a layout: 0-based start and width in characters or in bytes of UTF-8. Blanks at the end of a field are left off.
/// A line that ends before a column leaves it blank, because many systems cut trailing blanks; where the record's length is stated, one that ends inside a
/// column has been cut, and is rejected. A line with text behind `record_length` characters, or behind the
/// last column where no length is stated, is rejected, as a delimited row with too many fields is: its columns have slipped, or it holds what nobody asked for.
pub fn split(
    chunk: RawChunk,
    columns: &[(usize, usize)],
    record_length: Option<usize>,
    positions_in: PositionsIn,
) -> Block {
    let last = columns.iter().map(|(start, width)| start + width).max().unwrap_or(0);
    let length = record_length.unwrap_or(last).max(last);
    let text = chunk.text;
    let mut block = Block::default();
    let mut at = 0;
    let mut number = chunk.first_line;
    while at < text.len() {
        let end = memchr::memchr2(b'\n', b'\r', &text[at..]).map_or(text.len(), |offset| at + offset);
        let next = if text.get(end) == Some(&b'\r') && text.get(end + 1) == Some(&b'\n') { end + 2 } else { end + 1 };
        let raw = &text[at..end];
        if !raw.trim_ascii().is_empty() {
            match readable(raw, columns, (length, record_length), positions_in) {
                Err(reason) => block.rejected.push(RejectedRow { number, reason, raw: raw.to_vec() }),
                Ok(line) => {
                    let first_field = block.fields.len() as u32;
                    for (start, width) in columns {
                        let from = byte_at(line, *start, positions_in);
                        let to = byte_at(line, start + width, positions_in);
                        let trimmed = line[from..to].trim_end().len();
                        block.fields.push(((at + from) as u32, (at + from + trimmed) as u32));
                    }
                    block.rows.push(BlockRow {
                        number,
                        first_field,
                        field_count: columns.len() as u32,
                        raw: (at as u32, end as u32),
                    });
                }
            }
        }
        number += 1;
        at = next;
    }
    block.text = text;
    block
}

/// The line as text of at most `length` characters or bytes, or why it cannot be read.
fn readable<'r>(
    raw: &'r [u8],
    columns: &[(usize, usize)],
    (length, record_length): (usize, Option<usize>),
    positions_in: PositionsIn,
) -> Result<&'r str, &'static str> {
    let line = std::str::from_utf8(raw).map_err(|_| NOT_UTF8)?;
    if memchr::memchr(0, raw).is_some() {
        return Err(ZERO_BYTE);
    }
    if positions_in == PositionsIn::Bytes && !line.is_ascii() {
        let falls_inside = |at: usize| at < line.len() && !line.is_char_boundary(at);
        if columns.iter().any(|(start, width)| falls_inside(*start) || falls_inside(start + width))
            || falls_inside(length)
        {
            return Err(CUTS_CHARACTER);
        }
    }
    if !line[byte_at(line, length, positions_in)..].trim().is_empty() {
        return Err(TOO_LONG);
    }
    let is_whole = record_length.is_none_or(|length| !is_cut(line, columns, length, positions_in));
    if is_whole { Ok(line) } else { Err(CUT) }
}

/// Whether a line is shorter than its record and ends inside a column.
fn is_cut(line: &str, columns: &[(usize, usize)], record_length: usize, positions_in: PositionsIn) -> bool {
    let in_bytes = positions_in == PositionsIn::Bytes || line.is_ascii();
    let length = if in_bytes { line.len() } else { line.chars().count() };
    length < record_length && columns.iter().any(|(start, width)| *start < length && length < start + width)
}

fn byte_at(line: &str, place: usize, positions_in: PositionsIn) -> usize {
    if positions_in == PositionsIn::Bytes || line.is_ascii() {
        place.min(line.len())
    } else {
        line.char_indices().nth(place).map_or(line.len(), |(at, _)| at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_cut_by_characters_and_short_lines_leave_blanks() {
        let block = split(
            RawChunk { text: "A1Müller 19\nB2Ng\n\n".as_bytes().to_vec(), first_line: 1 },
            &[(0, 2), (2, 7), (9, 2)],
            None,
            PositionsIn::Characters,
        );
        let cells: Vec<Vec<&str>> = block
            .rows
            .iter()
            .map(|row| (0..3).map(|at| std::str::from_utf8(block.field(row, at)).expect("text")).collect())
            .collect();
        assert_eq!(cells, [["A1", "Müller", "19"], ["B2", "Ng", ""]]);
    }

    #[test]
    fn a_row_cut_inside_a_column_is_rejected_where_the_length_is_stated() {
        let text = "A1Müller 19\nB2Mül\nC3\nD4Nguyen \n".as_bytes().to_vec();
        let columns = [(0, 2), (2, 7), (9, 2)];
        let block = split(RawChunk { text: text.clone(), first_line: 1 }, &columns, Some(11), PositionsIn::Characters);
        let rejected: Vec<_> = block.rejected.iter().map(|row| (row.number, row.reason)).collect();
        assert_eq!(rejected, [(2, CUT)]);
        assert_eq!(block.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3, 4]);
        // Without a stated length the blanks at the end may have been cut by the system that wrote the row.
        let block = split(RawChunk { text, first_line: 1 }, &columns, None, PositionsIn::Characters);
        assert_eq!((block.rows.len(), block.rejected.len()), (4, 0));
    }

    #[test]
    fn text_behind_the_last_column_is_kept_with_its_row() {
        let text = "A1Müller  \nB2Nguyenlong\nC3Ng     \u{a0}\nD4\0\n".as_bytes().to_vec();
        let columns = [(0, 2), (2, 7)];
        let block = split(RawChunk { text: text.clone(), first_line: 1 }, &columns, None, PositionsIn::Characters);
        let rejected: Vec<_> = block.rejected.iter().map(|row| (row.number, row.reason, row.raw.as_slice())).collect();
        assert_eq!(rejected, [(2, TOO_LONG, &b"B2Nguyenlong"[..]), (4, ZERO_BYTE, b"D4\0")]);
        assert_eq!(block.rows.len(), 2);
        // Stated to be part of the record, it is left unread by choice.
        let block = split(RawChunk { text, first_line: 1 }, &columns, Some(12), PositionsIn::Characters);
        assert_eq!((block.rows.len(), block.rejected.len()), (3, 1));
    }

    #[test]
    fn positions_in_bytes_count_a_letter_with_an_accent_twice_and_never_cut_it() {
        // Record layout in bytes: 1-2 key, 3-9 name, 10-11 age.
        let text = "A1Müller19\nB2Nguyen 27\nC3Nguyenü8\n".as_bytes().to_vec();
        let columns = [(0, 2), (2, 7), (9, 2)];
        let block = split(RawChunk { text, first_line: 1 }, &columns, Some(11), PositionsIn::Bytes);
        let cell = |row: &BlockRow, at: usize| String::from_utf8(block.field(row, at).to_vec()).expect("text");
        let cells: Vec<[String; 3]> = block.rows.iter().map(|row| [0, 1, 2].map(|at| cell(row, at))).collect();
        assert_eq!(cells, [["A1", "Müller", "19"], ["B2", "Nguyen", "27"]].map(|row| row.map(str::to_owned)));
        let rejected: Vec<_> = block.rejected.iter().map(|row| (row.number, row.reason)).collect();
        assert_eq!(rejected, [(3, CUTS_CHARACTER)]);
    }
}
