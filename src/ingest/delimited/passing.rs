//! Rows that are no records: a spreadsheet saves the rows that it once used as delimiters alone.

use super::Dialect;

/// Whether a row holds delimiters, quotes and blanks and nothing else.
#[inline]
pub fn is_blank(row: &[u8], dialect: Dialect) -> bool {
    // Nearly every row is told by its first byte.
    match row.first() {
        Some(first) => may_stand(*first, dialect) && holds_nothing(row, dialect),
        None => true,
    }
}

#[inline]
fn may_stand(byte: u8, dialect: Dialect) -> bool {
    byte == dialect.delimiter || byte == dialect.quote || byte == b' ' || byte == b'\t' || !byte.is_ascii()
}

#[cold]
fn holds_nothing(row: &[u8], dialect: Dialect) -> bool {
    let [delimiter, quote] = [dialect.delimiter, dialect.quote].map(char::from);
    row.iter().all(|byte| may_stand(*byte, dialect) || matches!(byte, b'\n' | b'\r'))
        && std::str::from_utf8(row)
            .is_ok_and(|row| row.chars().all(|letter| letter == delimiter || letter == quote || letter.is_whitespace()))
}
