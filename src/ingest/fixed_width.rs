//! Text in columns of fixed width: every line is a row, fields are characters from a start.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::ingest::{
    block::{BlockRow, RejectedRow, RowBlock},
    delimited::{NOT_UTF8, RawChunk, ZERO_BYTE},
    layout::PositionsIn,
};

/// Reason of a line that is longer than its record.
const TOO_LONG: &str =
    "text stands behind the last column; state record_length under [source] if the export has columns there";

/// Reason of a line that ends inside a column.
pub(super) const CUT: &str = "the row ends inside a column, short of the stated record length";

/// Reason of a line in which a position counted in bytes falls inside a character.
const CUTS_CHARACTER: &str =
    "a position falls inside a letter of several bytes; are the positions counted in characters?";

/// How places of a line are counted, now that its text is UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PositionsFrom {
    /// In characters, of which a file with an encoding of single bytes has one a byte.
    Characters,
    /// In bytes of UTF-8.
    Bytes,
    /// In bytes that the characters had in the file, in an encoding of several bytes: two of a Japanese letter in Shift_JIS, of any letter in UTF-16.
    BytesOf(&'static Encoding),
}

impl PositionsFrom {
    /// What a layout's places count in a file of an encoding, by its name.
    pub fn of(positions_in: PositionsIn, encoding: &str) -> PositionsFrom {
        match (positions_in, Encoding::for_label(encoding.as_bytes())) {
            (PositionsIn::Characters, _) => PositionsFrom::Characters,
            (PositionsIn::Bytes, Some(encoding)) if encoding.is_single_byte() => PositionsFrom::Characters,
            (PositionsIn::Bytes, Some(encoding)) if encoding != UTF_8 => PositionsFrom::BytesOf(encoding),
            (PositionsIn::Bytes, _) => PositionsFrom::Bytes,
        }
    }

    /// Whether a place of a line is a place of its text.
    fn is_plain(self, line: &str) -> bool {
        match self {
            PositionsFrom::Bytes => true,
            PositionsFrom::Characters => line.is_ascii(),
            PositionsFrom::BytesOf(encoding) => encoding.is_ascii_compatible() && line.is_ascii(),
        }
    }

    /// How much one character counts.
    pub fn width(self, letter: char) -> usize {
        match self {
            PositionsFrom::Characters => 1,
            PositionsFrom::Bytes => letter.len_utf8(),
            PositionsFrom::BytesOf(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => 2 * letter.len_utf16(),
            PositionsFrom::BytesOf(_) if letter.is_ascii() => 1,
            PositionsFrom::BytesOf(encoding) => encoding.encode(letter.encode_utf8(&mut [0; 4])).0.len(),
        }
    }

    /// How much a line counts.
    fn length(self, line: &str) -> usize {
        if self.is_plain(line) { line.len() } else { line.chars().map(|letter| self.width(letter)).sum() }
    }

    /// Where a place is in the text, and whether it falls inside a letter; the end where the line is shorter.
    fn find(self, line: &str, place: usize) -> (usize, bool) {
        if self.is_plain(line) {
            return (place.min(line.len()), place < line.len() && !line.is_char_boundary(place));
        }
        let mut counted = 0;
        for (at, letter) in line.char_indices() {
            if counted >= place {
                return (at, counted > place);
            }
            counted += self.width(letter);
        }
        (line.len(), counted > place)
    }
}

/// Splits a chunk of whole lines into the columns of a layout: 0-based start and width in what is counted. Blanks at the end of a field are left off.
/// A line that ends before a column leaves it blank, because many systems cut trailing blanks; where the record's length is stated, one that ends inside a
/// column has been cut, and is rejected. A line with text behind `record_length` characters, or behind the
/// last column where no length is stated, is rejected, as a delimited row with too many fields is: its columns have slipped, or it holds what nobody asked for.
pub fn split(
    chunk: RawChunk,
    columns: &[(usize, usize)],
    record_length: Option<usize>,
    counting: PositionsFrom,
) -> RowBlock {
    let last = columns.iter().map(|(start, width)| start + width).max().unwrap_or(0);
    let length = record_length.unwrap_or(last).max(last);
    let text = chunk.text;
    let mut block = RowBlock::default();
    let mut at = 0;
    let mut number = chunk.first_line;
    while at < text.len() {
        let end = memchr::memchr2(b'\n', b'\r', &text[at..]).map_or(text.len(), |offset| at + offset);
        let next = if text.get(end) == Some(&b'\r') && text.get(end + 1) == Some(&b'\n') { end + 2 } else { end + 1 };
        let raw = &text[at..end];
        if !raw.trim_ascii().is_empty() {
            match readable(raw, columns, (length, record_length), counting) {
                Err(reason) => block.rejected.push(RejectedRow { number, reason, raw: raw.to_vec() }),
                Ok(line) => {
                    let first_field = block.fields.len() as u32;
                    for (start, width) in columns {
                        let from = counting.find(line, *start).0;
                        let to = counting.find(line, start + width).0;
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
    counting: PositionsFrom,
) -> Result<&'r str, &'static str> {
    let line = std::str::from_utf8(raw).map_err(|_| NOT_UTF8)?;
    if memchr::memchr(0, raw).is_some() {
        return Err(ZERO_BYTE);
    }
    if counting != PositionsFrom::Characters && !line.is_ascii() {
        let falls_inside = |at: usize| counting.find(line, at).1;
        if columns.iter().any(|(start, width)| falls_inside(*start) || falls_inside(start + width))
            || falls_inside(length)
        {
            return Err(CUTS_CHARACTER);
        }
    }
    if !line[counting.find(line, length).0..].trim().is_empty() {
        return Err(TOO_LONG);
    }
    let is_whole = record_length.is_none_or(|length| !is_cut(counting.length(line), columns, length));
    if is_whole { Ok(line) } else { Err(CUT) }
}

/// Whether a line is shorter than its record and ends inside a column.
fn is_cut(length: usize, columns: &[(usize, usize)], record_length: usize) -> bool {
    length < record_length && columns.iter().any(|(start, width)| *start < length && length < start + width)
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
            PositionsFrom::Characters,
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
        let block =
            split(RawChunk { text: text.clone(), first_line: 1 }, &columns, Some(11), PositionsFrom::Characters);
        let rejected: Vec<_> = block.rejected.iter().map(|row| (row.number, row.reason)).collect();
        assert_eq!(rejected, [(2, CUT)]);
        assert_eq!(block.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3, 4]);
        // Without a stated length the blanks at the end may have been cut by the system that wrote the row.
        let block = split(RawChunk { text, first_line: 1 }, &columns, None, PositionsFrom::Characters);
        assert_eq!((block.rows.len(), block.rejected.len()), (4, 0));
    }

    #[test]
    fn text_behind_the_last_column_is_kept_with_its_row() {
        let text = "A1Müller  \nB2Nguyenlong\nC3Ng     \u{a0}\nD4\0\n".as_bytes().to_vec();
        let columns = [(0, 2), (2, 7)];
        let block = split(RawChunk { text: text.clone(), first_line: 1 }, &columns, None, PositionsFrom::Characters);
        let rejected: Vec<_> = block.rejected.iter().map(|row| (row.number, row.reason, row.raw.as_slice())).collect();
        assert_eq!(rejected, [(2, TOO_LONG, &b"B2Nguyenlong"[..]), (4, ZERO_BYTE, b"D4\0")]);
        assert_eq!(block.rows.len(), 2);
        // Stated to be part of the record, it is left unread by choice.
        let block = split(RawChunk { text, first_line: 1 }, &columns, Some(12), PositionsFrom::Characters);
        assert_eq!((block.rows.len(), block.rejected.len()), (3, 1));
    }

    #[test]
    fn positions_in_bytes_count_a_letter_with_an_accent_twice_and_never_cut_it() {
        // Record layout in bytes: 1-2 key, 3-9 name, 10-11 age.
        let text = "A1Müller19\nB2Nguyen 27\nC3Nguyenü8\n".as_bytes().to_vec();
        let columns = [(0, 2), (2, 7), (9, 2)];
        let block = split(RawChunk { text, first_line: 1 }, &columns, Some(11), PositionsFrom::Bytes);
        let cell = |row: &BlockRow, at: usize| String::from_utf8(block.field(row, at).to_vec()).expect("text");
        let cells: Vec<[String; 3]> = block.rows.iter().map(|row| [0, 1, 2].map(|at| cell(row, at))).collect();
        assert_eq!(cells, [["A1", "Müller", "19"], ["B2", "Nguyen", "27"]].map(|row| row.map(str::to_owned)));
        let rejected: Vec<_> = block.rejected.iter().map(|row| (row.number, row.reason)).collect();
        assert_eq!(rejected, [(3, CUTS_CHARACTER)]);
    }

    #[test]
    fn bytes_are_those_of_the_file_whatever_its_encoding() {
        let of = |encoding: &str| PositionsFrom::of(PositionsIn::Bytes, encoding);
        assert_eq!(of("UTF-8"), PositionsFrom::Bytes);
        assert_eq!(of("windows-1252"), PositionsFrom::Characters, "a letter with an accent is one byte");
        assert_eq!(PositionsFrom::of(PositionsIn::Characters, "Shift_JIS"), PositionsFrom::Characters);
        // Key of 2 bytes, name of 6, age of 2, as the file has them.
        let columns = [(0, 2), (2, 6), (8, 2)];
        for (encoding, text, columns) in [
            ("Shift_JIS", "A1\u{65e5}\u{672c}  19", columns),
            // Katakana of half width are one byte each.
            ("Shift_JIS", "A1\u{ff76}\u{ff85}    19", columns),
            ("GBK", "A1\u{738b}\u{660e}  19", columns),
            ("UTF-16LE", "A1\u{65e5}\u{672c}    19", columns.map(|(start, width)| (2 * start, 2 * width))),
        ] {
            let counting = of(encoding);
            let chunk = RawChunk { text: text.as_bytes().to_vec(), first_line: 1 };
            let block = split(chunk, &columns, Some(columns[2].0 + columns[2].1), counting);
            assert_eq!((block.rows.len(), block.rejected.len()), (1, 0), "{encoding}");
            assert_eq!(block.field(&block.rows[0], 0), b"A1", "{encoding}");
            assert_eq!(block.field(&block.rows[0], 2), b"19", "{encoding} {text}");
        }
        let cut = RawChunk { text: "A12345\u{65e5}\u{672c}".as_bytes().to_vec(), first_line: 1 };
        let block = split(cut, &[(0, 7), (7, 3)], None, of("Shift_JIS"));
        assert_eq!(block.rejected[0].reason, CUTS_CHARACTER);
    }
}
