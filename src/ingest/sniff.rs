//! Finds out what a layout does not state: the delimiter, and the row of the heading.

use super::delimited::{Dialect, RawChunk, split};

/// Delimiters that exports use, the commonest first.
const DELIMITERS: [u8; 6] = [b',', b';', b'\t', b'|', b'^', b'~'];
/// Rows looked at.
const ROWS: usize = 60;

/// The delimiter that cuts most of the first rows into the same number of fields, the largest such number winning; a comma where none does.
pub fn delimiter(head: &[u8]) -> u8 {
    let mut best = (0usize, b',');
    for candidate in DELIMITERS {
        let counts: Vec<usize> =
            rows(head, Dialect { delimiter: candidate, quote: b'"' }).into_iter().map(|row| row.1.len()).collect();
        let Some(commonest) = counts
            .iter()
            .copied()
            .filter(|count| *count > 1)
            .max_by_key(|count| counts.iter().filter(|other| *other == count).count())
        else {
            continue;
        };
        let agreeing = counts.iter().filter(|count| **count == commonest).count();
        // Agreement first: a comma inside free text cuts rows unevenly.
        let score = agreeing * 1000 / counts.len().max(1) * 100 + commonest.min(99);
        if score > best.0 {
            best = (score, candidate);
        }
    }
    best.1
}

/// The first rows: line number and fields, whatever their count.
pub fn rows(head: &[u8], dialect: Dialect) -> Vec<(u64, Vec<String>)> {
    let mut found = Vec::new();
    // Rows of any width are wanted here, so each line is split for itself with the width it has.
    let cut = head
        .iter()
        .enumerate()
        .filter(|(_, byte)| matches!(byte, b'\n' | b'\r'))
        .nth(ROWS * 4)
        .map_or(head.len(), |(at, _)| at + 1);
    let text = &head[..cut];
    let block = split(RawChunk { text: text.to_vec(), first_line: 1 }, dialect, 1);
    let mut rest: Vec<(u64, Vec<u8>)> = block.rows.iter().map(|row| (row.number, block.raw(row).to_vec())).collect();
    rest.extend(block.rejected.into_iter().map(|row| (row.number, row.raw)));
    rest.sort();
    for (number, raw) in rest.into_iter().take(ROWS) {
        let width = width_of(&raw, dialect);
        let block = split(RawChunk { text: raw, first_line: number }, dialect, width);
        if let Some(row) = block.rows.first() {
            let fields = (0..width).map(|at| String::from_utf8_lossy(block.field(row, at)).into_owned()).collect();
            found.push((number, fields));
        }
    }
    found
}

/// Whether the rows beneath a heading end with a delimiter that the heading lacks: nine in ten of them have one field more, and it is blank.
pub fn trailing_delimiter<'r>(width: usize, rows_beneath: impl Iterator<Item = &'r [String]>) -> bool {
    let (mut rows, mut trailing) = (0, 0);
    for row in rows_beneath.filter(|row| row.iter().any(|field| !field.trim().is_empty())) {
        rows += 1;
        trailing += usize::from(row.len() == width + 1 && row[width].trim().is_empty());
    }
    rows > 0 && trailing * 10 >= rows * 9
}

fn width_of(raw: &[u8], dialect: Dialect) -> usize {
    let mut width = 1;
    let mut quoted = false;
    for byte in raw {
        if *byte == dialect.quote {
            quoted = !quoted;
        } else if *byte == dialect.delimiter && !quoted {
            width += 1;
        }
    }
    width
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_the_one_that_cuts_evenly() {
        assert_eq!(delimiter(b"a;b;c\n1,5;2;3\n2,5;3;4\n"), b';');
        assert_eq!(delimiter(b"a,b\n\"x;y;z\",1\nq,2\n"), b',');
        assert_eq!(delimiter(b"a\tb\n1\t2\n"), b'\t');
        assert_eq!(delimiter(b"a|b|c\n1|2|3\n"), b'|');
        assert_eq!(delimiter(b"alone\n1\n2\n"), b',');
    }
}
