//! A table of a sheet: columns, rows of values, and a chart over them.

use crate::{book::value::CellValue, record::account::grouped};

/// Rows of a table in a workbook: a sheet of Excel has 1,048,576, several tables may stand on one, and nobody reads more.
pub const MOST_ROWS: usize = 100_000;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Name of the native table: letters, digits and underscores.
    pub name: String,
    /// Caption.
    pub caption: String,
    /// Columns.
    pub columns: Vec<TableColumn>,
    /// Rows; each has a value for every column.
    pub rows: Vec<Vec<CellValue>>,
    /// Chart over its rows.
    pub chart: Option<Chart>,
}

impl Table {
    /// Leaves the first [`MOST_ROWS`] rows, and says so in the caption.
    pub fn cut(&mut self) {
        if self.rows.len() > MOST_ROWS {
            self.rows.truncate(MOST_ROWS);
            self.caption.push_str(&format!(" (the first {} rows)", grouped(MOST_ROWS as u64)));
        }
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    /// Heading.
    pub heading: &'static str,
    /// Width in characters at the most; wider texts are wrapped.
    pub width: u16,
}

/// A chart: the first column names the points, the others are series by column index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// Kind.
    pub kind: ChartKind,
    /// Title.
    pub title: String,
    /// Column of the categories.
    pub categories: usize,
    /// Columns of the series.
    pub series: Vec<usize>,
    /// Rows shown, from the first.
    pub rows: usize,
}

/// Kind of chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// Upright columns.
    Column,
    /// Lying bars, the first on top.
    Bar,
    /// A line over days.
    Line,
}

/// A column.
pub fn column(heading: &'static str, width: u16) -> TableColumn {
    TableColumn { heading, width }
}
