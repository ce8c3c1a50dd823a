//! Which line of a text a byte stands on, as an editor or a spreadsheet counts lines.
//!
//! Readers of comma-separated values count lines by one sort of line end and are one behind where lines end in carriage return and line feed.

/// Counts lines as places are asked for in the order of the text.
#[derive(Debug, Clone, Copy)]
pub struct LineCounter<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl<'t> LineCounter<'t> {
    /// A counter at the beginning of a text.
    pub fn new(text: &'t [u8]) -> LineCounter<'t> {
        LineCounter { text, at: 0, line: 1 }
    }

    /// The 1-based line of what begins at or after a byte, which is no earlier than the one asked for before: line ends at the very place are passed over,
    /// because a reader that stops within or before a line end reads on from there. A line feed, a carriage return, and both together end a line.
    pub fn line(&mut self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX).min(self.text.len());
        while let Some(letter) = self.text.get(self.at) {
            if self.at >= byte && !matches!(letter, b'\r' | b'\n') {
                break;
            }
            let within = *letter == b'\r' && self.text.get(self.at + 1) == Some(&b'\n');
            self.line += u64::from(matches!(letter, b'\r' | b'\n') && !within);
            self.at += 1;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_by_every_sort_of_line_end_and_within_quotes() {
        for text in [
            "a,b\n1,2\n\n3,4\n\"x\ny\",5\n6,7\n",
            "a,b\r\n1,2\r\n\r\n3,4\r\n\"x\r\ny\",5\r\n6,7\r\n",
            "a,b\r1,2\r\r3,4\r\"x\ry\",5\r6,7\r",
        ] {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            let mut lines = LineCounter::new(text.as_bytes());
            let found: Vec<u64> = reader
                .records()
                .map(|record| lines.line(record.expect("a record").position().expect("a place").byte()))
                .collect();
            assert_eq!(found, [1, 2, 4, 5, 7], "{text:?}");
        }
    }
}
