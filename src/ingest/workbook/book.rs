//! A workbook that is open: its sheets, and what each of them shows.

use std::{
    collections::BTreeMap,
    io::BufReader,
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{Data, DataRef, Ods, Reader, SheetType, SheetVisible, Xls, Xlsb, Xlsx};
use rustc_hash::FxHashSet;

use super::{
    HeadingRow, SheetTable,
    cells::{CellType, SheetCells},
    table,
    values::{Losses, is_day, text_of, text_of_ref},
};
use crate::ingest::{
    fault::SourceFault,
    input_file::{InputFile, InputReader},
    workbook_guard::{ErrorNumbers, GuardLook, WorkbookFormat, check, error_numbers, is_error},
};

/// Bytes of text of tables that are kept from the look at a workbook until they are taken.
const MOST_KEPT: usize = 64 << 20;
/// What is read of a cell whose error is not told by the library.
const ERROR: &str = "#ERROR!";
/// What is read of a formula without a stored value: nothing is known of it, so it must not be taken for a blank.
const NO_VALUE: &str = "#NO VALUE";

/// A sheet of a workbook that can hold a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetName {
    /// Its name.
    pub name: String,
    /// Whether it is hidden.
    pub is_hidden: bool,
    /// Its position from 1 among all sheets, charts and macros counted.
    pub position: usize,
}

/// A sheet as it was read.
#[derive(Debug, Default)]
pub struct SheetRead {
    /// Its filled cells.
    pub cells: SheetCells,
    /// What its cells lose as text.
    pub losses: Losses,
}

/// A workbook that is open.
pub struct SourceWorkbook {
    /// The sheets that can hold a table, hidden ones too, in their order.
    pub sheets: Vec<SheetName>,
    looked: GuardLook,
    error_numbers: ErrorNumbers,
    opened: Opened,
    kept: BTreeMap<String, SheetTable>,
    kept_bytes: usize,
}

impl std::fmt::Debug for SourceWorkbook {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Book").field("sheets", &self.sheets).finish_non_exhaustive()
    }
}

enum Opened {
    Xlsx(Box<Xlsx<BufReader<InputReader>>>),
    Xlsb(Box<Xlsb<BufReader<InputReader>>>),
    Xls(Box<Xls<BufReader<InputReader>>>),
    Ods(Box<Ods<BufReader<InputReader>>>),
}

/// The readers of damaged files are the last to be trusted: a fault of theirs costs one file, not the run.
fn guarded<T>(read: impl FnOnce() -> Result<T, SourceFault>) -> Result<T, SourceFault> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(damaged()))
}

impl SourceWorkbook {
    /// Opens a workbook.
    ///
    /// # Errors
    /// The file is no workbook, is damaged or protected, or would take more room than an export may.
    pub fn open(file: &InputFile) -> Result<SourceWorkbook, SourceFault> {
        let looked = check(file)?;
        let (opened, names) = guarded(|| {
            Ok(match looked.kind {
                WorkbookFormat::Xlsx => opened::<Xlsx<_>>(file, |book| Opened::Xlsx(Box::new(book)))?,
                WorkbookFormat::Xlsb => opened::<Xlsb<_>>(file, |book| Opened::Xlsb(Box::new(book)))?,
                WorkbookFormat::Xls => opened::<Xls<_>>(file, |book| Opened::Xls(Box::new(book)))?,
                WorkbookFormat::Ods => opened::<Ods<_>>(file, |book| Opened::Ods(Box::new(book)))?,
            })
        })?;
        let sheets = names
            .into_iter()
            .enumerate()
            .filter(|(_, sheet)| sheet.typ == SheetType::WorkSheet)
            .map(|(at, sheet)| SheetName {
                name: sheet.name,
                is_hidden: sheet.visible != SheetVisible::Visible,
                position: at + 1,
            })
            .collect();
        let error_numbers = if looked.error_numbers { error_numbers(file)? } else { ErrorNumbers::default() };
        Ok(SourceWorkbook { sheets, looked, error_numbers, opened, kept: BTreeMap::new(), kept_bytes: 0 })
    }

    /// The sheet of a name, or at a position from 1 where the name is a number and no sheet's name.
    pub fn sheet(&self, wanted: &str) -> Option<&SheetName> {
        let by_position = || {
            let position = wanted.parse::<usize>().ok()?;
            self.sheets.iter().find(|sheet| sheet.position == position)
        };
        self.sheets.iter().find(|sheet| sheet.name == wanted).or_else(by_position)
    }

    /// Says that a sheet is not there, and which are.
    pub fn no_sheet(&self, wanted: &str) -> SourceFault {
        let known: Vec<String> = self.sheets.iter().map(|sheet| format!("`{}`", sheet.name)).collect();
        SourceFault::NotFound(format!("has no sheet `{wanted}`; its sheets are {}", known.join(", ")))
    }

    /// Reads the table of a sheet. One that was kept is handed over, and is gone here.
    ///
    /// # Errors
    /// The sheet is damaged, or would take more room than an export may.
    pub fn read(&mut self, sheet: &str, heading: &HeadingRow<'_>) -> Result<SheetTable, SourceFault> {
        if let Some(kept) = self.kept.remove(sheet) {
            return Ok(kept);
        }
        let looked = self.looked;
        let (opened, error_numbers) = (&mut self.opened, &self.error_numbers);
        guarded(|| {
            let mut read = match opened {
                Opened::Xlsx(book) => read_xlsx(book, sheet, looked)?,
                Opened::Xlsb(book) => read_xlsb(book, sheet, looked)?,
                Opened::Xls(book) => read_dense(book.as_mut(), sheet, error_numbers)?,
                Opened::Ods(book) => read_dense(book.as_mut(), sheet, error_numbers)?,
            };
            read.cells = read.cells.in_order()?;
            table(sheet.to_owned(), read, heading)
        })
    }

    /// Keeps a table that was read with the very heading that it will be asked for with, so that it need not be read again; too large a one is let go.
    pub fn keep(&mut self, table: SheetTable) {
        let bytes = table.block.text.len() + table.block.fields.len() * size_of::<(u32, u32)>();
        if self.kept_bytes + bytes <= MOST_KEPT {
            self.kept_bytes += bytes;
            self.kept.insert(table.sheet.clone(), table);
        }
    }
}

fn opened<R>(file: &InputFile, boxed: impl FnOnce(R) -> Opened) -> Result<(Opened, Vec<calamine::Sheet>), SourceFault>
where
    R: Reader<BufReader<InputReader>>,
    R::Error: std::fmt::Display,
{
    let book = R::new(BufReader::new(file.reader())).map_err(|error| library_fault(&error))?;
    let names = book.sheets_metadata().to_vec();
    Ok((boxed(book), names))
}

fn damaged() -> SourceFault {
    SourceFault::Damaged("is a workbook that is damaged; open it in Excel, save it again, and send that".to_owned())
}

/// The library's own words may quote cells, so only the kind of fault is kept.
fn library_fault(error: &impl std::fmt::Display) -> SourceFault {
    if error.to_string().to_lowercase().contains("password") { SourceFault::Password } else { damaged() }
}

fn type_of_ref(value: &DataRef<'_>, text: &str) -> CellType {
    match value {
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) if is_day(text) => CellType::Day,
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) | DataRef::Bool(_) => {
            CellType::BooleanOrTime
        }
        _ => CellType::Plain,
    }
}

fn type_of(value: &Data, text: &str) -> CellType {
    match value {
        Data::DateTime(_) | Data::DateTimeIso(_) if is_day(text) => CellType::Day,
        Data::DateTime(_) | Data::DateTimeIso(_) | Data::DurationIso(_) | Data::Bool(_) => CellType::BooleanOrTime,
        _ => CellType::Plain,
    }
}

fn read_xlsx(
    book: &mut Xlsx<BufReader<InputReader>>,
    sheet: &str,
    looked: GuardLook,
) -> Result<SheetRead, SourceFault> {
    let mut read = SheetRead::default();
    // A blank cell, or a zero in a workbook that was never calculated, may be a formula without its value.
    let mut may_lack_value = false;
    let mut reader = book.worksheet_cells_reader(sheet).map_err(|error| library_fault(&error))?;
    // The formats by number, so that zeros which a cell shows and does not keep are given back.
    let formats: Vec<Option<String>> = reader
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref().map(|format| format.format_code.to_string()))
        .collect();
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|error| library_fault(&error))? {
        let (row, column) = cell.get_position();
        let format = formats.get(style).and_then(Option::as_deref);
        let value = cell.get_value();
        let text = text_of_ref(value, format, &mut read.losses);
        may_lack_value |= lacks_value(value, looked);
        read.cells.add(row, column, &text, type_of_ref(value, &text))?;
    }
    drop(reader);
    if looked.formulas && may_lack_value {
        let mut reader = book.worksheet_cells_reader(sheet).map_err(|error| library_fault(&error))?;
        while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(|error| library_fault(&error))? {
            if cell.formula.is_some() && lacks_value(&cell.value, looked) {
                read.losses.formulas_without_value += 1;
                if cell.value == DataRef::Empty {
                    read.cells.add(cell.pos.0, cell.pos.1, NO_VALUE, CellType::Plain)?;
                }
            }
        }
    }
    Ok(read)
}

/// Whether a formula with this stored value may never have been calculated: it has none, or it has the zero that programs write for it in a workbook which
/// says of itself that it must be calculated when it is opened.
fn lacks_value(value: &DataRef<'_>, looked: GuardLook) -> bool {
    match value {
        DataRef::Empty => true,
        DataRef::Float(number) => looked.never_calculated && *number == 0.0,
        DataRef::Int(number) => looked.never_calculated && *number == 0,
        _ => false,
    }
}

fn read_xlsb(
    book: &mut Xlsb<BufReader<InputReader>>,
    sheet: &str,
    looked: GuardLook,
) -> Result<SheetRead, SourceFault> {
    let mut read = SheetRead::default();
    let mut seen: FxHashSet<(u32, u32)> = FxHashSet::default();
    let mut reader = book.worksheet_cells_reader(sheet).map_err(|error| library_fault(&error))?;
    while let Some(cell) = reader.next_cell().map_err(|error| library_fault(&error))? {
        let (row, column) = cell.get_position();
        let value = cell.get_value();
        let text = text_of_ref(value, None, &mut read.losses);
        read.cells.add(row, column, &text, type_of_ref(value, &text))?;
        if looked.error_formulas {
            seen.insert((row, column));
        }
    }
    drop(reader);
    // The library passes over formulas whose value is an error: they are the formulas that it has shown no value of.
    if looked.error_formulas {
        let mut reader = book.worksheet_cells_reader(sheet).map_err(|error| library_fault(&error))?;
        while let Some(cell) = reader.next_formula().map_err(|error| library_fault(&error))? {
            let (row, column) = cell.get_position();
            if !seen.contains(&(row, column)) {
                read.losses.error_cells += 1;
                read.cells.add(row, column, ERROR, CellType::Plain)?;
            }
        }
    }
    Ok(read)
}

fn read_dense<R>(book: &mut R, sheet: &str, error_numbers: &ErrorNumbers) -> Result<SheetRead, SourceFault>
where
    R: Reader<BufReader<InputReader>>,
    R::Error: std::fmt::Display,
{
    let range = book.worksheet_range(sheet).map_err(|error| library_fault(&error))?;
    let formulas = book.worksheet_formula(sheet).map_err(|error| library_fault(&error))?;
    let (first_row, first_column) = range.start().unwrap_or((0, 0));
    let mut read = SheetRead::default();
    for (row, column, value) in range.used_cells() {
        let place = (first_row + row as u32, first_column + column as u32);
        if error_numbers.has(sheet, place) {
            read.losses.error_cells += 1;
            read.cells.add(place.0, place.1, ERROR, CellType::Plain)?;
            continue;
        }
        let text = text_of(value, &mut read.losses);
        // OpenDocument has no type for errors: they are texts that formulas show.
        if is_error(&text)
            && matches!(value, Data::String(_))
            && formulas.get_value(place).is_some_and(|formula| !formula.is_empty())
        {
            read.losses.error_cells += 1;
        }
        read.cells.add(place.0, place.1, &text, type_of(value, &text))?;
    }
    let (first_row, first_column) = formulas.start().unwrap_or((0, 0));
    for (row, column, formula) in formulas.used_cells() {
        let place = (first_row + row as u32, first_column + column as u32);
        if !formula.is_empty() && range.get_value(place).is_none_or(|value| *value == Data::Empty) {
            read.losses.formulas_without_value += 1;
            read.cells.add(place.0, place.1, NO_VALUE, CellType::Plain)?;
        }
    }
    Ok(read)
}
