//! Text in columns of fixed width: every line is a row, fields are characters from a start.

use crate::ingest::{
    block::{Block, BlockRow, RejectedRow},
    delimited::RawChunk,
};

/// Splits a chunk of whole lines into the columns of a layout: 0-based start and width in characters. Blanks at the end of a field are left off.
/// A line that ends before a column leaves it blank, because many systems cut trailing blanks.
pub fn split(chunk: RawChunk, columns: &[(usize, usize)]) -> Block {
    let text = chunk.text;
    let mut block = Block::default();
    let mut at = 0;
    let mut number = chunk.first_line;
    while at < text.len() {
        let end = memchr::memchr2(b'\n', b'\r', &text[at..]).map_or(text.len(), |offset| at + offset);
        let next = if text.get(end) == Some(&b'\r') && text.get(end + 1) == Some(&b'\n') { end + 2 } else { end + 1 };
        let raw = &text[at..end];
        if !raw.trim_ascii().is_empty() {
            match std::str::from_utf8(raw) {
                Err(_) => {
                    block.rejected.push(RejectedRow { number, reason: "the row is not valid UTF-8", raw: raw.to_vec() })
                }
                Ok(line) => {
                    let first_field = block.fields.len() as u32;
                    for (start, width) in columns {
                        let from = byte_at(line, *start);
                        let to = byte_at(line, start + width);
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

fn byte_at(line: &str, character: usize) -> usize {
    if line.is_ascii() {
        character.min(line.len())
    } else {
        line.char_indices().nth(character).map_or(line.len(), |(at, _)| at)
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
        );
        let cells: Vec<Vec<&str>> = block
            .rows
            .iter()
            .map(|row| (0..3).map(|at| std::str::from_utf8(block.field(row, at)).expect("text")).collect())
            .collect();
        assert_eq!(cells, [["A1", "Müller", "19"], ["B2", "Ng", ""]]);
    }
}
