//! Delimited text.

use chartroom::ingest::delimited::{Dialect, RawChunk, split, whole_records};

const DELIMITERS: [u8; 5] = [b',', b';', b'\t', b'|', b'^'];

pub fn seeds() -> Vec<Vec<u8>> {
    [
        "00a,b,c\n1,2,3\n4,\"5,\"\"6\"\"\n7\",8\r\n,,\n9,10\n",
        "13a;b\r1;\"2\r2;3\r\n\"x\";\"y\"\n",
        "22a\tb\n\"1\t2\n3\t4\n\"5\"6\t7\n",
        "01visit,service\nvisit,service\n\n1,Größe\n\"\",\"\"\n2",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}

/// What becomes of a text: the cells of rows that are read, rows that are rejected, and how many are passed over.
type Outcome = (Vec<Vec<Vec<u8>>>, Vec<Vec<u8>>, u64);

/// Rows that are read, rejected and passed over, of a text that is cut at `cut` where a record ends before it.
fn counts(text: &[u8], dialect: Dialect, expected: usize, cut: usize) -> Outcome {
    let (end, lines) = whole_records(&text[..cut], dialect, cut == text.len());
    let (rest, _) = whole_records(&text[end..], dialect, true);
    assert_eq!(end + rest, text.len(), "every byte is of a record");
    let (mut rows, mut rejected, mut passed_over) = (Vec::new(), Vec::new(), 0);
    for (part, first_line) in [(&text[..end], 1), (&text[end..], 1 + lines)] {
        let block = split(RawChunk { text: part.to_vec(), first_line }, dialect, expected);
        for row in &block.rows {
            assert_eq!(row.field_count as usize, expected);
            rows.push((0..expected).map(|at| block.field(row, at).to_vec()).collect());
        }
        rejected.extend(block.rejected.into_iter().map(|row| row.raw));
        passed_over += block.passed_over;
    }
    (rows, rejected, passed_over)
}

/// No byte is lost; where a text is cut does not matter; and without quotes every line that is not blank is a row that is read, rejected or passed over.
pub fn run(bytes: &[u8]) {
    let [delimiter, columns, text @ ..] = bytes else { return };
    let dialect = Dialect { delimiter: DELIMITERS[usize::from(*delimiter) % DELIMITERS.len()], quote: b'"' };
    let expected = 1 + usize::from(*columns) % 4;
    let whole = counts(text, dialect, expected, text.len());
    if memchr::memchr(b'"', text).is_none() {
        let lines = text.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.is_empty()).count() as u64;
        let told = whole.0.len() as u64 + whole.1.len() as u64 + whole.2;
        assert_eq!(told, lines - blank_lines(text, told, lines), "{text:?}");
    }
    for part in 1..4 {
        let cut = text.len() * part / 4;
        assert_eq!(counts(text, dialect, expected, cut), whole, "cut at {cut} of {text:?}");
    }
}

/// Lines of blanks alone are no rows where they are passed over without being counted.
fn blank_lines(text: &[u8], told: u64, lines: u64) -> u64 {
    let blank = |line: &&[u8]| !line.is_empty() && line.iter().all(u8::is_ascii_whitespace);
    let count = text.split(|byte| matches!(byte, b'\n' | b'\r')).filter(blank).count() as u64;
    (lines - told.min(lines)).min(count)
}
