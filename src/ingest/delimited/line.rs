//! One line into fields, eight bytes at a time: the path that nearly every row takes.

use memchr::memchr3;

use super::Dialect;

const ONES: u64 = 0x0101_0101_0101_0101;
const LOW_BITS: u64 = 0x7f7f_7f7f_7f7f_7f7f;

/// The high bit of every byte of `word` that equals the byte repeated in `pattern`.
#[inline]
fn equal_bytes(word: u64, pattern: u64) -> u64 {
    let differs = word ^ pattern;
    !(((differs & LOW_BITS) + LOW_BITS) | differs | LOW_BITS)
}

/// The eight bytes at `at`, the first in the lowest place; zeros past the end.
#[inline]
fn word_at(text: &[u8], at: usize) -> u64 {
    match text.get(at..at + 8) {
        Some(bytes) => u64::from_le_bytes(bytes.try_into().expect("eight bytes")),
        None => {
            let rest = &text[at..];
            let mut bytes = [0; 8];
            bytes[..rest.len()].copy_from_slice(rest);
            u64::from_le_bytes(bytes)
        }
    }
}

/// Splits the record at `start` where it is one line whose quoted fields hold no quotes and no line ends: one pass over the bytes. Returns its end and the
/// first byte after the line end; `None` where the record is of another kind, with some fields pushed that do not count.
#[inline]
pub fn split_line(text: &[u8], start: usize, dialect: Dialect, fields: &mut Vec<(u32, u32)>) -> Option<(usize, usize)> {
    let delimiters = ONES * u64::from(dialect.delimiter);
    let (feeds, returns) = (ONES * u64::from(b'\n'), ONES * u64::from(b'\r'));
    let mut field = start;
    let mut at = start;
    if text.get(field) == Some(&dialect.quote) {
        match quoted(text, field, dialect, fields)? {
            After::Field(next) => (field, at) = (next, next),
            After::Record(end, next) => return Some((end, next)),
        }
    }
    'words: while at < text.len() {
        let word = word_at(text, at);
        let mut stops = equal_bytes(word, delimiters) | equal_bytes(word, feeds) | equal_bytes(word, returns);
        while stops != 0 {
            let stop = at + stops.trailing_zeros() as usize / 8;
            stops &= stops - 1;
            fields.push((field as u32, stop as u32));
            if text[stop] != dialect.delimiter {
                return Some((stop, after_line(text, stop)));
            }
            field = stop + 1;
            if text.get(field) == Some(&dialect.quote) {
                match quoted(text, field, dialect, fields)? {
                    After::Field(next) => (field, at) = (next, next),
                    After::Record(end, next) => return Some((end, next)),
                }
                continue 'words;
            }
        }
        at += 8;
    }
    fields.push((field as u32, text.len() as u32));
    Some((text.len(), text.len()))
}

/// The first byte after the line end that begins at `end`: CR LF is one.
#[inline]
fn after_line(text: &[u8], end: usize) -> usize {
    if text[end] == b'\r' && text.get(end + 1) == Some(&b'\n') { end + 2 } else { end + 1 }
}

enum After {
    /// A field that is not quoted begins.
    Field(usize),
    /// The record has ended: its end, and the first byte after the line end.
    Record(usize, usize),
}

/// Takes the quoted field at `start`, and those that follow it at once.
#[inline]
fn quoted(text: &[u8], start: usize, dialect: Dialect, fields: &mut Vec<(u32, u32)>) -> Option<After> {
    let mut open = start;
    loop {
        let close = open + 1 + memchr3(dialect.quote, b'\n', b'\r', &text[open + 1..])?;
        if text[close] != dialect.quote {
            return None;
        }
        fields.push((open as u32 + 1, close as u32));
        match text.get(close + 1) {
            None => return Some(After::Record(text.len(), text.len())),
            Some(byte) if *byte == dialect.delimiter => {
                open = close + 2;
                if text.get(open) != Some(&dialect.quote) {
                    return Some(After::Field(open));
                }
            }
            Some(b'\n' | b'\r') => return Some(After::Record(close + 1, after_line(text, close + 1))),
            Some(_) => return None,
        }
    }
}
