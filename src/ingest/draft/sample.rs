//! The first rows of an unknown export, with what the file itself tells: kind, delimiter, encoding, heading.

use std::path::{Path, PathBuf};

use super::{
    dates,
    parts::{self, DraftParts},
};
use crate::ingest::{
    block::BlockRow,
    column_name::{looks_like_a_name, looks_like_data},
    decode::open_text,
    delimited::{self, Dialect, RawChunk, RowShape},
    fault::SourceFault,
    fixed_width::{self, PositionsFrom},
    input_file::InputFile,
    inputs::InputPart,
    layout::{PositionsIn, SourceOptions},
    sniff,
    workbook::{HeadingRow, SheetTable, book::SourceWorkbook},
};
use crate::record::account::UnreadPart;

/// Rows that a draft looks at, for each file.
pub const ROWS: usize = 10_000;
/// Bytes of text that a draft looks at, for each file.
const BYTES: usize = 8 << 20;
/// Rows among which the heading is looked for.
const HEADING_ROWS: usize = 40;

/// What kind of file a sample is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SampledFormat {
    /// Text with a delimiter.
    Delimited(u8),
    /// Text in columns: 0-based start and width of each.
    FixedWidth(Vec<(usize, usize)>),
    /// A sheet of a workbook.
    Workbook(String),
}

/// The first rows of one file.
#[derive(Debug, Clone)]
pub struct DraftSample {
    /// Name of the file without its folder.
    pub file_name: String,
    /// Kind of file.
    pub kind: SampledFormat,
    /// Name of the encoding, and whether it is a guess; `None` for a workbook.
    pub encoding: Option<(String, bool)>,
    /// The sheets or members that were read, and what else the file holds.
    pub parts: DraftParts,
    /// What positions of fixed width count.
    pub positions_in: PositionsIn,
    /// 1-based row of the heading; 0 where there is none.
    pub header_row: u64,
    /// Names of the columns; `column 1`, `column 2` where there is no heading.
    pub header: Vec<String>,
    /// Cells, blanks around them removed.
    pub rows: Vec<Vec<String>>,
    /// Rows that do not have the fields of the heading.
    pub rejected: usize,
    /// Whether these are all the rows of the file.
    pub complete: bool,
}

impl DraftSample {
    /// Holds no more rows than a draft looks at.
    pub fn bounded(mut self) -> DraftSample {
        self.rows.truncate(ROWS);
        self
    }
}

/// Reads the first rows of a file: of its biggest table, or of the sheets or members that are stated.
///
/// # Errors
/// The file cannot be read or is no table.
pub fn read(path: &Path, stated: Option<&SourceOptions>) -> Result<DraftSample, SourceFault> {
    let file_name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let file = InputFile::open(path)?;
    file.answered(parts::read(&file, &file_name, stated.unwrap_or(&SourceOptions::default())))
}

/// The first rows of a sheet, how many it has, and the further tables on it.
///
/// # Errors
/// The sheet cannot be read or holds no table.
pub fn read_sheet(
    book: &mut SourceWorkbook,
    sheet: &str,
    file_name: &str,
) -> Result<(DraftSample, u64, Vec<UnreadPart>), SourceFault> {
    let table = book.read(sheet, &HeadingRow::ByShape)?;
    let (header_row, header, rows) = sheet_rows(&table);
    let next: Vec<&[String]> = rows.iter().take(HEADING_ROWS).map(Vec::as_slice).collect();
    let complete = rows.len() <= ROWS;
    let sample =
        DraftSample { kind: SampledFormat::Workbook(sheet.to_owned()), ..blank(file_name.to_owned(), complete) };
    if header.is_empty() {
        return Err(SourceFault::NotATable("has no table on the sheet".to_owned()));
    }
    let count = table.row_count();
    let further = table.further_parts();
    if names_columns(&header, &next) {
        return Ok((DraftSample { header_row, header, rows, ..sample }.bounded(), count, further));
    }
    // Without a heading the first row of the sheet is data, and so is everything above what was taken for a heading.
    let whole = book.read(sheet, &HeadingRow::Stated(1))?;
    let (_, first, mut rows) = sheet_rows(&whole);
    let header = (1..=first.len()).map(|number| format!("column {number}")).collect();
    rows.insert(0, first);
    Ok((DraftSample { header, rows, ..sample }.bounded(), count + 1, further))
}

/// The heading's row number, the heading, and the rows of a sheet.
fn sheet_rows(table: &SheetTable) -> (u64, Vec<String>, Vec<Vec<String>>) {
    let Some(heading) = table.block.rows.first() else { return (0, Vec::new(), Vec::new()) };
    let cells = |row| (0..heading.field_count as usize).map(|at| trimmed(table.block.field(row, at))).collect();
    (heading.number, cells(heading), table.block.rows[1..].iter().take(ROWS + 1).map(cells).collect())
}

/// The first rows of a file of text, or of a member of a zip folder.
///
/// # Errors
/// The file cannot be read or is no table.
pub fn read_text(input: &InputPart, file_name: String) -> Result<DraftSample, SourceFault> {
    let mut source = open_text(&input.file, input.container, input.member.as_ref(), None)?;
    let encoding = Some((source.encoding.to_ascii_lowercase(), source.encoding_guessed));
    let mut text = Vec::new();
    source.fill(&mut text, BYTES)?;
    let ended = text.len() < BYTES;
    let dialect = Dialect { delimiter: sniff::delimiter(&text), quote: b'"' };
    let mut head = sniff::rows(&text, dialect);
    let mut width = usual_width(&head);
    let trailing_delimiter = drop_trailing_field(&mut head, &mut width);
    if let Some((columns, positions_in)) = fixed_columns(&text, width, source.encoding) {
        let counting = PositionsFrom::of(positions_in, source.encoding);
        return Ok(read_fixed(
            text,
            columns,
            counting,
            DraftSample { encoding, positions_in, ..blank(file_name, ended) },
        ));
    }
    let (header_row, header) = find_heading(&head, width)
        .ok_or_else(|| SourceFault::NotATable("has no rows; ask for the export again".to_owned()))?;
    let (cut, _) = delimited::whole_records(&text, dialect, ended);
    text.truncate(cut);
    let shape = RowShape { fields: width, trailing_delimiter, heading: &[] };
    let block = delimited::split_shaped(RawChunk { text, first_line: 1 }, dialect, shape);
    let repeats = |row: &BlockRow| (0..width).all(|at| trimmed(block.field(row, at)) == header[at]);
    let data = block.rows.iter().filter(|row| row.number > header_row && !repeats(row));
    let rows: Vec<Vec<String>> =
        data.clone().take(ROWS).map(|row| (0..width).map(|at| trimmed(block.field(row, at))).collect()).collect();
    let complete = ended && data.count() == rows.len();
    Ok(DraftSample {
        kind: SampledFormat::Delimited(dialect.delimiter),
        encoding,
        header_row,
        header,
        rejected: block.rejected.iter().filter(|row| row.number > header_row).count(),
        complete,
        rows,
        ..blank(file_name, ended)
    })
}

/// Takes the blank last field from rows that end with a delimiter which the heading lacks, and says whether they do.
fn drop_trailing_field(rows: &mut [(u64, Vec<String>)], width: &mut usize) -> bool {
    let heading = rows.iter().position(|(_, fields)| fields.len() + 1 == *width);
    let beneath = |heading: usize| rows[heading + 1..].iter().map(|(_, fields)| fields.as_slice());
    if !heading.is_some_and(|heading| sniff::trailing_delimiter(*width - 1, beneath(heading))) {
        return false;
    }
    for (_, fields) in rows.iter_mut().filter(|(_, fields)| fields.len() == *width) {
        fields.pop();
    }
    *width -= 1;
    true
}

fn blank(file_name: String, complete: bool) -> DraftSample {
    DraftSample {
        file_name,
        kind: SampledFormat::Delimited(b','),
        encoding: None,
        parts: DraftParts::default(),
        positions_in: PositionsIn::default(),
        header_row: 0,
        header: Vec::new(),
        rows: Vec::new(),
        rejected: 0,
        complete,
    }
}

fn trimmed(cell: &[u8]) -> String {
    String::from_utf8_lossy(cell).trim().to_owned()
}

/// The number of fields that most of the first rows have, the larger where two are as common.
fn usual_width(rows: &[(u64, Vec<String>)]) -> usize {
    let count = |width: usize| rows.iter().filter(|(_, fields)| fields.len() == width).count();
    rows.iter().map(|(_, fields)| fields.len()).max_by_key(|width| (count(*width), *width)).unwrap_or(1)
}

/// The heading and its line: the first row of the usual width that reads as names, titles above it passed over. Line 0 and made-up names where the first such
/// row is data already.
fn find_heading(rows: &[(u64, Vec<String>)], width: usize) -> Option<(u64, Vec<String>)> {
    let full: Vec<&(u64, Vec<String>)> =
        rows.iter().take(HEADING_ROWS).filter(|(_, fields)| fields.len() == width).collect();
    let titles = full.iter().take_while(|(_, fields)| !is_mostly_filled(fields)).count();
    for above in [titles, 0] {
        let Some((line, first)) = full.get(above) else { continue };
        let data: Vec<&[String]> = full[above + 1..].iter().map(|(_, fields)| fields.as_slice()).collect();
        if names_columns(first, &data) {
            let names = first.iter().map(|name| name.trim().to_owned()).collect();
            return Some((*line, names));
        }
    }
    (!full.is_empty()).then(|| (0, (1..=width).map(|number| format!("column {number}")).collect()))
}

/// Whether a row has as many filled cells as a heading: a spreadsheet pads a title above the table with blank ones.
fn is_mostly_filled(cells: &[String]) -> bool {
    cells.iter().filter(|cell| !cell.trim().is_empty()).count() * 10 >= cells.len() * 6
}

/// Whether a row names columns: mostly filled, no cell a number or a date, hardly one a code or an identifier, and no cell among the values beneath it. A draft shows
/// the names of columns: a row of a patient is none, and a whole row in one cell (fixed width, an unusual delimiter) least of all.
fn names_columns(cells: &[String], data: &[&[String]]) -> bool {
    let is_value = |cell: &str| cell.parse::<f64>().is_ok() || dates::looks_like_a_date(cell);
    // A heading that is repeated on every page is no value of its columns.
    let repeats = |row: &[String]| row.iter().zip(cells).all(|(cell, name)| cell.trim() == name.trim());
    let values: Vec<&&[String]> = data.iter().filter(|row| !repeats(row)).collect();
    let among = |at: usize, cell: &str| !cell.is_empty() && values.iter().any(|row| row[at].trim() == cell);
    is_mostly_filled(cells)
        && !looks_like_data(cells)
        && (cells.len() > 1 || cells.iter().all(|cell| looks_like_a_name(cell)))
        && !cells.iter().any(|cell| is_value(cell.trim()))
        && !cells.iter().enumerate().any(|(at, cell)| among(at, cell.trim()))
}

/// Columns of fixed width: where at least ten lines of one length, hardly cut by any delimiter, have blanks in common. Lines are of one length in characters,
/// or else in bytes, which are what their positions count then. `None` where the file is not so.
fn fixed_columns(text: &[u8], delimited_width: usize, encoding: &str) -> Option<(Vec<(usize, usize)>, PositionsIn)> {
    let text = String::from_utf8_lossy(text);
    let lines: Vec<&str> = text.lines().take(2_000).map(|line| line.trim_end_matches('\r')).collect();
    let characters = lines.iter().map(|line| line.chars().collect()).collect();
    if let Some(columns) = common_columns(characters, delimited_width) {
        return Some((columns, PositionsIn::Characters));
    }
    // A letter of several bytes stands for each of them.
    let counting = PositionsFrom::of(PositionsIn::Bytes, encoding);
    let bytes_of = |letter: char| std::iter::repeat_n(letter, counting.width(letter));
    let bytes = lines.iter().map(|line| line.chars().flat_map(bytes_of).collect()).collect();
    common_columns(bytes, delimited_width).map(|columns| (columns, PositionsIn::Bytes))
}

fn common_columns(mut lines: Vec<Vec<char>>, delimited_width: usize) -> Option<Vec<(usize, usize)>> {
    lines.retain(|line| !line.is_empty());
    // The last line may be cut where the sample ends.
    lines.pop();
    let length = lines.first()?.len();
    if lines.len() < 10 || length < 20 || lines.iter().any(|line| line.len() != length) {
        return None;
    }
    let gap: Vec<bool> = (0..length).map(|at| lines.iter().all(|line| line[at] == ' ')).collect();
    let mut columns = Vec::new();
    let mut start = None;
    for at in 0..=length {
        match (start, gap.get(at).copied().unwrap_or(true)) {
            (None, false) => start = Some(at),
            (Some(from), true) => {
                columns.push((from, at - from));
                start = None;
            }
            _ => {}
        }
    }
    (columns.len() > delimited_width.max(1)).then_some(columns)
}

fn read_fixed(
    text: Vec<u8>,
    columns: Vec<(usize, usize)>,
    counting: PositionsFrom,
    sample: DraftSample,
) -> DraftSample {
    let block = fixed_width::split(RawChunk { text, first_line: 1 }, &columns, None, counting);
    let cells = |row| -> Vec<String> { (0..columns.len()).map(|at| trimmed(block.field(row, at))).collect() };
    let mut rows: Vec<(u64, Vec<String>)> =
        block.rows.iter().take(ROWS + 1).map(|row| (row.number, cells(row))).collect();
    let (header_row, header) =
        find_heading(&rows, columns.len()).unwrap_or_else(|| (0, vec![String::new(); columns.len()]));
    rows.retain(|(number, _)| *number > header_row);
    DraftSample {
        header_row,
        header,
        rejected: block.rejected.len(),
        complete: sample.complete && rows.len() <= ROWS,
        rows: rows.into_iter().map(|(_, cells)| cells).take(ROWS).collect(),
        kind: SampledFormat::FixedWidth(columns),
        ..sample
    }
}

/// Reads every file and puts their rows together under the columns of the first.
///
/// # Errors
/// The file that cannot be read, or has other columns than the first.
pub fn read_all(
    files: &[PathBuf],
    stated: Option<&SourceOptions>,
) -> Result<(DraftSample, usize), (PathBuf, SourceFault)> {
    let mut whole: Option<DraftSample> = None;
    for path in files {
        let next = read(path, stated).map_err(|fault| (path.clone(), fault))?;
        match &mut whole {
            None => whole = Some(next),
            Some(first) => join(first, next).map_err(|fault| (path.clone(), fault))?,
        }
    }
    let whole = whole.ok_or_else(|| (PathBuf::new(), SourceFault::Empty))?;
    Ok((whole, files.len()))
}

/// Puts the rows of a further sample under the columns of the first.
///
/// # Errors
/// It has other columns.
pub fn join(first: &mut DraftSample, next: DraftSample) -> Result<(), SourceFault> {
    let lower = |name: &String| name.to_lowercase();
    let order: Option<Vec<usize>> = first
        .header
        .iter()
        .map(|name| next.header.iter().position(|other| lower(other) == lower(name)))
        .collect::<Option<_>>()
        .filter(|_| first.header.len() == next.header.len());
    let order = order.ok_or_else(|| {
        SourceFault::NotATable(
            "has other columns than what was read before it; each export needs a layout of its own".to_owned(),
        )
    })?;
    first.rows.extend(next.rows.into_iter().map(|row| order.iter().map(|at| row[*at].clone()).collect()));
    first.rejected += next.rejected;
    first.complete &= next.complete;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(text: &[u8]) -> DraftSample {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("export.txt");
        std::fs::write(&path, text).expect("written");
        read(&path, None).expect("a table")
    }

    #[test]
    fn the_heading_beneath_title_rows_is_found() {
        let found = sample(b"Monthly list\nOctober 2026\n\nVISIT;SEX;NOTE\n1;M;\"a;b\"\n2;F;\n");
        assert_eq!((found.header_row, found.kind), (4, SampledFormat::Delimited(b';')));
        assert_eq!(found.header, ["VISIT", "SEX", "NOTE"]);
        assert_eq!(found.rows, [["1", "M", "a;b"], ["2", "F", ""]]);
    }

    #[test]
    fn a_delimiter_behind_every_row_and_the_heading_over_again_are_no_data() {
        let found = sample(b"VISIT,SEX\n1,M,\n2,F,\n3,M,\n");
        assert_eq!((found.header_row, found.rejected), (1, 0));
        assert_eq!(found.header, ["VISIT", "SEX"]);
        assert_eq!(found.rows, [["1", "M"], ["2", "F"], ["3", "M"]]);
        let found = sample(b"VISIT,SEX\n1,M\n,\nVISIT,SEX\n2,F\n");
        assert_eq!(found.rows, [["1", "M"], ["2", "F"]]);
    }

    #[test]
    fn a_first_row_of_data_is_no_heading() {
        let found = sample(b"SMITH,F,HOME\nJONES,F,HOME\nBROWN,M,SNF\n");
        assert_eq!((found.header_row, found.header[0].as_str(), found.rows.len()), (0, "column 1", 3));
        let found = sample(b"A1,2026-01-02,F\nA2,2026-01-03,M\n");
        assert_eq!((found.header_row, found.rows.len()), (0, 2));
    }

    #[test]
    fn columns_of_fixed_width_are_cut_at_their_common_blanks() {
        let mut text = String::new();
        for number in 0..20 {
            text.push_str(&format!(
                "A{number:05}  2026-10-{:02} {}  {:>3}\n",
                number + 1,
                ["M", "F"][number % 2],
                number * 40
            ));
        }
        let found = sample(text.as_bytes());
        assert_eq!(found.kind, SampledFormat::FixedWidth(vec![(0, 6), (8, 10), (19, 1), (22, 3)]));
        assert_eq!(found.rows[2], ["A00002", "2026-10-03", "M", "80"]);
    }
}
