//! Rows that cannot be read: kept until their input is known to be usable, and written so that every byte can be had back.

use std::{io, path::PathBuf};

use crate::{
    fs::spill::Spill,
    ingest::block::RejectedRow,
    record::{
        long_text::LONGEST_SHOWN,
        shown::{begins_formula, is_number, is_unseen},
    },
};

/// Bytes of rejected rows held in memory; further ones go to a temporary file.
const HELD_BYTES: usize = 16 << 20;

/// Rejected rows of one input, in the order they came.
#[derive(Debug)]
pub struct Quarantined {
    held: Vec<RejectedRow>,
    bytes: usize,
    spilled: Spill,
    /// The reasons of spilled rows; few words stand for many rows.
    reasons: Vec<&'static str>,
}

impl Quarantined {
    /// Nothing yet; `scratch` is a folder for what does not fit the memory.
    pub fn new(scratch: PathBuf) -> Quarantined {
        Quarantined { held: Vec::new(), bytes: 0, spilled: Spill::new(scratch), reasons: Vec::new() }
    }

    /// Keeps one row.
    ///
    /// # Errors
    /// The temporary file cannot be written.
    pub fn push(&mut self, row: &RejectedRow) -> io::Result<()> {
        self.bytes += row.raw.len() + size_of::<RejectedRow>();
        self.held.push(row.clone());
        if self.bytes > HELD_BYTES { self.spill() } else { Ok(()) }
    }

    fn spill(&mut self) -> io::Result<()> {
        for row in self.held.drain(..) {
            let reason = match self.reasons.iter().position(|known| *known == row.reason) {
                Some(place) => place,
                None => {
                    self.reasons.push(row.reason);
                    self.reasons.len() - 1
                }
            };
            let block = [&row.number.to_le_bytes(), &(reason as u64).to_le_bytes(), row.raw.as_slice()].concat();
            self.spilled.add(&block)?;
        }
        self.bytes = 0;
        Ok(())
    }

    /// Gives every row, in order.
    ///
    /// # Errors
    /// The temporary file cannot be read, or `give` failed.
    pub fn each<E: From<io::Error>>(self, mut give: impl FnMut(&RejectedRow) -> Result<(), E>) -> Result<(), E> {
        let mut blocks = self.spilled.read()?;
        while let Some(mut block) = blocks.next_block()? {
            let raw = block.split_off(16);
            let number = |place: usize| u64::from_le_bytes(std::array::from_fn(|byte| block[place * 8 + byte]));
            give(&RejectedRow { number: number(0), reason: self.reasons[number(1) as usize], raw })?;
        }
        self.held.iter().try_for_each(give)
    }
}

/// The bytes of a row as text: sound text as it is but with backslashes doubled. As `\xHH` stand bytes that are no text, characters that cannot be seen, and what a
/// spreadsheet would take for the begin of a formula, also behind what another spreadsheet takes for a separator. Tabs stay, which part the cells of many exports.
/// A text too long for a cell of a spreadsheet is cut into several, whose bytes stand one after the other.
pub fn written(raw: &[u8]) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut add = |piece: &str| {
        if cells[cells.len() - 1].len() + piece.len() > LONGEST_SHOWN {
            cells.push(String::new());
        }
        let cell = cells.len() - 1;
        match cells[cell].is_empty() && begins_formula(piece) {
            true => cells[cell].push_str(&escaped(piece.as_bytes())),
            false => cells[cell].push_str(piece),
        }
    };
    // Whether a cell may begin here: nothing but blanks and quotes since the begin of the row or a separator.
    let (mut begins, mut before) = (true, None);
    for chunk in raw.utf8_chunks() {
        let text = chunk.valid();
        let mut letters = text.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            let after = letters.peek().map(|(_, after)| *after);
            let piece = &text[at..at + letter.len_utf8()];
            let is_formula = || {
                let cell = text[at..].split(['\t', ',', ';', '|', '"']).next().unwrap_or(piece);
                begins_formula(piece) && !is_number(cell.trim_end())
            };
            match letter {
                '\\' => add("\\\\"),
                _ if letter != '\t' && is_unseen(letter, before, after) || begins && is_formula() => {
                    add(&escaped(piece.as_bytes()));
                }
                _ => add(piece),
            }
            begins = matches!(letter, ',' | ';' | '|' | '\t') || begins && (letter == '"' || letter.is_whitespace());
            before = Some(letter);
        }
        for byte in chunk.invalid() {
            add(&escaped(&[*byte]));
            begins = false;
        }
    }
    cells
}

fn escaped(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\x{byte:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The way back, as the page `output-folder` describes it.
    fn bytes_of(cells: &[String]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for cell in cells {
            let mut rest = cell.as_bytes();
            while let Some((first, after)) = rest.split_first() {
                match (first, after) {
                    (b'\\', [b'\\', after @ ..]) => {
                        bytes.push(b'\\');
                        rest = after;
                    }
                    (b'\\', [b'x', high, low, after @ ..]) => {
                        let digits = [*high, *low];
                        let digits = std::str::from_utf8(&digits).expect("digits");
                        bytes.push(u8::from_str_radix(digits, 16).expect("a byte"));
                        rest = after;
                    }
                    _ => {
                        bytes.push(*first);
                        rest = after;
                    }
                }
            }
        }
        bytes
    }

    #[test]
    fn sound_text_is_shown_and_other_bytes_are_escaped() {
        assert_eq!(written("a,Müller,C:\\x".as_bytes()), ["a,Müller,C:\\\\x"]);
        assert_eq!(written(b"a\xff\0b"), ["a\\xFF\\x00b"]);
        assert_eq!(written(b"=1+1,2"), ["\\x3D1+1,2"]);
        assert_eq!(written(b"a\t\x1b[2J\r\n"), ["a\t\\x1B[2J\\x0D\\x0A"]);
        assert_eq!(
            written("x,-12.5,-12A;\" ＝1|@a\t+b".as_bytes()),
            ["x,-12.5,\\x2D12A;\" \\xEF\\xBC\\x9D1|\\x40a\t\\x2Bb"]
        );
        assert_eq!(written("\u{202e}a\u{feff}".as_bytes()), ["\\xE2\\x80\\xAEa\\xEF\\xBB\\xBF"]);
    }

    proptest! {
        #[test]
        fn every_byte_can_be_had_back(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            prop_assert_eq!(bytes_of(&written(&bytes)), bytes);
        }

        #[test]
        fn long_rows_are_cut_and_come_back_whole(times in 1usize..9, piece in prop::collection::vec(prop::sample::select(b"a=\\\xff\xc3\xa4".to_vec()), 9_000..9_100)) {
            let bytes = piece.repeat(times);
            let cells = written(&bytes);
            prop_assert!(cells.iter().all(|cell| cell.len() <= LONGEST_SHOWN && !cell.starts_with('=')));
            prop_assert_eq!(bytes_of(&cells), bytes);
        }
    }

    #[test]
    fn rows_beyond_the_memory_come_back_in_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut rows = Quarantined::new(folder.path().to_path_buf());
        for number in 0..50 {
            let reason = ["one", "two"][number as usize % 2];
            rows.push(&RejectedRow { number, reason, raw: vec![number as u8; 1 << 20] }).expect("kept");
        }
        let mut seen = 0;
        rows.each(|row| -> io::Result<()> {
            assert_eq!((row.number, row.reason), (seen, ["one", "two"][seen as usize % 2]));
            assert_eq!(row.raw, vec![seen as u8; 1 << 20]);
            seen += 1;
            Ok(())
        })
        .expect("read");
        assert_eq!(seen, 50);
    }
}
