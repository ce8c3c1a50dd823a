//! The filled cells of a sheet, compact: all text in one place, a few bytes for each cell.
//!
//! A sheet of millions of cells must not take a string for each. Cells come row by row as a rule; those that do not are put in order.

use crate::ingest::fault::SourceFault;

/// Filled cells that one sheet may have.
const MOST_CELLS: usize = 5_000_000;
/// Bytes of text that one sheet may have.
const MOST_TEXT: usize = 96 << 20;

/// The type of a cell beside its text, where it matters to a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CellType {
    /// A text or a number.
    #[default]
    Plain,
    /// A day, with a time or without.
    Day,
    /// TRUE or FALSE, a time without a day, or a duration.
    BooleanOrTime,
}

/// A filled cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SheetCell {
    /// Column from 0.
    pub column: u32,
    /// Start and end of its text.
    pub text: (u32, u32),
    /// Its type.
    pub of_type: CellType,
}

/// A row with at least one filled cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SheetRow {
    /// Row from 0.
    pub row: u32,
    /// Where its text begins: a tab for each column before its first cell.
    pub text_start: u32,
    first_cell: u32,
    end_cell: u32,
    /// A cell of it is stated twice.
    pub contradicts: bool,
}

/// The filled cells of a sheet.
#[derive(Debug, Default)]
pub struct SheetCells {
    /// Text of the rows: cells with tabs between them, as many as columns lie between.
    pub text: Vec<u8>,
    /// Rows in order.
    pub rows: Vec<SheetRow>,
    cells: Vec<SheetCell>,
    /// Cells that did not come in order: row, column, text and type.
    late: Vec<(u32, u32, (u32, u32), CellType)>,
    late_text: Vec<u8>,
}

impl SheetCells {
    /// Adds a cell; one without text is none.
    ///
    /// # Errors
    /// The sheet has more cells or text than an export may.
    pub fn add(&mut self, row: u32, column: u32, text: &str, of_type: CellType) -> Result<(), SourceFault> {
        if text.is_empty() {
            return Ok(());
        }
        let in_order = self.rows.last().is_none_or(|last| {
            row > last.row || row == last.row && self.cells.last().is_none_or(|cell| column > cell.column)
        });
        if in_order {
            self.push(row, column, text.as_bytes(), of_type)
        } else {
            self.has_room(text.len())?;
            let start = self.late_text.len() as u32;
            self.late_text.extend_from_slice(text.as_bytes());
            self.late.push((row, column, (start, self.late_text.len() as u32), of_type));
            Ok(())
        }
    }

    fn has_room(&self, bytes: usize) -> Result<(), SourceFault> {
        if self.cells.len() + self.late.len() >= MOST_CELLS
            || self.text.len() + self.late_text.len() + bytes > MOST_TEXT
        {
            return Err(SourceFault::TooLarge(
                "has more cells than an Excel export may; save the sheet as CSV".to_owned(),
            ));
        }
        Ok(())
    }

    fn push(&mut self, row: u32, column: u32, text: &[u8], of_type: CellType) -> Result<(), SourceFault> {
        let begun = self.rows.last().is_some_and(|last| last.row == row);
        let before = if begun { self.cells.last().map_or(0, |cell| cell.column) } else { 0 };
        let tabs = (column - before) as usize;
        self.has_room(text.len() + tabs)?;
        let place = self.cells.len() as u32;
        if !begun {
            let text_start = self.text.len() as u32;
            self.rows.push(SheetRow { row, text_start, first_cell: place, end_cell: place, contradicts: false });
        }
        self.text.resize(self.text.len() + tabs, b'\t');
        let start = self.text.len() as u32;
        self.text.extend_from_slice(text);
        self.cells.push(SheetCell { column, text: (start, self.text.len() as u32), of_type });
        if let Some(last) = self.rows.last_mut() {
            last.end_cell = place + 1;
        }
        Ok(())
    }

    /// Puts cells that came late in their places. A cell that is stated twice keeps both texts beside each other, and its row is marked.
    ///
    /// # Errors
    /// There is more text than an export may have.
    pub fn in_order(self) -> Result<SheetCells, SourceFault> {
        if self.late.is_empty() {
            return Ok(self);
        }
        let mut all: Vec<(u32, u32, &[u8], CellType)> = Vec::with_capacity(self.cells.len() + self.late.len());
        for row in &self.rows {
            all.extend(self.cells_of(row).iter().map(|cell| (row.row, cell.column, self.text_of(cell), cell.of_type)));
        }
        let late = &self.late_text;
        all.extend(self.late.iter().map(|(row, column, (start, end), of_type)| {
            (*row, *column, &late[*start as usize..*end as usize], *of_type)
        }));
        all.sort_by_key(|(row, column, ..)| (*row, *column));
        let mut ordered = SheetCells::default();
        for (place, (row, column, text, of_type)) in all.iter().enumerate() {
            ordered.push(*row, *column, text, *of_type)?;
            let twice = place > 0 && (all[place - 1].0, all[place - 1].1) == (*row, *column);
            if let Some(last) = ordered.rows.last_mut() {
                last.contradicts |= twice;
            }
        }
        Ok(ordered)
    }

    /// The filled cells of a row, by column.
    pub fn cells_of(&self, row: &SheetRow) -> &[SheetCell] {
        &self.cells[row.first_cell as usize..row.end_cell as usize]
    }

    /// The text of a cell.
    pub fn text_of(&self, cell: &SheetCell) -> &[u8] {
        &self.text[cell.text.0 as usize..cell.text.1 as usize]
    }

    /// The text of a row, its cells at the tabs of their columns: start and end.
    pub fn span_of(&self, row: &SheetRow) -> (u32, u32) {
        (row.text_start, self.cells_of(row).last().map_or(row.text_start, |cell| cell.text.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(cells: &SheetCells) -> Vec<(u32, String)> {
        cells
            .rows
            .iter()
            .map(|row| {
                let (start, end) = cells.span_of(row);
                (row.row, String::from_utf8_lossy(&cells.text[start as usize..end as usize]).into_owned())
            })
            .collect()
    }

    #[test]
    fn cells_stand_at_the_tabs_of_their_columns_in_whatever_order_they_come() {
        let filled = [(0, 0, "a"), (0, 2, "c"), (1, 1, "e"), (4, 0, "g")];
        let expected = vec![(0, "a\t\tc".to_owned()), (1, "\te".to_owned()), (4, "g".to_owned())];
        for turn in 0..filled.len() {
            let mut cells = SheetCells::default();
            for at in 0..filled.len() {
                let (row, column, text) = filled[(at + turn) % filled.len()];
                cells.add(row, column, text, CellType::Plain).expect("room");
            }
            assert_eq!(shown(&cells.in_order().expect("room")), expected);
        }
    }

    #[test]
    fn a_cell_stated_twice_marks_its_row_and_loses_nothing() {
        let mut cells = SheetCells::default();
        for (row, column, text) in [(0, 0, "a"), (0, 0, "b"), (1, 0, "c")] {
            cells.add(row, column, text, CellType::Plain).expect("room");
        }
        let cells = cells.in_order().expect("room");
        assert_eq!(cells.rows.iter().map(|row| row.contradicts).collect::<Vec<_>>(), [true, false]);
        assert_eq!(shown(&cells)[0].1, "ab");
    }

    #[test]
    fn more_than_an_export_may_have_is_refused() {
        let mut cells = SheetCells::default();
        let text = "x".repeat(1 << 20);
        let fault = (0..200).find_map(|row| cells.add(row, 16_000, &text, CellType::Plain).err()).expect("refused");
        assert!(matches!(fault, SourceFault::TooLarge(_)));
    }
}
