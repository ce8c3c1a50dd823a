//! Workbooks: xlsx, xlsb, xls and ods to rows of text, with titles above and notes beneath the table kept apart.

use std::{
    collections::BTreeMap,
    fs::File,
    io::BufReader,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use calamine::{Data, DataRef, Ods, Reader, SheetVisible, Xls, Xlsb, Xlsx};

use super::{
    block::{Block, BlockRow},
    fault::SourceFault,
    workbook_guard::{Kind, check},
};

/// Filled cells that one sheet may have.
const MOST_CELLS: usize = 6_000_000;
/// Bytes of text that one sheet may have.
const MOST_TEXT: usize = 160 << 20;
/// Rows among which the heading is looked for.
const HEADING_ROWS: usize = 40;

/// The table of a sheet.
#[derive(Debug, Default)]
pub struct SheetTable {
    /// Name of the sheet.
    pub sheet: String,
    /// The heading as first row, then the rows; numbers are the sheet's own. Every row has the width of the heading.
    pub block: Block,
    /// Titles above and notes beneath the table: row and text.
    pub notes: Vec<(u64, String)>,
    /// Cells that hold an error (`#N/A`).
    pub error_cells: u64,
    /// Whole numbers of more than 15 digits: a spreadsheet keeps no more, so the last digits are lost.
    pub long_numbers: u64,
}

/// Filled cells of a sheet as text, by row and column from 0.
#[derive(Debug, Default)]
struct Cells {
    rows: BTreeMap<u32, Vec<(u32, String)>>,
    count: usize,
    text: usize,
    error_cells: u64,
    long_numbers: u64,
}

impl Cells {
    fn add(&mut self, row: u32, column: u32, text: String) -> Result<(), SourceFault> {
        if text.is_empty() {
            return Ok(());
        }
        self.count += 1;
        self.text += text.len();
        if self.count > MOST_CELLS || self.text > MOST_TEXT {
            return Err(SourceFault::TooLarge(
                "has more cells than an Excel export may; save the sheet as CSV".to_owned(),
            ));
        }
        self.rows.entry(row).or_default().push((column, text));
        Ok(())
    }
}

/// Reads one sheet: by name, by position from 1, or the first that holds a table. `header_row` is the sheet's own row number where it is stated.
///
/// # Errors
/// The file is no workbook, is damaged or protected, has no such sheet, or would take more room than an export may.
pub fn read_sheet(path: &Path, sheet: Option<&str>, header_row: Option<u64>) -> Result<SheetTable, SourceFault> {
    let kind = check(path)?;
    // The readers of damaged files are the last to be trusted: a fault of theirs costs one file, not the run.
    let read = catch_unwind(AssertUnwindSafe(|| match kind {
        Kind::Xlsx => read_xlsx(path, sheet),
        Kind::Xlsb => read_xlsb(path, sheet),
        Kind::Xls => read_dense::<Xls<BufReader<File>>>(path, sheet),
        Kind::Ods => read_dense::<Ods<BufReader<File>>>(path, sheet),
    }));
    match read {
        Ok(Ok((name, cells))) => Ok(table(name, cells, header_row)),
        Ok(Err(fault)) => Err(fault),
        Err(_) => Err(damaged()),
    }
}

fn damaged() -> SourceFault {
    SourceFault::Damaged("is a workbook that is damaged; open it in Excel, save it again, and send that".to_owned())
}

/// The library's own words may quote cells, so only the kind of fault is kept.
fn library_fault(error: &impl std::fmt::Display) -> SourceFault {
    if error.to_string().to_lowercase().contains("password") { SourceFault::Password } else { damaged() }
}

fn open(path: &Path) -> Result<BufReader<File>, SourceFault> {
    Ok(BufReader::new(File::open(path).map_err(SourceFault::Read)?))
}

/// The sheets to try: the stated one, or all visible ones in their order.
fn sheets(names: &[calamine::Sheet], wanted: Option<&str>) -> Result<Vec<String>, SourceFault> {
    let Some(wanted) = wanted else {
        return Ok(names
            .iter()
            .filter(|sheet| sheet.visible == SheetVisible::Visible)
            .map(|sheet| sheet.name.clone())
            .collect());
    };
    let by_name = names.iter().find(|sheet| sheet.name == wanted);
    let by_position = wanted.parse::<usize>().ok().and_then(|number| names.get(number.wrapping_sub(1)));
    match by_name.or(by_position) {
        Some(sheet) => Ok(vec![sheet.name.clone()]),
        None => {
            let known: Vec<String> = names.iter().map(|sheet| format!("`{}`", sheet.name)).collect();
            Err(SourceFault::NotFound(format!("has no sheet `{wanted}`; its sheets are {}", known.join(", "))))
        }
    }
}

/// Whether a sheet holds a table: at least two rows of at least two cells.
fn holds_table(cells: &Cells) -> bool {
    cells.rows.values().filter(|row| row.len() > 1).count() > 1
}

/// Reads sheets in order until one holds a table; the first one where none does.
fn first_table(
    names: &[String],
    mut read: impl FnMut(&str) -> Result<Cells, SourceFault>,
) -> Result<(String, Cells), SourceFault> {
    let mut first = None;
    for name in names {
        let cells = read(name)?;
        if holds_table(&cells) {
            return Ok((name.clone(), cells));
        }
        first.get_or_insert((name.clone(), cells));
    }
    first.ok_or_else(|| SourceFault::NotATable("has no visible sheet".to_owned()))
}

fn read_xlsx(path: &Path, sheet: Option<&str>) -> Result<(String, Cells), SourceFault> {
    let mut book: Xlsx<_> = Xlsx::new(open(path)?).map_err(|error| library_fault(&error))?;
    let names = sheets(book.sheets_metadata(), sheet)?;
    first_table(&names, |name| {
        let mut cells = Cells::default();
        let mut reader = book.worksheet_cells_reader(name).map_err(|error| library_fault(&error))?;
        while let Some(cell) = reader.next_cell().map_err(|error| library_fault(&error))? {
            let (row, column) = cell.get_position();
            let text = text_of_ref(cell.get_value(), &mut cells);
            cells.add(row, column, text)?;
        }
        Ok(cells)
    })
}

fn read_xlsb(path: &Path, sheet: Option<&str>) -> Result<(String, Cells), SourceFault> {
    let mut book: Xlsb<_> = Xlsb::new(open(path)?).map_err(|error| library_fault(&error))?;
    let names = sheets(book.sheets_metadata(), sheet)?;
    first_table(&names, |name| {
        let mut cells = Cells::default();
        let mut reader = book.worksheet_cells_reader(name).map_err(|error| library_fault(&error))?;
        while let Some(cell) = reader.next_cell().map_err(|error| library_fault(&error))? {
            let (row, column) = cell.get_position();
            let text = text_of_ref(cell.get_value(), &mut cells);
            cells.add(row, column, text)?;
        }
        Ok(cells)
    })
}

fn read_dense<R>(path: &Path, sheet: Option<&str>) -> Result<(String, Cells), SourceFault>
where
    R: Reader<BufReader<File>>,
    R::Error: std::fmt::Display,
{
    let mut book = R::new(open(path)?).map_err(|error| library_fault(&error))?;
    let names = sheets(book.sheets_metadata(), sheet)?;
    first_table(&names, |name| {
        let range = book.worksheet_range(name).map_err(|error| library_fault(&error))?;
        let (first_row, first_column) = range.start().unwrap_or((0, 0));
        let mut cells = Cells::default();
        for (row, column, value) in range.used_cells() {
            let text = text_of(value, &mut cells);
            cells.add(first_row + row as u32, first_column + column as u32, text)?;
        }
        Ok(cells)
    })
}

fn text_of_ref(value: &DataRef<'_>, cells: &mut Cells) -> String {
    match value {
        DataRef::SharedString(text) => (*text).trim().to_owned(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.trim().to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number, cells),
        DataRef::Bool(flag) => flag_text(*flag),
        DataRef::DateTime(moment) => date_text(moment, cells),
        DataRef::Error(error) => error_text(&error.to_string(), cells),
        DataRef::Empty => String::new(),
    }
}

fn text_of(value: &Data, cells: &mut Cells) -> String {
    match value {
        Data::String(text) | Data::DurationIso(text) => text.trim().to_owned(),
        Data::DateTimeIso(text) => text.trim().replace('T', " "),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number_text(*number, cells),
        Data::Bool(flag) => flag_text(*flag),
        Data::DateTime(moment) => date_text(moment, cells),
        Data::Error(error) => error_text(&error.to_string(), cells),
        _ => String::new(),
    }
}

fn flag_text(flag: bool) -> String {
    if flag { "TRUE" } else { "FALSE" }.to_owned()
}

fn error_text(error: &str, cells: &mut Cells) -> String {
    cells.error_cells += 1;
    error.to_owned()
}

/// A number as a person would type it: whole numbers without a decimal point, others by the shortest text that reads back.
fn number_text(number: f64, cells: &mut Cells) -> String {
    if number.fract() == 0.0 && number.abs() < 1e18 {
        if number.abs() >= 1e15 {
            cells.long_numbers += 1;
        }
        return format!("{number:.0}");
    }
    format!("{number}")
}

/// A date as `YYYY-MM-DD`, with its time where it has one; a time alone as `HH:MM:SS`. Rounded to the second: a serial is a binary fraction.
fn date_text(moment: &calamine::ExcelDateTime, cells: &mut Cells) -> String {
    let serial = moment.as_f64();
    if moment.is_duration() || (0.0..1.0).contains(&serial) {
        let seconds = (serial * 86_400.0).round() as i64;
        return format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    let Some(exact) = moment.as_datetime() else { return number_text(serial, cells) };
    let rounded = exact + chrono::Duration::milliseconds(500);
    let time = rounded.format("%H:%M:%S").to_string();
    if time == "00:00:00" {
        rounded.format("%Y-%m-%d").to_string()
    } else {
        rounded.format("%Y-%m-%d %H:%M:%S").to_string()
    }
}

/// Finds the table among the cells.
fn table(sheet: String, cells: Cells, header_row: Option<u64>) -> SheetTable {
    let mut result =
        SheetTable { sheet, error_cells: cells.error_cells, long_numbers: cells.long_numbers, ..SheetTable::default() };
    let rows: Vec<(u32, Vec<(u32, String)>)> = cells
        .rows
        .into_iter()
        .map(|(row, mut cells)| {
            cells.sort_by_key(|(column, _)| *column);
            (row, cells)
        })
        .collect();
    let heading = match header_row {
        Some(stated) => rows.iter().position(|(row, _)| u64::from(*row) + 1 >= stated),
        None => find_heading(&rows),
    };
    let Some(heading) = heading else { return result };
    let columns: Vec<u32> = {
        let first = rows[heading].1.first().map_or(0, |(column, _)| *column);
        let last = rows[heading].1.last().map_or(0, |(column, _)| *column).min(first + 16_383);
        (first..=last).collect()
    };
    let joined = |cells: &[(u32, String)]| cells.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ");
    for (row, cells) in &rows[..heading] {
        result.notes.push((u64::from(*row) + 1, joined(cells)));
    }
    let end = end_of_table(&rows, heading, columns.len());
    for (row, cells) in &rows[end..] {
        result.notes.push((u64::from(*row) + 1, joined(cells)));
    }
    for (row, cells) in &rows[heading..end] {
        push_row(&mut result.block, u64::from(*row) + 1, cells, &columns);
    }
    result
}

fn push_row(block: &mut Block, number: u64, cells: &[(u32, String)], columns: &[u32]) {
    let first_field = block.fields.len() as u32;
    let start = block.text.len() as u32;
    let mut cell = cells.iter().peekable();
    for column in columns {
        while cell.next_if(|(at, _)| at < column).is_some() {}
        let from = block.text.len() as u32;
        if let Some((_, text)) = cell.next_if(|(at, _)| at == column) {
            block.text.extend_from_slice(text.as_bytes());
        }
        block.fields.push((from, block.text.len() as u32));
        block.text.push(b'\t');
    }
    let end = block.text.len() as u32;
    block.rows.push(BlockRow { number, first_field, field_count: columns.len() as u32, raw: (start, end) });
}

/// The heading: the first row without a number that is as wide as the table, the table's width being the one that most rows have.
fn find_heading(rows: &[(u32, Vec<(u32, String)>)]) -> Option<usize> {
    let widths: Vec<usize> = rows.iter().take(HEADING_ROWS + 200).map(|(_, cells)| cells.len()).collect();
    let widest = widths.iter().copied().max()?;
    let rows_of = |width: usize| widths.iter().filter(|other| **other == width).count();
    let commonest = widths
        .iter()
        .copied()
        .filter(|width| *width > 1)
        .max_by_key(|width| (rows_of(*width), *width))
        .unwrap_or(widest);
    let words = |cells: &[(u32, String)]| cells.iter().all(|(_, text)| text.parse::<f64>().is_err());
    let first =
        |least: usize| rows.iter().take(HEADING_ROWS).position(|(_, cells)| cells.len() >= least && words(cells));
    // A heading is seldom narrower than its rows; a table with gaps in most rows is met by the second look.
    first(widest.max(commonest))
        .filter(|_| rows_of(widest) > 1)
        .or_else(|| first(commonest))
        .or((!rows.is_empty()).then_some(0))
}

/// One past the last row of the table: what follows a blank row, or stands alone at the end of a wide table, with at most two cells, is a note.
fn end_of_table(rows: &[(u32, Vec<(u32, String)>)], heading: usize, width: usize) -> usize {
    let mut end = rows.len();
    while end > heading + 1 {
        let (row, cells) = &rows[end - 1];
        let after_gap = rows[end - 2].0 + 1 < *row;
        let sparse = cells.len() <= 2 && width > 2 && cells.len() * 3 <= width;
        let alone = cells.len() == 1 && width >= 4;
        // Once a row that is plainly no note is met, the table has ended there.
        let among_notes = end < rows.len();
        if !sparse || !(after_gap || alone || among_notes) {
            break;
        }
        end -= 1;
    }
    end
}
