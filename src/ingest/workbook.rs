//! Workbooks: xlsx, xlsb, xls and ods to rows of text, with titles above and notes beneath and beside the table kept apart.

pub mod book;
mod cells;
mod further;
mod values;

use self::{
    book::{SheetRead, SourceWorkbook},
    cells::{CellType, SheetCell, SheetCells, SheetRow},
    further::{FurtherTable, rows_beside, start_of_further_table},
};
use super::{
    block::{BlockRow, RejectedRow, RowBlock},
    fault::SourceFault,
    heading::{IsHeading, MOST_COLUMNS, place_of_heading},
    input_file::InputFile,
};
use crate::record::account::UnreadPart;

/// Rows among which the heading is looked for.
const HEADING_ROWS: usize = 40;
/// Rows by which the heading is judged.
const JUDGING_ROWS: usize = HEADING_ROWS + 200;
/// Fields that all rows of a table may have, blank ones before the last filled one of a row counted.
const MOST_FIELDS: usize = 8_000_000;

const CONTRADICTS: &str = "a cell of the row is stated twice";

/// The table of a sheet.
#[derive(Debug, Default)]
pub struct SheetTable {
    /// Name of the sheet.
    pub sheet: String,
    /// The heading as first row, then the rows; numbers are the sheet's own. A row ends with its last filled cell.
    pub block: RowBlock,
    /// Titles above, notes beneath, and what stands beside the columns of the heading: row and text.
    pub notes: Vec<(u64, String)>,
    /// Whether the sheet holds a table: at least two rows of at least two cells.
    pub holds_table: bool,
    /// Tables beside or beneath the one that is read.
    pub further: Vec<FurtherTable>,
    /// Cells that hold an error (`#N/A`).
    pub error_cells: u64,
    /// Whole numbers of more than 15 digits: a spreadsheet keeps no more, so the last digits are lost.
    pub long_numbers: u64,
    /// Cells with a formula and no stored value.
    pub formulas_without_value: u64,
}

impl SheetTable {
    /// The names of the heading; none where the sheet is blank.
    pub fn heading(&self) -> Vec<String> {
        let names = |row: &BlockRow| {
            (0..row.field_count as usize)
                .map(|at| String::from_utf8_lossy(self.block.field(row, at)).into_owned())
                .collect()
        };
        self.block.rows.first().map(names).unwrap_or_default()
    }

    /// The further tables as parts that are not read.
    pub fn further_parts(&self) -> Vec<UnreadPart> {
        let part = |further: &FurtherTable| UnreadPart {
            kind: "table".to_owned(),
            part: format!("{} from row {}", self.sheet, further.first_row),
            rows: Some(further.rows),
            fits: false,
        };
        self.further.iter().map(part).collect()
    }

    /// Rows beneath the heading.
    pub fn row_count(&self) -> u64 {
        (self.block.rows.len() + self.block.rejected.len()).saturating_sub(1) as u64
    }
}

/// Where the heading of a sheet stands.
pub enum HeadingRow<'h> {
    /// On this row of the sheet, counted from 1, or on the first filled one after it.
    Stated(u64),
    /// On the first row that this says yes to; where it says yes to none, found by its shape.
    Matching(IsHeading<'h>),
    /// Found by its shape.
    ByShape,
}

/// Reads one sheet: by name, by position from 1, or the first visible one that holds a table. `header_row` is the sheet's own row number where it is stated.
///
/// # Errors
/// The file is no workbook, is damaged or protected, has no such sheet, or would take more room than an export may.
pub fn read_sheet(file: &InputFile, sheet: Option<&str>, header_row: Option<u64>) -> Result<SheetTable, SourceFault> {
    file.answered(sheet_of(file, sheet, header_row))
}

fn sheet_of(file: &InputFile, sheet: Option<&str>, header_row: Option<u64>) -> Result<SheetTable, SourceFault> {
    let mut book = SourceWorkbook::open(file)?;
    let heading = header_row.map_or(HeadingRow::ByShape, HeadingRow::Stated);
    if let Some(wanted) = sheet {
        let name = book.sheet(wanted).ok_or_else(|| book.no_sheet(wanted))?.name.clone();
        return book.read(&name, &heading);
    }
    let mut first = None;
    let visible: Vec<String> =
        book.sheets.iter().filter(|sheet| !sheet.is_hidden).map(|sheet| sheet.name.clone()).collect();
    for name in visible {
        let table = book.read(&name, &heading)?;
        if table.holds_table {
            return Ok(table);
        }
        first.get_or_insert(table);
    }
    first.ok_or_else(|| SourceFault::NotATable("has no visible sheet".to_owned()))
}

/// Finds the table among the cells.
fn table(sheet: String, read: SheetRead, header_row: &HeadingRow<'_>) -> Result<SheetTable, SourceFault> {
    let SheetRead { cells, losses } = read;
    let mut result = SheetTable {
        sheet,
        error_cells: losses.error_cells,
        long_numbers: losses.long_numbers,
        formulas_without_value: losses.formulas_without_value,
        holds_table: cells.rows.iter().filter(|row| cells.cells_of(row).len() > 1).take(2).count() > 1,
        ..SheetTable::default()
    };
    let by_shape = || find_heading(&first_rows(&cells));
    let heading = match header_row {
        HeadingRow::Stated(stated) => cells.rows.iter().position(|row| number_of(row) >= *stated),
        HeadingRow::Matching(matches) => {
            let first = cells.rows.iter().take(HEADING_ROWS);
            place_of_heading(first.map(|row| names_of(&cells, row)), *matches).or_else(by_shape)
        }
        HeadingRow::ByShape => by_shape(),
    };
    let Some(heading) = heading else { return Ok(result) };
    let columns = columns_of(&cells, &cells.rows[heading]);
    let mut end = end_of_table(&cells, heading, (columns.1 - columns.0 + 1) as usize);
    if let Some(start) = start_of_further_table(&cells, heading, end) {
        result.further.push(FurtherTable { first_row: number_of(&cells.rows[start]), rows: (end - start - 1) as u64 });
        end = start;
    } else {
        for row in &cells.rows[end..] {
            result.notes.push((number_of(row), joined(&cells, cells.cells_of(row))));
        }
    }
    for row in &cells.rows[..heading] {
        result.notes.push((number_of(row), joined(&cells, cells.cells_of(row))));
    }
    result.further.extend(rows_beside(&cells, &cells.rows[heading..end], columns));
    for row in &cells.rows[heading..end] {
        push_row(&mut result, &cells, row, columns)?;
    }
    result.block.text = cells.text;
    result.notes.sort_by_key(|(row, _)| *row);
    Ok(result)
}

/// The row's number as the sheet shows it.
fn number_of(row: &SheetRow) -> u64 {
    u64::from(row.row) + 1
}

/// First and last column of the heading.
fn columns_of(cells: &SheetCells, heading: &SheetRow) -> (u32, u32) {
    let heading = cells.cells_of(heading);
    let first = heading.first().map_or(0, |cell| cell.column);
    let last = heading.last().map_or(first, |cell| cell.column);
    (first, last.min(first + MOST_COLUMNS as u32 - 1))
}

/// The names that a row would have as a heading: of its columns from the first filled one to the last, blank ones among them.
fn names_of(cells: &SheetCells, row: &SheetRow) -> Vec<String> {
    let (first, last) = columns_of(cells, row);
    let mut names = vec![String::new(); (last - first + 1) as usize];
    for cell in cells.cells_of(row).iter().filter(|cell| cell.column <= last) {
        names[(cell.column - first) as usize] = String::from_utf8_lossy(cells.text_of(cell)).into_owned();
    }
    names
}

fn joined(cells: &SheetCells, chosen: &[SheetCell]) -> String {
    chosen.iter().map(|cell| String::from_utf8_lossy(cells.text_of(cell))).collect::<Vec<_>>().join(" ")
}

fn push_row(
    result: &mut SheetTable,
    cells: &SheetCells,
    row: &SheetRow,
    (first, last): (u32, u32),
) -> Result<(), SourceFault> {
    let all = cells.cells_of(row);
    let raw = cells.span_of(row);
    if row.contradicts {
        result.block.rejected.push(RejectedRow {
            number: number_of(row),
            reason: CONTRADICTS,
            raw: cells.text[raw.0 as usize..raw.1 as usize].to_vec(),
        });
        return Ok(());
    }
    let before = all.partition_point(|cell| cell.column < first);
    let after = all.partition_point(|cell| cell.column <= last);
    // What stands beside the table belongs to no column; it is told, and the row is none the worse.
    for beside in [&all[..before], &all[after..]] {
        if !beside.is_empty() {
            result.notes.push((number_of(row), joined(cells, beside)));
        }
    }
    let inside = &all[before..after];
    let Some(last_filled) = inside.last() else { return Ok(()) };
    let first_field = result.block.fields.len();
    let field_count = (last_filled.column - first + 1) as usize;
    if first_field + field_count > MOST_FIELDS {
        return Err(SourceFault::TooLarge(
            "has a table of more cells than an Excel export may; save the sheet as CSV".to_owned(),
        ));
    }
    result.block.fields.resize(first_field + field_count, (raw.0, raw.0));
    for cell in inside {
        let field = first_field + (cell.column - first) as usize;
        result.block.fields[field] = cell.text;
        match cell.of_type {
            CellType::Plain => {}
            CellType::Day => result.block.typed_dates.push(field as u32),
            CellType::BooleanOrTime => result.block.typed_otherwise.push(field as u32),
        }
    }
    result.block.rows.push(BlockRow {
        number: number_of(row),
        first_field: first_field as u32,
        field_count: field_count as u32,
        raw,
    });
    Ok(())
}

/// The first rows, by which the heading is found.
fn first_rows(cells: &SheetCells) -> Vec<(u32, Vec<(u32, String)>)> {
    let text = |cell: &SheetCell| (cell.column, String::from_utf8_lossy(cells.text_of(cell)).into_owned());
    let rows = cells.rows.iter().take(JUDGING_ROWS);
    rows.map(|row| (row.row, cells.cells_of(row).iter().map(text).collect())).collect()
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

/// One past the last row of the table. Notes are rows of at most two cells at the end of the sheet, from a blank row on, or from a single cell beneath a
/// wide table that has several words or another note right below it. Any other sparse row that follows the table without a gap is a record with blanks.
fn end_of_table(cells: &SheetCells, heading: usize, width: usize) -> usize {
    let rows = &cells.rows;
    let mut end = rows.len();
    for at in (heading + 1..rows.len()).rev() {
        let filled = cells.cells_of(&rows[at]);
        let sparse = filled.len() <= 2 && width > 2 && filled.len() * 3 <= width;
        if !sparse {
            break;
        }
        let after_gap = rows[at - 1].row + 1 < rows[at].row;
        let words = || cells.text_of(&filled[0]).contains(&b' ');
        let above_note = || end == at + 1 && rows.get(end).is_some_and(|below| below.row == rows[at].row + 1);
        if after_gap || (filled.len() == 1 && width >= 4 && (words() || above_note())) {
            end = at;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs::File, io::Write as _};

    /// A workbook of one sheet; formats 0 to 3 are general, `00000`, a date and a text of digits with dashes.
    fn read(rows: &str, header_row: Option<u64>) -> SheetTable {
        read_parts(&parts(rows), header_row).expect("a table")
    }

    /// The parts of a workbook, by their names.
    fn parts(rows: &str) -> Vec<(&'static str, Vec<u8>)> {
        [
            ("[Content_Types].xml", "<Types/>".to_owned()),
            ("_rels/.rels", "<Relationships><Relationship Id='r1' Type='x/relationships/officeDocument' Target='xl/workbook.xml'/></Relationships>".to_owned()),
            ("xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id='r1' Type='x/worksheet' Target='worksheets/sheet1.xml'/></Relationships>".to_owned()),
            ("xl/workbook.xml", "<workbook><sheets><sheet name='Data' sheetId='1' r:id='r1'/></sheets></workbook>".to_owned()),
            ("xl/styles.xml", "<styleSheet><numFmts><numFmt numFmtId='200' formatCode='00000'/><numFmt numFmtId='201' formatCode='000\\-00\\-0000'/></numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='200'/><xf numFmtId='14'/><xf numFmtId='201'/></cellXfs></styleSheet>".to_owned()),
            ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")),
        ]
        .map(|(name, text): (&str, String)| (name, text.into_bytes()))
        .to_vec()
    }

    fn read_parts(parts: &[(impl AsRef<str>, Vec<u8>)], header_row: Option<u64>) -> Result<SheetTable, SourceFault> {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("book.xlsx");
        let mut archive = zip::ZipWriter::new(File::create(&path).expect("file"));
        for (name, bytes) in parts {
            archive.start_file(name.as_ref(), zip::write::SimpleFileOptions::default()).expect("part");
            archive.write_all(bytes).expect("written");
        }
        archive.finish().expect("zip");
        read_sheet(&InputFile::open(&path)?, None, header_row)
    }

    fn text(place: &str, value: &str) -> String {
        format!("<c r='{place}' t='inlineStr'><is><t>{value}</t></is></c>")
    }

    fn number(place: &str, style: u8, value: &str) -> String {
        format!("<c r='{place}' s='{style}'><v>{value}</v></c>")
    }

    fn cells(table: &SheetTable) -> Vec<(u64, Vec<String>)> {
        let cell = |row: &BlockRow, at: usize| String::from_utf8_lossy(table.block.field(row, at)).into_owned();
        let block = &table.block;
        block
            .rows
            .iter()
            .map(|row| (row.number, (0..row.field_count as usize).map(|at| cell(row, at)).collect()))
            .collect()
    }

    const HEADING: [&str; 3] = ["Account", "Zip", "Admitted"];

    fn heading(row: u32) -> String {
        let cells: String =
            ["B", "C", "D"].iter().zip(HEADING).map(|(column, name)| text(&format!("{column}{row}"), name)).collect();
        format!("<row r='{row}'>{cells}</row>")
    }

    #[test]
    fn a_sheet_reads_as_a_person_sees_it() {
        let rows = [
            format!("<row r='1'>{}</row>", text("A1", "Discharges of October")),
            heading(3),
            format!(
                "<row r='4'>{}{}{}</row>",
                number("B4", 3, "12345678"),
                number("C4", 1, "1234"),
                number("D4", 2, "45351")
            ),
            format!(
                "<row r='5'>{}{}{}</row>",
                number("B5", 0, "250.0"),
                "<c r='C5' t='e'><v>#N/A</v></c>",
                "<c r='D5' t='b'><v>1</v></c>"
            ),
            format!("<row r='6'>{}{}</row>", number("B6", 0, "123456789012345678"), "<c r='C6'><f>1+1</f></c>"),
            format!("<row r='9'>{}</row>", text("B9", "Source: ADT")),
        ]
        .concat();
        let table = read(&rows, None);
        let named = HEADING.map(str::to_owned).to_vec();
        assert_eq!(
            cells(&table),
            [
                (3, named),
                (4, vec!["012-34-5678".to_owned(), "01234".to_owned(), "2024-02-29".to_owned()]),
                (5, vec!["250".to_owned(), "#N/A".to_owned(), "TRUE".to_owned()]),
                (6, vec!["123456789012345680".to_owned(), "#NO VALUE".to_owned()]),
            ]
        );
        assert_eq!((table.error_cells, table.long_numbers, table.formulas_without_value), (1, 1, 1));
        assert_eq!(table.notes, [(1, "Discharges of October".to_owned()), (9, "Source: ADT".to_owned())]);
    }

    #[test]
    fn what_stands_beside_the_columns_is_told_and_the_row_is_kept() {
        let rows = [
            heading(1),
            format!(
                "<row r='2'>{}{}{}{}</row>",
                text("A2", "left"),
                text("B2", "a"),
                text("C2", "b"),
                text("F2", "right")
            ),
            format!("<row r='3'>{}{}</row>", text("B3", "c"), text("D3", "d")),
        ]
        .concat();
        let table = read(&rows, Some(1));
        assert_eq!(table.notes, [(2, "left".to_owned()), (2, "right".to_owned())]);
        let kept: Vec<_> = cells(&table).into_iter().skip(1).map(|(_, cells)| cells.join("/")).collect();
        assert_eq!(kept, ["a/b", "c//d"]);
    }

    #[test]
    fn two_rows_that_differ_in_place_only_are_not_the_same_row() {
        let rows = [
            heading(1),
            format!("<row r='2'>{}{}</row>", text("B2", "a"), text("C2", "b")),
            format!("<row r='3'>{}{}</row>", text("B3", "a"), text("D3", "b")),
        ]
        .concat();
        let table = read(&rows, Some(1));
        let raw: Vec<&[u8]> = table.block.rows[1..].iter().map(|row| table.block.raw(row)).collect();
        assert_ne!(raw[0], raw[1]);
    }

    #[test]
    fn a_row_that_contradicts_itself_is_rejected_with_both_texts() {
        let rows = [
            heading(1),
            format!("<row r='2'>{}{}{}</row>", text("B2", "a"), text("B2", "z"), text("C2", "b")),
            format!("<row r='3'>{}{}</row>", text("B3", "c"), text("C3", "d")),
        ]
        .concat();
        let table = read(&rows, Some(1));
        assert_eq!(cells(&table).len(), 2);
        assert_eq!(
            table.block.rejected.iter().map(|row| (row.number, row.reason)).collect::<Vec<_>>(),
            [(2, CONTRADICTS)]
        );
        assert_eq!(table.block.rejected[0].raw, b"\taz\tb");
    }

    #[test]
    fn a_genuine_workbook_is_read_whatever_its_parts_are_called() {
        let rows = [heading(1), format!("<row r='2'>{}{}</row>", text("B2", "a"), text("C2", "b"))].concat();
        let expected = cells(&read(&rows, None));
        // As some programs write it on Windows.
        let backslashes: Vec<(String, Vec<u8>)> =
            parts(&rows).into_iter().map(|(name, bytes)| (name.replace('/', "\\"), bytes)).collect();
        // A part that no reader of cells reads may be in any encoding.
        let utf16: Vec<u8> = "<a><b/></a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let custom = [parts(&rows), vec![("customXml/item1.xml", utf16)]].concat();
        assert_eq!(cells(&read_parts(&backslashes, None).expect("a table")), expected);
        assert_eq!(cells(&read_parts(&custom, None).expect("a table")), expected);
        // All parts at the root, found by their relationships and content types.
        let types = "<Types><Override PartName='/workbook.xml' ContentType='application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/></Types>";
        let at_root: Vec<(&str, Vec<u8>)> = parts(&rows)
            .into_iter()
            .map(|(name, bytes)| match name {
                "[Content_Types].xml" => (name, types.as_bytes().to_vec()),
                "_rels/.rels" => (name, String::from_utf8_lossy(&bytes).replace("xl/", "").into_bytes()),
                "xl/_rels/workbook.xml.rels" => {
                    ("_rels/workbook.xml.rels", String::from_utf8_lossy(&bytes).replace("worksheets/", "").into_bytes())
                }
                "xl/worksheets/sheet1.xml" => ("sheet1.xml", bytes),
                _ => (name.strip_prefix("xl/").unwrap_or(name), bytes),
            })
            .collect();
        assert_eq!(cells(&read_parts(&at_root, None).expect("a table")), expected);
    }

    #[test]
    fn a_protected_document_and_one_of_another_kind_are_called_what_they_are() {
        let manifest = "<m:manifest xmlns:m='x'><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>";
        let protected = [("content.xml", vec![7; 100]), ("META-INF/manifest.xml", manifest.as_bytes().to_vec())];
        assert!(matches!(read_parts(&protected, None), Err(SourceFault::Password)));
        let types = "<Types><Override ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>";
        let letter = [("[Content_Types].xml", types.as_bytes().to_vec())];
        assert_eq!(read_parts(&letter, None).expect_err("refused").to_string(), "is a Word document");
    }

    #[test]
    fn formulas_without_a_value_and_zeros_of_a_workbook_never_calculated_are_counted() {
        let formulas = [
            "<c r='B2'><f>1+1</f><v></v></c>",
            "<c r='C2'><f>1-1</f><v>0</v></c>",
            "<c r='D2' t='str'><f>\"\"</f><v></v></c>",
        ];
        let rows = [heading(1), format!("<row r='2'>{}</row>", formulas.concat())].concat();
        assert_eq!(read(&rows, Some(1)).formulas_without_value, 1);
        let mut never = parts(&rows);
        for (name, bytes) in &mut never {
            if *name == "xl/workbook.xml" {
                *bytes = String::from_utf8_lossy(bytes)
                    .replace("</workbook>", "<calcPr calcId='1' fullCalcOnLoad='1'/></workbook>")
                    .into_bytes();
            }
        }
        assert_eq!(read_parts(&never, Some(1)).expect("a table").formulas_without_value, 2);
    }

    #[test]
    fn a_further_table_is_no_part_of_the_first() {
        let row = |number: u32, id: &str| {
            format!(
                "<row r='{number}'>{}{}{}</row>",
                text(&format!("B{number}"), id),
                text(&format!("C{number}"), "x"),
                self::number(&format!("D{number}"), 2, "46298")
            )
        };
        let beds = |number: u32, ward: &str, count: &str| {
            format!(
                "<row r='{number}'>{}{}{}</row>",
                text(&format!("B{number}"), ward),
                text(&format!("C{number}"), "y"),
                self::number(&format!("D{number}"), 0, count)
            )
        };
        let second = format!("<row r='6'>{}{}{}</row>", text("B6", "Ward"), text("C6", "House"), text("D6", "Beds"));
        let rows = [heading(1), row(2, "a"), row(3, "b"), second, beds(7, "A", "4"), beds(8, "B", "5")].concat();
        let table = read(&rows, None);
        assert_eq!((table.row_count(), table.further.as_slice()), (2, &[FurtherTable { first_row: 6, rows: 2 }][..]));
        // The heading over again begins nothing.
        let again = [heading(1), row(2, "a"), heading(6), row(7, "b")].concat();
        assert_eq!(read(&again, None).further, []);
    }
}
