//! The workbook as plain data: sheets of tables. The Excel and the text renderer show the same.

use std::borrow::Cow;

use crate::{
    book::{board::Board, table::Table, value::CellValue},
    record::{date::Day, shown::shown},
};

/// A workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// Title of the run.
    pub title: String,
    /// The day the run speaks of; the workbook's date of creation, since nothing reads the clock.
    pub business_date: Day,
    /// The board page in front of the sheets.
    pub board: Option<Board>,
    /// The sheets in order.
    pub sheets: Vec<Sheet>,
}

/// A sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Name on the tab, at most 31 characters.
    pub name: &'static str,
    /// Title on the sheet.
    pub title: String,
    /// One line for the contents.
    pub summary: &'static str,
    /// Lines under the title.
    pub notes: Vec<String>,
    /// Tables from top to bottom.
    pub tables: Vec<Table>,
}

impl Book {
    /// The book with escapes for what cannot be seen in its texts: titles, notes and values come from configurations and data.
    pub fn shown(mut self) -> Book {
        let show = |text: &mut String| {
            if let Cow::Owned(escaped) = shown(text) {
                *text = escaped;
            }
        };
        show(&mut self.title);
        self.board.iter_mut().flat_map(Board::texts).for_each(show);
        for sheet in &mut self.sheets {
            show(&mut sheet.title);
            sheet.notes.iter_mut().for_each(show);
            for table in &mut sheet.tables {
                show(&mut table.caption);
                table.chart.iter_mut().for_each(|chart| show(&mut chart.title));
                for value in table.rows.iter_mut().flatten() {
                    if let CellValue::Text(text) | CellValue::Code(text) = value {
                        show(text);
                    }
                }
            }
        }
        self
    }
}
