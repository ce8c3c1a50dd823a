//! The board page as plain data: one line a measure, with what it was, its limits and its verdict in words. Excel and HTML show the same.

use crate::book::{
    table::{Table, column},
    value::CellValue,
};

/// The board page: one screen, one printed page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// Hospital, month, edition and day: `General Hospital, October 2026, internal edition, 3 November 2026`.
    pub title: String,
    /// Headings of the three figures, such as `Oct 2026`: this month, last month, the same month last year.
    pub months: [String; 3],
    /// Names of the months of every row's trend, oldest first; thirteen of them, or fewer where no more are held.
    pub trend_months: Vec<String>,
    /// The measures in the order in which they are read.
    pub rows: Vec<BoardRow>,
    /// What changed, the most important first; three at the most are read.
    pub changes: Vec<BoardChange>,
    /// Lines beneath: what is missing and why.
    pub notes: Vec<String>,
}

/// What the three figures are called, whatever the month.
pub const COLUMNS: [&str; 3] = ["this month", "last month", "same month last year"];

/// One measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardRow {
    /// Name: `Average stay, adults and children`.
    pub measure: String,
    /// Unit: `days`, `%`, `per 100 discharges`; empty for a count of what the name says.
    pub unit: String,
    /// Whether it belongs to the measure above and is indented beneath it.
    pub is_part: bool,
    /// The sheet that it comes from, which its name leads to.
    pub sheet: Option<&'static str>,
    /// The figure of this month.
    pub this_month: CellValue,
    /// The figure of last month.
    pub last_month: CellValue,
    /// The figure of the same month last year.
    pub same_month_last_year: CellValue,
    /// A figure for every month of [`Board::trend_months`]; blank or symbol cells are gaps.
    pub trend: Vec<CellValue>,
    /// The limits in words: `1,650 to 1,930`, `at most 50`; empty where there are none.
    pub limits: String,
    /// What it says: `within`, `above the limit`, `September: within`.
    pub verdict: String,
    /// Whether somebody has to look at it: the verdict stands in bold with a mark before it.
    pub asks_attention: bool,
}

/// One thing that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardChange {
    /// A sentence.
    pub words: String,
    /// The sheet that has more of it.
    pub sheet: Option<&'static str>,
}

impl BoardRow {
    /// Name and unit: `Average stay, days`.
    pub fn name(&self) -> String {
        if self.unit.is_empty() { self.measure.clone() } else { format!("{}, {}", self.measure, self.unit) }
    }

    /// The figures in the order of [`Board::months`], each with the name of its column, which is the same every month.
    pub fn figures(&self) -> [(&'static str, &CellValue); 3] {
        let [this_month, last_month, a_year_before] = COLUMNS;
        [(this_month, &self.this_month), (last_month, &self.last_month), (a_year_before, &self.same_month_last_year)]
    }
}

impl Board {
    /// The page as a table, for editions without small lines: a row a measure.
    pub fn table(&self) -> Table {
        let row = |row: &BoardRow| {
            vec![
                CellValue::Text(row.name()),
                row.this_month.clone(),
                row.last_month.clone(),
                row.same_month_last_year.clone(),
                CellValue::text(row.limits.clone()),
                CellValue::text(row.verdict.clone()),
            ]
        };
        let mut columns = vec![column("Measure", 50)];
        columns.extend(self.months.iter().map(|month| column(month.clone(), 12)));
        columns.extend([column("Limits", 22), column("What it says", 36)]);
        Table {
            name: "board".to_owned(),
            caption: self.title.clone(),
            columns,
            rows: self.rows.iter().map(row).collect(),
            chart: None,
        }
    }

    /// Every text that may come from configurations or data.
    pub fn texts(&mut self) -> Vec<&mut String> {
        let mut texts: Vec<&mut String> = vec![&mut self.title];
        texts.extend(self.months.iter_mut().chain(&mut self.trend_months).chain(&mut self.notes));
        texts.extend(self.changes.iter_mut().map(|change| &mut change.words));
        for row in &mut self.rows {
            texts.extend([&mut row.measure, &mut row.unit, &mut row.limits, &mut row.verdict]);
            let figures = [&mut row.this_month, &mut row.last_month, &mut row.same_month_last_year];
            for value in figures.into_iter().chain(&mut row.trend) {
                if let CellValue::Text(text) | CellValue::Code(text) = value {
                    texts.push(text);
                }
            }
        }
        texts
    }
}
