//! Which figure stands in a cell of a workbook that this program wrote: by the native tables of its sheets, each of which has its name.

use std::path::Path;

use calamine::{Data, Range, Reader as _, Xlsx, open_workbook};

use super::xlsx_board;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlacedCell {
    /// A cell of a table: its name, the place of the row among the table's rows, and the heading of the column.
    OfTable {
        /// Name of the table.
        table: String,
        /// Place of the row, from 0.
        row: usize,
        /// Heading of the column.
        column: String,
    },
    /// A cell of the board page: the name of the measure, and the heading of the column.
    OfBoard {
        /// Name of the measure.
        row: String,
        /// Heading of the column.
        column: String,
    },
}

/// Why no figure is found.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum CellPlaceFault {
    /// The workbook cannot be read.
    #[error("the workbook cannot be read as one of Excel")]
    Unreadable,
    /// No sheet has the name; those that there are.
    #[error("the workbook has no sheet of that name; it has {0}")]
    NoSheet(String),
    /// The cell lies in no table.
    #[error("the cell lies in no table of the sheet; its tables stand in {0}")]
    NoTable(String),
}

/// The cell of a place such as `B7` or `$B$7`: row and column from 0; `None` where it is none.
pub fn cell_of(place: &str) -> Option<(u32, u32)> {
    let place = place.replace('$', "").to_ascii_uppercase();
    let letters = place.bytes().take_while(u8::is_ascii_uppercase).count();
    let (column, row) = place.split_at(letters);
    if !(1..=3).contains(&letters) || !row.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let column = column.bytes().fold(0, |column, letter| column * 26 + u32::from(letter - b'A') + 1);
    Some((row.parse::<u32>().ok()?.checked_sub(1)?, column - 1))
}

/// The name of a cell, such as `B7`.
pub fn name_of((row, column): (u32, u32)) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.into_iter().rev().collect::<String>() + &(row + 1).to_string()
}

/// What stands in a cell of a sheet.
///
/// # Errors
/// See [`CellPlaceFault`].
pub fn placed(workbook: &Path, sheet: &str, (row, column): (u32, u32)) -> Result<PlacedCell, CellPlaceFault> {
    let mut book: Xlsx<_> = open_workbook(workbook).map_err(|_| CellPlaceFault::Unreadable)?;
    let sheets = book.sheet_names();
    if !sheets.iter().any(|name| name == sheet) {
        return Err(CellPlaceFault::NoSheet(sheets.join(", ")));
    }
    if sheet == xlsx_board::NAME {
        let cells = book.worksheet_range(sheet).map_err(|_| CellPlaceFault::Unreadable)?;
        return on_board(&cells, (row, column));
    }
    book.load_tables().map_err(|_| CellPlaceFault::Unreadable)?;
    let names: Vec<String> = book.table_names_in_sheet(sheet).into_iter().cloned().collect();
    let mut areas = Vec::new();
    for name in names {
        let table = book.table_by_name(&name).map_err(|_| CellPlaceFault::Unreadable)?;
        let Some((first, last)) = table.data().start().zip(table.data().end()) else { continue };
        let is_within = (first.0..=last.0).contains(&row) && (first.1..=last.1).contains(&column);
        if let Some(heading) = table.columns().get((column.saturating_sub(first.1)) as usize).filter(|_| is_within) {
            let row = (row - first.0) as usize;
            return Ok(PlacedCell::OfTable { table: name, row, column: heading.clone() });
        }
        areas.push((first, format!("{}:{}", name_of(first), name_of(last))));
    }
    areas.sort();
    let areas: Vec<String> = areas.into_iter().map(|(_, area)| area).collect();
    Err(CellPlaceFault::NoTable(if areas.is_empty() { "no cell".to_owned() } else { areas.join(", ") }))
}

/// What stands in a cell of the board page.
fn on_board(cells: &Range<Data>, (row, column): (u32, u32)) -> Result<PlacedCell, CellPlaceFault> {
    let text = |row: u32, column: u32| match cells.get_value((row, column)) {
        Some(Data::String(text)) => text.trim().to_owned(),
        _ => String::new(),
    };
    let last = (xlsx_board::HEADINGS + 1..).take_while(|row| !text(*row, 0).is_empty()).last();
    let last = last.unwrap_or(xlsx_board::HEADINGS);
    let (first, end) = (xlsx_board::HEADINGS + 1, xlsx_board::MONTHS);
    if !(first..=last).contains(&row) || !end.contains(&column) {
        let area = format!("{}:{}", name_of((first, *end.start())), name_of((last, *end.end())));
        return Err(CellPlaceFault::NoTable(area));
    }
    Ok(PlacedCell::OfBoard { row: text(row, 0), column: text(xlsx_board::HEADINGS, column) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_a_spreadsheet() {
        assert_eq!(cell_of("A1"), Some((0, 0)));
        assert_eq!(cell_of("$AA$10"), Some((9, 26)));
        assert_eq!(cell_of("xfd1048576"), Some((1_048_575, 16_383)));
        for wrong in ["", "7", "B", "B0", "1B", "B-1", "AAAA1", "B99999999999"] {
            assert_eq!(cell_of(wrong), None, "{wrong}");
        }
        for (cell, name) in [((0, 0), "A1"), ((9, 26), "AA10"), ((0, 701), "ZZ1"), ((0, 702), "AAA1")] {
            assert_eq!(name_of(cell), name);
            assert_eq!(cell_of(name), Some(cell));
        }
    }
}
