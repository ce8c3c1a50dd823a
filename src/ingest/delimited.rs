//! Delimited text: chunks cut at record ends, records split into fields in place.
//!
//! Cutting is sequential and cheap; splitting a chunk is a pure function that runs on any thread. A record is a line, or several lines where a quoted
//! field holds line ends. A record that cannot be read is rejected alone: an unterminated quote never swallows what follows.

mod line;
mod passing;

use memchr::{memchr, memchr2, memchr3};

use self::{line::split_line, passing::is_blank};
use crate::ingest::{
    block::{BlockRow, RejectedRow, RowBlock},
    fixed_width::CUT,
};

/// Lines that one record may span before its quote is taken for unterminated.
const LONGEST_RECORD_LINES: usize = 200;
/// Bytes that one record may span before its quote is taken for unterminated.
const LONGEST_RECORD_BYTES: usize = 1 << 20;
/// Bytes of a chunk that has a row longer than any of an export: chunks are cut at record ends, and are shorter than this where there are any.
const LONG_CHUNK_BYTES: usize = 8 << 20;
/// Fields of a row that are told apart where the row is longer than any of an export: more than a heading may have, so that the row is rejected all
/// the same, and no row of delimiters alone fills the memory.
const MOST_FIELDS: usize = super::heading::MOST_COLUMNS + 2;

/// How records and fields are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// Between fields.
    pub delimiter: u8,
    /// Around fields that hold delimiters or line ends; doubled inside.
    pub quote: u8,
}

/// A run of whole records of a file, UTF-8 or to be checked for it.
#[derive(Debug, Clone)]
pub struct RawChunk {
    /// The text.
    pub text: Vec<u8>,
    /// 1-based line on which it begins.
    pub first_line: u64,
}

/// Where the record that begins at `start` ends: past its line end, with the number of line ends inside. `None` when it does not end in `text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Extent {
    /// First byte after the line end.
    next: usize,
    /// First byte of the line end.
    end: usize,
    /// Lines the record spans.
    lines: u64,
    /// Its quoting is broken: the record is the physical line alone.
    broken: Option<&'static str>,
}

const UNTERMINATED: &str = "a quote is opened and never closed";
const STRAY_QUOTE: &str = "text stands after a closing quote";
pub(super) const NOT_UTF8: &str = "the row is not valid UTF-8";
pub(super) const ZERO_BYTE: &str = "the row holds a zero byte, which no text does";
const TOO_FEW: &str = "the row has fewer fields than the heading";
const TOO_MANY: &str = "the row has more fields than the heading";

/// End of the physical line that begins at `start`: the line end's first byte and the first byte after it. CR LF is one end.
#[inline]
fn line_end(text: &[u8], start: usize, last: bool) -> Option<(usize, usize)> {
    match memchr2(b'\n', b'\r', &text[start..]) {
        Some(offset) => {
            let end = start + offset;
            if text[end] == b'\r' {
                if text.get(end + 1) == Some(&b'\n') {
                    return Some((end, end + 2));
                }
                if end + 1 == text.len() && !last {
                    // The line feed of this carriage return may come with the next bytes.
                    return None;
                }
            }
            Some((end, end + 1))
        }
        None if last && start < text.len() => Some((text.len(), text.len())),
        None => None,
    }
}

/// The extent of the record at `start`. `last` says that no bytes follow `text`.
fn extent(text: &[u8], start: usize, dialect: Dialect, last: bool) -> Option<Extent> {
    let (end, next) = line_end(text, start, last)?;
    if memchr(dialect.quote, &text[start..end]).is_none() {
        return Some(Extent { next, end, lines: 1, broken: None });
    }
    let line = Extent { next, end, lines: 1, broken: Some(UNTERMINATED) };
    // A quote opens a field only at the field's start; anywhere else it is an ordinary character.
    let mut at = start;
    let mut lines = 1;
    loop {
        if text.get(at) == Some(&dialect.quote) {
            at += 1;
            loop {
                let Some(offset) = memchr3(dialect.quote, b'\n', b'\r', &text[at..]) else {
                    return (last || text.len() - start > LONGEST_RECORD_BYTES).then_some(line);
                };
                at += offset;
                if text[at] != dialect.quote {
                    if text[at] == b'\r' && text.get(at + 1) == Some(&b'\n') {
                        at += 1;
                    }
                    at += 1;
                    lines += 1;
                    if lines > LONGEST_RECORD_LINES || at - start > LONGEST_RECORD_BYTES {
                        return Some(line);
                    }
                    continue;
                }
                if text.get(at + 1) == Some(&dialect.quote) {
                    at += 2;
                    continue;
                }
                if at + 1 == text.len() && !last {
                    return None;
                }
                at += 1;
                break;
            }
            // After a closing quote only a delimiter or the record's end may stand.
            match text.get(at) {
                None => return last.then_some(Extent { next: at, end: at, lines: lines as u64, broken: None }),
                Some(byte) if *byte == dialect.delimiter => {
                    at += 1;
                    continue;
                }
                Some(b'\n' | b'\r') => {
                    let (end, next) = line_end(text, at, last)?;
                    return Some(Extent { next, end, lines: lines as u64, broken: None });
                }
                // On a later line it is the opening quote that is at fault: its field was never closed on its own line.
                Some(_) if lines > 1 => return Some(line),
                Some(_) => return Some(Extent { broken: Some(STRAY_QUOTE), ..line }),
            }
        }
        match memchr3(dialect.delimiter, b'\n', b'\r', &text[at..]) {
            Some(offset) if text[at + offset] == dialect.delimiter => at += offset + 1,
            Some(offset) => {
                let (end, next) = line_end(text, at + offset, last)?;
                return Some(Extent { next, end, lines: lines as u64, broken: None });
            }
            None => {
                return if last {
                    Some(Extent { next: text.len(), end: text.len(), lines: lines as u64, broken: None })
                } else {
                    None
                };
            }
        }
    }
}

/// Bytes of `text` that are whole records, and the lines they span; the rest begins a record that goes on. `last` says that no bytes follow.
pub fn whole_records(text: &[u8], dialect: Dialect, last: bool) -> (usize, u64) {
    if last {
        return (text.len(), 0);
    }
    // Without quotes every line end is a record end.
    if memchr(dialect.quote, text).is_none() {
        let cut = memchr::memrchr2(b'\n', b'\r', text).map_or(0, |at| {
            if text[at] == b'\r' && at + 1 == text.len() {
                memchr::memrchr2(b'\n', b'\r', &text[..at]).map_or(0, |at| at + 1)
            } else {
                at + 1
            }
        });
        return (cut, count_lines(&text[..cut]));
    }
    let mut at = 0;
    let mut lines = 0;
    while let Some(extent) = extent(text, at, dialect, false) {
        at = extent.next;
        lines += extent.lines;
        if at >= text.len() {
            break;
        }
    }
    (at, lines)
}

/// As [`whole_records`], by the parity of quotes alone: right wherever every quote belongs to a quoted field, and several times as fast. A chunk cut wrongly
/// shows when it is split, as a record of broken quoting; the input is then read again with exact cuts.
pub fn probable_records(text: &[u8], dialect: Dialect, last: bool) -> (usize, u64) {
    if last {
        return (text.len(), 0);
    }
    let mut quotes = memchr::memchr_iter(dialect.quote, text).count();
    let mut end = text.len();
    while let Some(at) = memchr::memrchr2(b'\n', b'\r', &text[..end]) {
        quotes -= memchr::memchr_iter(dialect.quote, &text[at..end]).count();
        end = at;
        // A carriage return at the very end may have its line feed in the next bytes.
        let open_end = text[at] == b'\r' && at + 1 == text.len();
        if quotes.is_multiple_of(2) && !open_end {
            let cut = at + 1;
            return (cut, count_lines(&text[..cut]));
        }
    }
    // A quote that is never closed turns the parity of all that follows: held to the end, the rest of the file would fill the memory.
    if text.len() > LONGEST_RECORD_BYTES { whole_records(text, dialect, last) } else { (0, 0) }
}

/// Whether a row was rejected for its quoting, which casts doubt on cuts made by parity.
pub fn is_of_quoting(rejected: &RejectedRow) -> bool {
    rejected.reason == UNTERMINATED || rejected.reason == STRAY_QUOTE
}

/// Whether a text ends within a row: it has no line end, and its last row is rejected because fields, a quote or bytes of a letter are missing from it.
pub fn ends_in_mid_row(text: &[u8], rejected: &[RejectedRow]) -> bool {
    let Some(last) = rejected.last() else { return false };
    let is_short = match last.reason {
        TOO_FEW | UNTERMINATED | CUT => true,
        NOT_UTF8 => std::str::from_utf8(&last.raw).is_err_and(|error| error.error_len().is_none()),
        _ => false,
    };
    let is_last = text
        .strip_suffix(last.raw.as_slice())
        .is_some_and(|before| matches!(before.last(), None | Some(b'\n' | b'\r')));
    is_short && is_last
}

/// Line ends in whole records: LF, CR LF or CR, each counted once.
fn count_lines(text: &[u8]) -> u64 {
    let feeds = memchr::memchr_iter(b'\n', text).count() as u64;
    let lone = memchr::memchr_iter(b'\r', text).filter(|at| text.get(at + 1) != Some(&b'\n')).count() as u64;
    feeds + lone
}

/// What the rows of a table are like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowShape<'h> {
    /// Fields of a row.
    pub fields: usize,
    /// Every row ends with a delimiter that the heading lacks: the blank field behind it is none.
    pub trailing_delimiter: bool,
    /// The heading as it stands; a row that repeats it is no record. Empty where there is none.
    pub heading: &'h [u8],
}

/// Splits a chunk of whole records. Rows that have not `expected` fields, broken quoting or bytes that are no UTF-8 are rejected; blank lines, and rows of
/// delimiters around blanks, are passed over.
pub fn split(chunk: RawChunk, dialect: Dialect, expected: usize) -> RowBlock {
    split_shaped(chunk, dialect, RowShape { fields: expected, ..RowShape::default() })
}

/// As [`split`], for rows of a shape.
pub fn split_shaped(chunk: RawChunk, dialect: Dialect, shape: RowShape<'_>) -> RowBlock {
    let mut splitter = Splitter::new(chunk, dialect, shape);
    while splitter.split_some(usize::MAX) {}
    splitter.finish()
}

/// Splits a chunk some rows at a time, so that their fields are still in a core's own cache when they are placed.
#[derive(Debug)]
pub struct Splitter<'h> {
    /// The chunk, and the rows split last; the rejected rows are those of the whole chunk.
    pub block: RowBlock,
    dialect: Dialect,
    shape: RowShape<'h>,
    /// Length of the chunk itself; unescaped copies of fields stand behind it.
    length: usize,
    at: usize,
    line: u64,
    utf8: bool,
    zero_bytes: bool,
}

impl<'h> Splitter<'h> {
    /// Begins with a chunk.
    pub fn new(chunk: RawChunk, dialect: Dialect, shape: RowShape<'h>) -> Splitter<'h> {
        let text = chunk.text;
        Splitter {
            dialect,
            shape,
            length: text.len(),
            at: 0,
            line: chunk.first_line,
            utf8: std::str::from_utf8(&text).is_ok(),
            zero_bytes: memchr(0, &text).is_some(),
            block: RowBlock { text, ..RowBlock::default() },
        }
    }

    /// Splits at most `most` further rows into the place of those split last; `false` where there are none left to look at.
    pub fn split_some(&mut self, most: usize) -> bool {
        let Splitter { block, dialect, shape, length, .. } = self;
        let (dialect, shape, length) = (*dialect, *shape, *length);
        let written = shape.fields + usize::from(shape.trailing_delimiter);
        if self.at >= length {
            return false;
        }
        if most < usize::MAX {
            block.rows.clear();
            block.fields.clear();
        }
        let mut unescaped: Vec<u8> = Vec::new();
        let behind = block.text.len();
        let mut rows = 0;
        while self.at < length && rows < most {
            let text = &block.text[..length];
            let first_field = block.fields.len();
            let start = self.at;
            let is_long = length > LONG_CHUNK_BYTES
                && line_end(text, start, true).is_some_and(|(end, _)| end - start > LONGEST_RECORD_BYTES);
            let line = if is_long { None } else { split_line(text, start, dialect, &mut block.fields) };
            let record = match line {
                Some((end, next)) => Extent { next, end, lines: 1, broken: None },
                None => {
                    block.fields.truncate(first_field);
                    let Some(found) = extent(text, start, dialect, true) else {
                        self.at = length;
                        break;
                    };
                    if found.broken.is_none() {
                        split_quoted(text, start, found.end, dialect, behind, &mut block.fields, &mut unescaped);
                    }
                    found
                }
            };
            self.at = record.next;
            let raw = &text[start..record.end];
            let number = self.line;
            self.line += record.lines;
            let count = block.fields.len() - first_field;
            let blank = count <= 1 && raw.trim_ascii().is_empty();
            if blank {
                block.fields.truncate(first_field);
                continue;
            }
            // A quote that is never closed is broken quoting, not a blank.
            let nothing = record.broken.is_none() && is_blank(raw, dialect);
            if nothing || (raw.len() == shape.heading.len() && raw == shape.heading) {
                block.fields.truncate(first_field);
                block.passed_over += 1;
                continue;
            }
            let reason = match record.broken {
                Some(reason) => Some(reason),
                None if !self.utf8 && std::str::from_utf8(raw).is_err() => Some(NOT_UTF8),
                None if self.zero_bytes && memchr(0, raw).is_some() => Some(ZERO_BYTE),
                None if count < written => Some(TOO_FEW),
                None if count > written => Some(TOO_MANY),
                None if shape.trailing_delimiter && block.fields.pop().is_some_and(|(start, end)| start < end) => {
                    Some(TOO_MANY)
                }
                None => None,
            };
            if let Some(reason) = reason {
                block.fields.truncate(first_field);
                block.rejected.push(RejectedRow { number, reason, raw: raw.to_vec() });
                continue;
            }
            rows += 1;
            block.rows.push(BlockRow {
                number,
                first_field: first_field as u32,
                field_count: shape.fields as u32,
                raw: (start as u32, record.end as u32),
            });
        }
        block.text.extend_from_slice(&unescaped);
        true
    }

    /// The block with all that was split since rows were last cleared.
    pub fn finish(self) -> RowBlock {
        self.block
    }
}

/// Splits a record with quoted fields whose quoting is sound, or a very long one, into [`MOST_FIELDS`] at most where it is very long. Fields with
/// doubled quotes are copied, unescaped, behind the text.
fn split_quoted(
    text: &[u8],
    start: usize,
    end: usize,
    dialect: Dialect,
    text_length: usize,
    fields: &mut Vec<(u32, u32)>,
    unescaped: &mut Vec<u8>,
) {
    let mut at = start;
    let most = if end - start > LONGEST_RECORD_BYTES { fields.len() + MOST_FIELDS } else { usize::MAX };
    loop {
        if fields.len() >= most {
            return;
        }
        if at < end && text[at] == dialect.quote {
            let first = at + 1;
            let mut close = first;
            let mut doubled = false;
            while let Some(offset) = memchr(dialect.quote, &text[close..end]) {
                close += offset;
                if close + 1 < end && text[close + 1] == dialect.quote {
                    doubled = true;
                    close += 2;
                } else {
                    break;
                }
            }
            if doubled {
                let from = text_length + unescaped.len();
                let mut bytes = text[first..close].iter();
                while let Some(byte) = bytes.next() {
                    unescaped.push(*byte);
                    if *byte == dialect.quote {
                        bytes.next();
                    }
                }
                fields.push((from as u32, (text_length + unescaped.len()) as u32));
            } else {
                fields.push((first as u32, close as u32));
            }
            at = close + 1;
        } else {
            let stop = memchr(dialect.delimiter, &text[at..end]).map_or(end, |offset| at + offset);
            fields.push((at as u32, stop as u32));
            at = stop;
        }
        if at >= end {
            return;
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COMMA: Dialect = Dialect { delimiter: b',', quote: b'"' };

    fn split_all(text: &[u8], expected: usize) -> RowBlock {
        split(RawChunk { text: text.to_vec(), first_line: 1 }, COMMA, expected)
    }

    fn cells(block: &RowBlock) -> Vec<Vec<String>> {
        block
            .rows
            .iter()
            .map(|row| {
                (0..row.field_count as usize)
                    .map(|index| String::from_utf8_lossy(block.field(row, index)).into_owned())
                    .collect()
            })
            .collect()
    }

    #[test]
    fn every_line_end_and_quoted_line_ends_are_understood() {
        let block = split_all(b"a,b\r\nc,\"d\r\ne\"\rf,\"say \"\"hi\"\"\"\n\n\"\",x", 2);
        assert_eq!(cells(&block), [["a", "b"], ["c", "d\r\ne"], ["f", "say \"hi\""], ["", "x"]]);
        assert_eq!(block.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2, 4, 6]);
        assert!(block.rejected.is_empty());
    }

    #[test]
    fn a_bad_row_is_rejected_alone() {
        let block = split_all(b"a,b\nc\nd,e,f\n\"open,x\ng,h\n\"i\"j,k\nl,\xff\nm,n\n", 2);
        assert_eq!(cells(&block), [["a", "b"], ["g", "h"], ["m", "n"]]);
        let reasons: Vec<_> = block.rejected.iter().map(|row| (row.number, row.reason)).collect();
        assert_eq!(reasons, [(2, TOO_FEW), (3, TOO_MANY), (4, UNTERMINATED), (6, STRAY_QUOTE), (7, NOT_UTF8)]);
    }

    #[test]
    fn an_unclosed_quote_holds_back_no_more_than_the_longest_record() {
        let mut text = b"1,\"never closed\n".to_vec();
        while text.len() < 3 * LONGEST_RECORD_BYTES {
            text.extend_from_slice(b"2,\"quoted\nover lines\"\n");
        }
        let (cut, _) = probable_records(&text, COMMA, false);
        assert!(text.len() - cut <= LONGEST_RECORD_BYTES, "{} bytes are held back", text.len() - cut);
        let block = split_all(&text, 2);
        assert_eq!(block.rejected.iter().map(|row| row.number).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn rows_of_millions_of_delimiters_are_rejected_and_no_more_fields_are_held_than_a_heading_may_have() {
        for quote in ["", "\"a\""] {
            let long = format!("x,{quote}{}", ",".repeat(LONG_CHUNK_BYTES));
            let block = split_all(format!("a,b\n{long}\nc,d\n{long}").as_bytes(), 2);
            assert_eq!(cells(&block), [["a", "b"], ["c", "d"]]);
            let reasons: Vec<_> = block.rejected.iter().map(|row| (row.number, row.reason, row.raw.len())).collect();
            assert_eq!(reasons, [(2, TOO_MANY, long.len()), (4, TOO_MANY, long.len())]);
            assert!(block.fields.capacity() < 8 * MOST_FIELDS, "{} fields", block.fields.capacity());
        }
    }

    #[test]
    fn a_row_with_a_zero_byte_is_rejected_alone() {
        let block = split_all(b"a,b\nc\0,d\ne,f\n", 2);
        assert_eq!(cells(&block), [["a", "b"], ["e", "f"]]);
        assert_eq!(block.rejected.iter().map(|row| (row.number, row.reason)).collect::<Vec<_>>(), [(2, ZERO_BYTE)]);
    }

    #[test]
    fn rows_without_a_text_and_the_heading_over_again_are_counted_and_passed_over() {
        let text = "a,b\nc,\n,\n\"\",\" \"\n,,,\n\u{a0},\u{a0}\na,b\n,\"a\"\n".as_bytes();
        let shape = RowShape { fields: 2, heading: b"a,b", ..RowShape::default() };
        let block = split_shaped(RawChunk { text: text.to_vec(), first_line: 1 }, COMMA, shape);
        assert_eq!(cells(&block), [["c", ""], ["", "a"]]);
        assert_eq!((block.passed_over, block.rejected.len()), (6, 0));
    }

    #[test]
    fn a_delimiter_behind_every_row_is_no_further_column() {
        let shape = RowShape { fields: 2, trailing_delimiter: true, ..RowShape::default() };
        let chunk = RawChunk { text: b"a,b,\nc,d,e\nf,g\nh,i,\"\"\n".to_vec(), first_line: 1 };
        let block = split_shaped(chunk, COMMA, shape);
        assert_eq!(cells(&block), [["a", "b"], ["h", "i"]]);
        let reasons: Vec<_> = block.rejected.iter().map(|row| (row.number, row.reason)).collect();
        assert_eq!(reasons, [(2, TOO_MANY), (3, TOO_FEW)]);
    }

    #[test]
    fn a_quote_inside_an_unquoted_field_is_an_ordinary_character() {
        assert_eq!(cells(&split_all(b"6\" tall,b\n", 2)), [["6\" tall", "b"]]);
    }

    proptest! {
        #[test]
        fn every_byte_is_in_exactly_one_row_or_line_end(bytes in prop::collection::vec(prop::sample::select(b"ab,\"\n\r \xff".to_vec()), 0..200)) {
            let block = split_all(&bytes, 2);
            let mut kept: Vec<u8> = Vec::new();
            let mut pieces: Vec<(u64, Vec<u8>)> = block.rows.iter().map(|row| (row.number, block.raw(row).to_vec())).collect();
            pieces.extend(block.rejected.iter().map(|row| (row.number, row.raw.clone())));
            pieces.sort();
            for (_, piece) in &pieces {
                kept.extend(piece.iter().filter(|byte| !matches!(byte, b'\n' | b'\r' | b' ' | b',' | b'"')));
            }
            // Rows of delimiters around blanks are passed over.
            let expected: Vec<u8> = bytes.iter().copied().filter(|byte| !matches!(byte, b'\n' | b'\r' | b' ' | b',' | b'"')).collect();
            prop_assert_eq!(kept, expected);
        }

        #[test]
        fn chunks_cut_anywhere_give_the_same_rows(bytes in prop::collection::vec(prop::sample::select(b"ab,\"\n\r".to_vec()), 0..200), step in 1usize..50) {
            let whole = split_all(&bytes, 2);
            let mut held: Vec<u8> = Vec::new();
            let mut rows = Vec::new();
            let mut rejected = Vec::new();
            let mut line = 1;
            let mut at = 0;
            loop {
                let next = (at + step).min(bytes.len());
                held.extend_from_slice(&bytes[at..next]);
                at = next;
                let last = at == bytes.len();
                let (cut, lines) = whole_records(&held, COMMA, last);
                let rest = held.split_off(cut);
                let block = split(RawChunk { text: held, first_line: line }, COMMA, 2);
                rows.extend(cells(&block).into_iter().zip(block.rows.iter().map(|row| row.number)));
                rejected.extend(block.rejected);
                line += lines;
                held = rest;
                if last {
                    break;
                }
            }
            let expected: Vec<_> = cells(&whole).into_iter().zip(whole.rows.iter().map(|row| row.number)).collect();
            prop_assert_eq!(rows, expected);
            prop_assert_eq!(rejected, whole.rejected);
        }
    }
}
