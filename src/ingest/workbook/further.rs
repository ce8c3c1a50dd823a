//! Tables that stand beside or beneath the one that is read: their rows are counted, and never taken for rows of the other.

use super::cells::{CellType, SheetCells, SheetRow};

/// A table of the sheet that is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FurtherTable {
    /// Row of its heading, as the sheet shows it.
    pub first_row: u64,
    /// Rows beneath that.
    pub rows: u64,
}

/// Rows of the first table by which the kinds of its columns are told.
const JUDGING_ROWS: usize = 200;

/// Where a further table begins beneath the first, as a place among the rows; `end` is one past the last row of the first.
///
/// It begins after a blank row with a row of words in at least two cells, where the first table has numbers or dates in those columns and the rows beneath
/// have them again. A heading that is repeated begins nothing: it stands on every page of a printed list.
pub fn start_of_further_table(cells: &SheetCells, heading: usize, end: usize) -> Option<usize> {
    let rows = &cells.rows;
    let texts = |row: &SheetRow| -> Vec<(u32, Vec<u8>)> {
        cells.cells_of(row).iter().map(|cell| (cell.column, cells.text_of(cell).to_vec())).collect()
    };
    let own = texts(&rows[heading]);
    (heading + 2..end.saturating_sub(1)).find(|at| {
        let row = &rows[*at];
        let filled = cells.cells_of(row);
        if rows[*at - 1].row + 1 >= row.row || rows[*at + 1].row != row.row + 1 || filled.len() < 2 {
            return false;
        }
        let of_words = |row: &SheetRow| {
            cells.cells_of(row).iter().all(|cell| cell.of_type == CellType::Plain && !is_value(cells.text_of(cell)))
        };
        let columns: Vec<u32> = filled.iter().map(|cell| cell.column).collect();
        // Columns of the row in which most rows have numbers or dates.
        let of_values = |among: &[SheetRow]| -> usize {
            let is_of_values = |column: &&u32| {
                let in_column = among.iter().filter_map(|row| {
                    cells
                        .cells_of(row)
                        .iter()
                        .find(|cell| cell.column == **column)
                        .map(|cell| cell.of_type != CellType::Plain || is_value(cells.text_of(cell)))
                });
                let (values, filled) =
                    in_column.fold((0, 0), |(values, all), value| (values + usize::from(value), all + 1));
                values * 2 > filled
            };
            columns.iter().filter(is_of_values).count()
        };
        let above = &rows[heading + 1..*at];
        let beneath = &rows[*at + 1..end];
        of_words(row)
            && texts(row) != own
            && of_values(&above[..above.len().min(JUDGING_ROWS)]) > 0
            && of_values(&beneath[..beneath.len().min(JUDGING_ROWS)]) > 0
    })
}

/// What stands beside the columns of the table, where it is a table of its own: at least two rows of at least two cells, on either side.
pub fn rows_beside(cells: &SheetCells, rows: &[SheetRow], (first, last): (u32, u32)) -> Vec<FurtherTable> {
    let beside = |is_beside: &dyn Fn(u32) -> bool| -> Option<FurtherTable> {
        let with_cells = |row: &&SheetRow| cells.cells_of(row).iter().filter(|cell| is_beside(cell.column)).count() > 1;
        let found: Vec<&SheetRow> = rows.iter().filter(with_cells).collect();
        let first = found.first()?;
        (found.len() > 1).then(|| FurtherTable { first_row: u64::from(first.row) + 1, rows: found.len() as u64 - 1 })
    };
    [beside(&|column| column < first), beside(&|column| column > last)].into_iter().flatten().collect()
}

/// Whether a text is a number or begins as a date does.
fn is_value(text: &[u8]) -> bool {
    let text = std::str::from_utf8(text).unwrap_or("");
    text.parse::<f64>().is_ok()
        || text.len() >= 8
            && text.starts_with(|letter: char| letter.is_ascii_digit())
            && text.bytes().filter(|byte| matches!(byte, b'-' | b'/' | b'.')).count() == 2
}
