//! What an OpenDocument sheet makes a library hold: cells and rows that say how often they are repeated are multiplied out, text and all.

use std::io::{BufReader, Read};

use quick_xml::events::{BytesStart, Event};

/// Columns and rows that a sheet has at the most; what is repeated further is cut off.
const MOST_COLUMNS: u64 = 16_384;
const MOST_ROWS: u64 = 1_048_576;
/// Bytes of a cell with its formula while a list of them grows, and of a cell in its place.
const CELL_BYTES: u64 = 112;
const PLACED_BYTES: u64 = 56;

/// The part is no sound XML: a library may wait without end for an end tag.
#[derive(Debug, PartialEq, Eq)]
pub struct Unsound;

#[derive(Default)]
struct Row {
    repeated: u64,
    /// Cells up to the last filled one, and with the blank ones after it.
    filled_width: u64,
    width: u64,
    text: u64,
}

#[derive(Default)]
struct Cell {
    repeated: u64,
    filled: bool,
    text: u64,
}

/// Bytes that a library holds of the sheets of a document at the most.
///
/// # Errors
/// The part is no sound XML.
pub fn bytes_held(content: impl Read) -> Result<u64, Unsound> {
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(content));
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    let mut depth = 0u64;
    let mut held = 0u64;
    let (mut rows, mut rows_to_filled, mut widest) = (0u64, 0u64, 0u64);
    let (mut row, mut cell) = (Row::default(), Cell::default());
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| Unsound)? {
            Event::Eof if depth == 0 => return Ok(held),
            Event::Eof => return Err(Unsound),
            Event::Start(element) => {
                depth += 1;
                match element.local_name().as_ref() {
                    b"table" => (rows, rows_to_filled, widest) = (0, 0, 0),
                    b"table-row" => row = Row { repeated: count(&element, b"number-rows-repeated"), ..Row::default() },
                    b"table-cell" | b"covered-table-cell" => cell = begin_cell(&element),
                    // Blanks are written as their number.
                    b"s" => cell.text = cell.text.saturating_add(count(&element, b"c")),
                    _ => {}
                }
            }
            Event::Text(text) => cell.text += text.len() as u64,
            Event::CData(text) => cell.text += text.len() as u64,
            Event::GeneralRef(_) => cell.text += 4,
            Event::End(element) => {
                depth = depth.checked_sub(1).ok_or(Unsound)?;
                match element.local_name().as_ref() {
                    b"table-cell" | b"covered-table-cell" => {
                        row.width = (row.width + cell.repeated).min(MOST_COLUMNS);
                        if cell.filled {
                            row.filled_width = row.width;
                            let repeated = cell.repeated.min(MOST_COLUMNS);
                            row.text = row.text.saturating_add(cell.text.saturating_mul(repeated));
                        }
                    }
                    b"table-row" => {
                        rows = (rows + row.repeated).min(MOST_ROWS);
                        if row.filled_width > 0 {
                            rows_to_filled = rows;
                            widest = widest.max(row.filled_width);
                        }
                        let times = row.repeated.min(MOST_ROWS) + 1;
                        held = held
                            .saturating_add(row.filled_width * CELL_BYTES)
                            .saturating_add(row.text.saturating_mul(times));
                    }
                    b"table" => held = held.saturating_add(rows_to_filled * widest * PLACED_BYTES),
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

fn begin_cell(element: &BytesStart<'_>) -> Cell {
    let mut cell = Cell { repeated: count(element, b"number-columns-repeated"), ..Cell::default() };
    for attribute in element.attributes().with_checks(false).flatten() {
        let name = attribute.key.local_name();
        if matches!(
            name.as_ref(),
            b"value-type" | b"value" | b"string-value" | b"date-value" | b"time-value" | b"boolean-value" | b"formula"
        ) {
            cell.filled = true;
            cell.text += attribute.value.len() as u64;
        }
    }
    cell
}

/// A number that an attribute states; 1 where it states none, and more than there is of anything where it states no number that can be read.
fn count(element: &BytesStart<'_>, name: &[u8]) -> u64 {
    element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .map_or(1, |attribute| String::from_utf8_lossy(&attribute.value).trim().parse().unwrap_or(u64::from(u32::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(rows: &str) -> Result<u64, Unsound> {
        bytes_held(format!("<d><t:table>{rows}</t:table></d>").as_bytes())
    }

    #[test]
    fn repetition_is_multiplied_out_where_something_is_repeated() {
        let one = held("<t:table-row><t:table-cell o:value='1'/></t:table-row>").expect("sound");
        assert!(one < 1000);
        let blank = "<t:table-row t:number-rows-repeated='1048576'><t:table-cell t:number-columns-repeated='16384'/></t:table-row>";
        assert_eq!(held(blank), Ok(0), "every sheet ends with such a row");
        for hostile in [
            blank.replace("<t:table-cell", "<t:table-cell o:value='1'"),
            format!("{blank}<t:table-row><t:table-cell t:number-columns-repeated='16383'/><t:table-cell o:value='1'/></t:table-row>"),
            "<t:table-row><t:table-cell o:value-type='string'><p><x:s x:c='4000000000'/></p></t:table-cell></t:table-row>".to_owned(),
            format!("<t:table-row><t:table-cell o:value-type='string' t:number-columns-repeated='16384'>{}</t:table-cell></t:table-row>", "x".repeat(100_000)),
        ] {
            assert!(held(&hostile).expect("sound") > 1 << 30, "{}", &hostile[..100]);
        }
    }

    #[test]
    fn an_end_tag_that_is_missing_or_another_is_unsound() {
        assert_eq!(bytes_held(&b"<d><t:table><t:table-row/>"[..]), Err(Unsound));
        assert_eq!(bytes_held(&b"<d><t:table></t:other></d>"[..]), Err(Unsound));
    }
}
