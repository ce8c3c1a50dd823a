//! What an OpenDocument sheet makes a library hold: cells and rows that say how often they are repeated are multiplied out, text and all; and the cells of which a
//! library does not tell that they show an error.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::{BufReader, Read},
    ops::Range,
};

use quick_xml::{
    XmlVersion,
    events::{BytesStart, Event},
};

/// Columns and rows that a sheet has at the most; what is repeated further is cut off.
const MOST_COLUMNS: u64 = crate::ingest::heading::MOST_COLUMNS as u64;
const MOST_ROWS: u64 = 1_048_576;
/// Bytes of a cell with its formula while a list of them grows, and of a cell in its place.
const CELL_BYTES: u64 = 112;
const PLACED_BYTES: u64 = 56;

/// The part is no sound XML: a library may wait without end for an end tag.
#[derive(Debug, PartialEq, Eq)]
pub struct Unsound;

/// Cells with a number under the text of an error, by sheet: Apache OpenOffice writes a zero for what it could not calculate.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ErrorNumbers(BTreeMap<String, Vec<Block>>);

/// Rows and columns of cells that are alike.
type Block = (Range<u64>, Range<u64>);

impl ErrorNumbers {
    /// Whether there are any.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a cell of a sheet is one, by row and column from 0.
    pub fn has(&self, sheet: &str, (row, column): (u32, u32)) -> bool {
        let of_sheet = self.0.get(sheet).map_or(&[][..], Vec::as_slice);
        // Sorted by row, because a sheet is written so.
        let from = of_sheet.partition_point(|(rows, _)| rows.end <= u64::from(row));
        let of_row = of_sheet[from..].iter().take_while(|(rows, _)| rows.contains(&u64::from(row)));
        of_row.into_iter().any(|(_, columns)| columns.contains(&u64::from(column)))
    }
}

/// What a look at the sheets of a document tells.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct OpenDocumentContent {
    /// Bytes that a library holds of the sheets at the most.
    pub bytes_held: u64,
    /// Numbers that show an error.
    pub error_numbers: ErrorNumbers,
}

/// Whether a text is what a spreadsheet program shows in place of a value that it could not calculate.
pub fn is_error(text: &str) -> bool {
    matches!(text, "#N/A" | "#REF!" | "#VALUE!" | "#DIV/0!" | "#NAME?" | "#NUM!" | "#NULL!")
        || text
            .strip_prefix("Err:")
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

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
    /// Whether it has a formula with a number.
    number_of_formula: bool,
    /// The begin of what it shows.
    shown: String,
}

/// The most of a cell's text that is looked at for an error.
const LONGEST_ERROR: usize = 16;

/// Looks at the sheets of a document.
///
/// # Errors
/// The part is no sound XML.
pub fn look(content: impl Read) -> Result<OpenDocumentContent, Unsound> {
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(content));
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    let mut depth = 0u64;
    let mut held = 0u64;
    let mut sheet = String::new();
    let mut error_numbers = ErrorNumbers::default();
    let (mut rows, mut rows_to_filled, mut widest) = (0u64, 0u64, 0u64);
    let (mut row, mut cell) = (Row::default(), Cell::default());
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| Unsound)? {
            Event::Eof if depth == 0 => return Ok(OpenDocumentContent { bytes_held: held, error_numbers }),
            Event::Eof => return Err(Unsound),
            Event::Start(element) => {
                depth += 1;
                match element.local_name().as_ref() {
                    "table" => {
                        (rows, rows_to_filled, widest) = (0, 0, 0);
                        sheet = text_of(&element, "name");
                    }
                    "table-row" => row = Row { repeated: count(&element, "number-rows-repeated"), ..Row::default() },
                    "table-cell" | "covered-table-cell" => cell = begin_cell(&element),
                    // Blanks are written as their number.
                    "s" => cell.text = cell.text.saturating_add(count(&element, "c")),
                    _ => {}
                }
            }
            Event::Text(text) => {
                cell.text += text.len() as u64;
                if cell.number_of_formula && cell.shown.len() + text.len() <= LONGEST_ERROR {
                    cell.shown += &text;
                }
            }
            Event::CData(text) => cell.text += text.len() as u64,
            Event::GeneralRef(_) => cell.text += 4,
            Event::End(element) => {
                depth = depth.checked_sub(1).ok_or(Unsound)?;
                match element.local_name().as_ref() {
                    "table-cell" | "covered-table-cell" => {
                        if cell.number_of_formula && is_error(cell.shown.trim()) {
                            let of_sheet = error_numbers.0.entry(sheet.clone()).or_default();
                            of_sheet.push((rows..rows + row.repeated, row.width..row.width + cell.repeated));
                        }
                        row.width = (row.width + cell.repeated).min(MOST_COLUMNS);
                        if cell.filled {
                            row.filled_width = row.width;
                            let repeated = cell.repeated.min(MOST_COLUMNS);
                            row.text = row.text.saturating_add(cell.text.saturating_mul(repeated));
                        }
                    }
                    "table-row" => {
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
                    "table" => held = held.saturating_add(rows_to_filled * widest * PLACED_BYTES),
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

fn begin_cell(element: &BytesStart<'_>) -> Cell {
    let (mut has_number, mut has_formula) = (false, false);
    let mut cell = Cell { repeated: count(element, "number-columns-repeated"), ..Cell::default() };
    for attribute in element.attributes().with_checks(false).flatten() {
        let name = attribute.key.local_name();
        has_number |= name.as_ref() == "value";
        has_formula |= name.as_ref() == "formula";
        if matches!(
            name.as_ref(),
            "value-type" | "value" | "string-value" | "date-value" | "time-value" | "boolean-value" | "formula"
        ) {
            cell.filled = true;
            cell.text += attribute.value.len() as u64;
        }
    }
    cell.number_of_formula = has_number && has_formula;
    cell
}

/// What an attribute says, its entities resolved; nothing where it says none.
fn text_of(element: &BytesStart<'_>, name: &str) -> String {
    let found = element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .and_then(|attribute| attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned));
    found.unwrap_or_default()
}

/// A number that an attribute states; 1 where it states none, and more than there is of anything where it states no number that can be read, or a larger one.
fn count(element: &BytesStart<'_>, name: &str) -> u64 {
    element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .map_or(1, |attribute| attribute.value.trim().parse().unwrap_or(u64::MAX).min(u64::from(u32::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(rows: &str) -> Result<u64, Unsound> {
        look(format!("<d><t:table>{rows}</t:table></d>").as_bytes()).map(|content| content.bytes_held)
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
        assert_eq!(look(&b"<d><t:table><t:table-row/>"[..]), Err(Unsound));
        assert_eq!(look(&b"<d><t:table></t:other></d>"[..]), Err(Unsound));
    }

    #[test]
    fn numbers_under_the_text_of_an_error_are_told_by_their_place() {
        let cell = |formula: &str, repeated: u8, text: &str| {
            format!(
                "<t:table-cell {formula} t:number-columns-repeated='{repeated}' o:value-type='float' o:value='0'><x:p>{text}</x:p></t:table-cell>"
            )
        };
        let formula = "t:formula='of:=1/0'";
        let first = cell("", 1, "#N/A") + &cell(formula, 2, "#DIV/0!") + &cell(formula, 1, "0");
        let rows = format!(
            "<t:table-row t:number-rows-repeated='3'><t:table-cell/></t:table-row><t:table-row>{first}</t:table-row>\
             <t:table-row t:number-rows-repeated='2'>{}</t:table-row>",
            cell(formula, 1, "Err:502")
        );
        let content =
            format!("<d><t:table t:name='A &amp; B'>{rows}</t:table><t:table t:name='C'>{}</t:table></d>", "");
        let found = look(content.as_bytes()).expect("sound").error_numbers;
        let places: Vec<(u32, u32)> = (0..8)
            .flat_map(|row| (0..5).map(move |column| (row, column)))
            .filter(|place| found.has("A & B", *place))
            .collect();
        assert_eq!(places, [(3, 1), (3, 2), (4, 0), (5, 0)]);
        assert!(!found.has("C", (3, 1)) && !found.is_empty());
    }
}
