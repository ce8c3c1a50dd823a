//! The workbook as plain data: sheets of tables. The Excel and the text renderer show the same.

use std::borrow::Cow;

use crate::record::{account::grouped, date::Day, shown::shown};

/// Rows of a table in a workbook: a sheet of Excel has 1,048,576, several tables may stand on one, and nobody reads more.
pub const MOST_ROWS: usize = 100_000;

/// A workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// Title of the run.
    pub title: String,
    /// The day the run speaks of; the workbook's date of creation, since nothing reads the clock.
    pub business_date: Day,
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

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Name of the native table: letters, digits and underscores.
    pub name: String,
    /// Caption.
    pub caption: String,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows; each has a value for every column.
    pub rows: Vec<Vec<Value>>,
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
pub struct Column {
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

/// A value of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Words.
    Text(String),
    /// A code or number that is no quantity.
    Code(String),
    /// A count.
    Count(u64),
    /// A day.
    Day(Day),
    /// A quotient, rounded half up when it is printed.
    Ratio(Ratio),
    /// Nothing: the denominator is 0, or the value is not known.
    Blank,
}

/// A quotient of whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// Above the line.
    pub numerator: u64,
    /// Below the line; never 0.
    pub denominator: u64,
    /// Decimals printed.
    pub decimals: u32,
    /// Whether it is a percentage.
    pub percent: bool,
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
        for sheet in &mut self.sheets {
            show(&mut sheet.title);
            sheet.notes.iter_mut().for_each(show);
            for table in &mut sheet.tables {
                show(&mut table.caption);
                table.chart.iter_mut().for_each(|chart| show(&mut chart.title));
                for value in table.rows.iter_mut().flatten() {
                    if let Value::Text(text) | Value::Code(text) = value {
                        show(text);
                    }
                }
            }
        }
        self
    }
}

impl Value {
    /// Words.
    pub fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }

    /// A code.
    pub fn code(text: impl Into<String>) -> Value {
        Value::Code(text.into())
    }

    /// A percentage; blank without a denominator.
    pub fn percent(numerator: u64, denominator: u64, decimals: u32) -> Value {
        if denominator == 0 {
            return Value::Blank;
        }
        Value::Ratio(Ratio { numerator, denominator, decimals, percent: true })
    }

    /// A mean; blank without a denominator.
    pub fn mean(numerator: u64, denominator: u64, decimals: u32) -> Value {
        if denominator == 0 {
            return Value::Blank;
        }
        Value::Ratio(Ratio { numerator, denominator, decimals, percent: false })
    }
}

impl Ratio {
    /// The quotient in units of the last decimal printed, rounded half up; a percentage times 100.
    pub fn scaled(&self) -> u128 {
        let scale = 10u128.pow(self.decimals) * if self.percent { 100 } else { 1 };
        (2 * u128::from(self.numerator) * scale + u128::from(self.denominator)) / (2 * u128::from(self.denominator))
    }

    /// As it is printed, without a percent sign.
    pub fn text(&self) -> String {
        let scaled = self.scaled();
        if self.decimals == 0 {
            return scaled.to_string();
        }
        let unit = 10u128.pow(self.decimals);
        format!("{}.{:0width$}", scaled / unit, scaled % unit, width = self.decimals as usize)
    }
}

/// A column.
pub fn column(heading: &'static str, width: u16) -> Column {
    Column { heading, width }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_exercises_come_out_rounded_half_up() {
        // 577 beds, 2005: 497 deaths of 15,846 discharges are 3.14 %; 136,540 days make 8.62 on average.
        let text = |value: Value| match value {
            Value::Ratio(ratio) => ratio.text(),
            _ => String::new(),
        };
        assert_eq!(text(Value::percent(497, 15_846, 2)), "3.14");
        assert_eq!(text(Value::mean(136_540, 15_846, 2)), "8.62");
        assert_eq!(text(Value::percent(1, 8, 0)), "13");
        assert_eq!(text(Value::mean(1, 8, 2)), "0.13");
        assert_eq!(Value::percent(1, 0, 2), Value::Blank);
    }
}
