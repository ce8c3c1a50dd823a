//! A table of a sheet: columns, rows of values, and a chart over them.

use std::{borrow::Cow, collections::BTreeMap};

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
    /// What its rows are called: their words before the first figure; of a row that begins with a figure, all its words. Of rows that begin alike the second one ends in `#2`.
    pub fn row_labels(&self) -> Vec<String> {
        let columns = self.figure_columns();
        let mut alike: BTreeMap<String, usize> = BTreeMap::new();
        let label = |row: &Vec<CellValue>| {
            let label = label_of(row, &columns);
            let count = alike.entry(label.clone()).or_default();
            *count += 1;
            if *count == 1 { label } else { format!("{label} #{count}") }
        };
        self.rows.iter().map(label).collect()
    }

    /// Which of its columns hold figures.
    pub fn figure_columns(&self) -> Vec<bool> {
        let is_of_figures =
            |column: usize| self.rows.iter().any(|row| row.get(column).is_some_and(CellValue::is_of_figures));
        (0..self.columns.len()).map(is_of_figures).collect()
    }

    /// Leaves the first [`MOST_ROWS`] rows, and says so in the caption.
    pub fn cut(&mut self) {
        if self.rows.len() > MOST_ROWS {
            self.rows.truncate(MOST_ROWS);
            self.caption.push_str(&format!(" (the first {} rows)", grouped(MOST_ROWS as u64)));
        }
    }
}

fn label_of(row: &[CellValue], columns: &[bool]) -> String {
    let words = |(value, is_of_figures): (&CellValue, &bool)| (!is_of_figures).then(|| value.written());
    let first: Vec<String> = row.iter().zip(columns).map_while(words).collect();
    let words = if first.is_empty() { row.iter().zip(columns).filter_map(words).collect() } else { first };
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" / ")
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    /// Heading.
    pub heading: Cow<'static, str>,
    /// Width in characters at the most; wider texts are wrapped.
    pub width: u16,
    /// Where it has no values of its own but a small line of other cells of its row; its cells are blank then.
    pub trend: Option<SmallLine>,
}

/// The cells of a row that a small line in the same row shows, oldest first. They stand side by side, as the small lines of Excel want them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SmallLine {
    /// The first column.
    pub first: usize,
    /// The last column.
    pub last: usize,
}

/// A chart: the first column names the points, the others are series by column index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// Kind.
    pub kind: ChartKind,
    /// Title.
    pub title: String,
    /// What the figures are, with the unit: the title of their axis.
    pub values: &'static str,
    /// Column of the categories.
    pub categories: usize,
    /// Columns of the series; what they are for each kind stands at [`ChartKind`]. A blank or symbol cell is a gap.
    pub series: Vec<usize>,
    /// Columns of limits and targets of a line: thin and dashed, named by their heading. A blank or symbol cell is a gap.
    pub limits: Vec<usize>,
    /// Rows shown, from the first.
    pub rows: usize,
}

/// Kind of chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// Upright columns.
    Column,
    /// Lying bars of the first series, the greatest on top.
    Bar,
    /// A line over days or months.
    Line,
    /// Lying bars of the first series, the greatest on top, and beside them the second series: the cumulated share in percent, which the table has as a column.
    Pareto,
    /// Age pyramid: the first series lies to the left, the second to the right, the first row at the foot.
    Pyramid,
}

/// A column.
pub fn column(heading: impl Into<Cow<'static, str>>, width: u16) -> TableColumn {
    TableColumn { heading: heading.into(), width, trend: None }
}

/// A column of small lines over the columns from `first` to `last` of the same row.
pub fn trend_column(heading: impl Into<Cow<'static, str>>, first: usize, last: usize) -> TableColumn {
    TableColumn { heading: heading.into(), width: 18, trend: Some(SmallLine { first, last }) }
}
