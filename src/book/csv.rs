//! Comma-separated tables: the one writer and the one reader of every such file that this program makes.
//!
//! A file's columns are declared with the cells that stand in them, in one list. On the way out every value becomes a cell by [`crate::record::shown::cell`], which a spreadsheet
//! takes for no formula; on the way in [`crate::record::shown::read_cell`] gives the value back.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use crate::record::{
    line_fault::LineFault,
    long_text,
    shown::{cell, read_cell},
};

/// A column: its heading, and the value that a row has in it.
pub type CsvColumn<R> = (&'static str, fn(&R) -> Cow<'_, str>);

/// A file of comma-separated values: where it stands, and its columns.
pub trait CsvTable {
    /// What a line is made of.
    type Row<'r>;

    /// Path below the folder of a run's data.
    const PATH: &'static str;

    /// The columns in their order.
    fn columns<'r>() -> Vec<CsvColumn<Self::Row<'r>>>;

    /// The headings.
    fn headings() -> Vec<&'static str> {
        Self::columns().into_iter().map(|(heading, _)| heading).collect()
    }
}

/// A file while it is written.
#[derive(Debug)]
pub struct CsvWriter<W: Write> {
    writer: csv::Writer<W>,
    rows: u64,
}

impl<W: Write> CsvWriter<W> {
    /// Begins a file with its heading.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn begin<'h>(file: W, headings: impl IntoIterator<Item = &'h str>) -> io::Result<CsvWriter<W>> {
        let mut begun = CsvWriter { writer: csv::Writer::from_writer(file), rows: 0 };
        begun.line(headings)?;
        begun.rows = 0;
        Ok(begun)
    }

    /// Writes the row of a table.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn row<R>(&mut self, columns: &[CsvColumn<R>], row: &R) -> io::Result<()> {
        columns.iter().try_for_each(|(_, value)| self.value(&value(row)))?;
        self.end_line()
    }

    /// Writes a line of values.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn line<'v>(&mut self, values: impl IntoIterator<Item = &'v str>) -> io::Result<()> {
        values.into_iter().try_for_each(|value| self.value(value))?;
        self.end_line()
    }

    fn value(&mut self, value: &str) -> io::Result<()> {
        let cell = long_text::shown_as(value, cell, || "the input".to_owned());
        self.writer.write_field(cell.as_bytes()).map_err(io_error)
    }

    fn end_line(&mut self) -> io::Result<()> {
        self.rows += 1;
        self.writer.write_record(None::<&[u8]>).map_err(io_error)
    }

    /// Takes the last line for the continuation of the one before: it counts as no row of its own.
    pub fn continues(&mut self) {
        self.rows -= 1;
    }

    /// Ends the file: what it was written to, and the rows below the heading.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn end(self) -> io::Result<(W, u64)> {
        let file = self.writer.into_inner().map_err(|error| io::Error::from(error.error().kind()))?;
        Ok((file, self.rows))
    }
}

/// What the system said; nothing else fails, since every line of a table has a cell for each of its columns.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        _ => io::Error::other("a line has more or fewer cells than the heading"),
    }
}

/// A whole file in memory: the heading, and a line for each list of values.
pub fn in_memory<'h, V: AsRef<str>>(
    headings: impl IntoIterator<Item = &'h str>,
    lines: impl IntoIterator<Item = impl IntoIterator<Item = V>>,
) -> Vec<u8> {
    let written = CsvWriter::begin(Vec::new(), headings).and_then(|mut file| {
        for line in lines {
            line.into_iter().try_for_each(|value| file.value(value.as_ref()))?;
            file.end_line()?;
        }
        file.end()
    });
    written.expect("memory can be written").0
}

/// One line of a file as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvLine {
    /// 1-based line of the file on which it begins.
    pub number: u64,
    /// Its values, in the order of the heading.
    pub values: Vec<String>,
}

/// What a file has: its heading, and each line or what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CsvLines {
    /// The headings, without blanks around them.
    pub headings: Vec<String>,
    /// The lines below.
    pub lines: Vec<Result<CsvLine, LineFault>>,
}

impl CsvLines {
    /// Reads a file, a byte order mark or none before it. Lines may have any number of cells.
    pub fn read(text: &str) -> CsvLines {
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut records = reader.records().map(|record| match record {
            Ok(record) => {
                let number = record.position().map_or(1, csv::Position::line);
                Ok(CsvLine { number, values: record.iter().map(|cell| read_cell(cell).into_owned()).collect() })
            }
            Err(error) => Err(LineFault::new(
                error.position().map_or(1, csv::Position::line),
                "the line cannot be read as comma-separated values",
            )),
        });
        let heading = records.next().and_then(Result::ok);
        let headings = heading.map_or(Vec::new(), |heading| heading.values);
        CsvLines {
            headings: headings.into_iter().map(|heading| heading.trim().to_owned()).collect(),
            lines: records.collect(),
        }
    }

    /// The places of columns.
    ///
    /// # Errors
    /// The names of those that are not there.
    pub fn places<'n, const N: usize>(&self, names: [&'n str; N]) -> Result<[usize; N], Vec<&'n str>> {
        let place = |name: &str| self.headings.iter().position(|heading| heading == name);
        let missing: Vec<&str> = names.into_iter().filter(|name| place(name).is_none()).collect();
        if missing.is_empty() { Ok(names.map(|name| place(name).unwrap_or_default())) } else { Err(missing) }
    }
}

impl CsvLine {
    /// The value in a place; empty where the line ends before it.
    pub fn value(&self, place: usize) -> &str {
        self.values.get(place).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What goes wrong in cells: formulas, separators, quotes, line ends, marks that were there before, what cannot be seen, and what only looks like an escape.
    fn hostile() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "=",
            "+",
            "-",
            "@",
            "'",
            "''",
            "\"",
            ",",
            ";",
            "|",
            "\t",
            "\r",
            "\n",
            "\r\n",
            " ",
            "\u{1b}",
            "\u{202e}",
            "\u{feff}",
            "\\u{1b}",
            "\\",
            "＝",
            "a",
            "7",
            "-12A",
            "1e5",
            "é",
            "\u{200d}",
            "SUM(A1)",
            "(further values)",
        ]);
        prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn every_value_that_is_written_is_read_back(
            lines in prop::collection::vec(prop::collection::vec(hostile(), 3), 0..20),
        ) {
            let bytes = in_memory(["one", "two", "three"], &lines);
            let read = CsvLines::read(std::str::from_utf8(&bytes).expect("text"));
            prop_assert_eq!(&read.headings, &["one", "two", "three"]);
            let values: Vec<Vec<String>> =
                read.lines.into_iter().map(|line| line.expect("a sound line").values).collect();
            prop_assert_eq!(values, lines);
        }
    }

    #[test]
    fn a_missing_column_is_named_and_a_short_line_ends_in_blanks() {
        let read = CsvLines::read("\u{feff}a, b \n1\n");
        assert_eq!(read.places(["b", "a"]), Ok([1, 0]));
        assert_eq!(read.places(["b", "c"]), Err(vec!["c"]));
        let line = read.lines[0].as_ref().expect("a line");
        assert_eq!((line.number, line.value(0), line.value(1)), (2, "1", ""));
    }
}
