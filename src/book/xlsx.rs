//! The workbook as xlsx. Bytes repeat: the date of creation is the business date, and nothing else varies.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Table as XlsxTable, TableColumn, TableStyle, Workbook, Worksheet, XlsxError,
};

use super::{
    xlsx_board,
    xlsx_chart::{ChartData, DATA_SHEET, make_chart},
    xlsx_formats::{FONT, Formats, LINE_HEIGHT, text_width, words_width},
};
use crate::{
    book::{
        sheet::{Book, Sheet},
        table::Table,
        value::CellValue,
    },
    record::{long_text::shown, shown::begins_formula},
};

/// Last row that a sheet has.
const LAST_ROW: u32 = 1_048_575;

/// Rows that a chart takes.
const CHART_ROWS: u32 = 18;
/// A table up to this width, in characters, has its chart beside it; a wider one beneath it.
const CHART_BESIDE: usize = 64;
/// Sheets wider than this, in characters, are printed across the page.
const UPRIGHT: usize = 100;
/// Sheets wider than this go on beside; up to it they are made smaller.
const ACROSS: usize = 260;
/// Rows above the figures that stay on the screen, at the most.
const MOST_FROZEN: u32 = 8;
/// Lines under the title are so long, at the least and at the most, in characters.
const NOTE_WIDTH: (usize, usize) = (60, 110);

/// The lines of a text: a long one would be cut at the edge of a printed page.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if words_width(line) + 1 + words_width(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The workbook's bytes.
///
/// # Errors
/// The library refuses a name or a place, which no data of an export leads to.
pub fn render(book: &Book) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let (year, month, day) = book.business_date.ymd();
    let created = ExcelDateTime::from_ymd(year.clamp(1900, 9999) as u16, month as u8, day as u8)?;
    let properties =
        DocProperties::new().set_title(&book.title).set_author("chartroom").set_creation_datetime(&created);
    workbook.set_properties(&properties);
    let formats = Formats::new();
    let mut data = ChartData::default();
    let last = book.sheets.len().saturating_sub(1);
    for (place, sheet) in book.sheets.iter().enumerate() {
        if place == last && !data.blocks.is_empty() {
            // Before the last sheet, which has paths, digests and versions.
            let worksheet = workbook.add_worksheet();
            worksheet.set_name(DATA_SHEET)?;
            worksheet.set_screen_gridlines(false);
            render_chart_data(worksheet, &data, &formats)?;
        }
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(sheet.name)?;
        worksheet.set_screen_gridlines(false);
        render_sheet(worksheet, book, sheet, (&formats, &mut data))?;
        if place == 0
            && let Some(board) = &book.board
        {
            let worksheet = workbook.add_worksheet();
            worksheet.set_name(xlsx_board::NAME)?;
            worksheet.set_screen_gridlines(false);
            xlsx_board::render(worksheet, board, &formats)?;
        }
    }
    workbook.save_to_buffer()
}

/// What charts with gaps draw: a table each, one beneath the other.
fn render_chart_data(worksheet: &mut Worksheet, data: &ChartData, formats: &Formats) -> Result<(), XlsxError> {
    write_text(worksheet, 0, 0, "What the charts draw", &formats.title, formats)?;
    write_text(
        worksheet,
        1,
        0,
        "Some charts draw these cells. Empty: not available. Below 0: the left side of a pyramid.",
        &formats.note,
        formats,
    )?;
    worksheet.set_column_width(0, 48.0)?;
    worksheet.set_column_range_width(1, 8, 18.0)?;
    worksheet.set_landscape();
    worksheet.set_paper_size(9);
    worksheet.set_print_fit_to_pages(1, 0);
    for block in &data.blocks {
        write_text(worksheet, block.top - 1, 0, &block.title, &formats.caption, formats)?;
        for (at, heading) in block.headings.iter().enumerate() {
            let format = if at == 0 { &formats.heading } else { &formats.figure_heading };
            write_text(worksheet, block.top, at as u16, heading, format, formats)?;
        }
        worksheet.set_row_height(block.top, 3.0 * LINE_HEIGHT)?;
        for (place, row) in block.rows.iter().enumerate() {
            for (at, value) in row.iter().enumerate() {
                let aligned = if at == 0 { Aligned::Words } else { Aligned::Figures };
                write_value(worksheet, (block.top + 1 + place as u32, at as u16), value, aligned, formats)?;
            }
        }
    }
    Ok(())
}

fn render_sheet(
    worksheet: &mut Worksheet,
    book: &Book,
    sheet: &Sheet,
    (formats, data): (&Formats, &mut ChartData),
) -> Result<(), XlsxError> {
    write_text(worksheet, 0, 0, &sheet.title, &formats.title, formats)?;
    worksheet.set_row_height(0, 26)?;
    let mut row = 1;
    let widths = widths_of(sheet);
    let room = widths.iter().sum::<usize>().clamp(NOTE_WIDTH.0, NOTE_WIDTH.1);
    for line in sheet.notes.iter().flat_map(|note| wrapped(note, room)) {
        write_text(worksheet, row, 0, &line, &formats.note, formats)?;
        row += 1;
    }
    for (at, width) in widths.iter().enumerate() {
        worksheet.set_column_width(at as u16, *width as f64)?;
    }
    let whole_width: usize = widths.iter().sum();
    for table in &sheet.tables {
        row += 1;
        write_text(worksheet, row, 0, &table.caption, &formats.caption, formats)?;
        worksheet.set_row_height(row, 22)?;
        row += 1;
        if sheet.tables.len() == 1 && row < MOST_FROZEN {
            worksheet.set_freeze_panes(row + 1, 0)?;
        }
        if sheet.tables.len() == 1 {
            worksheet.set_repeat_rows(row, row)?;
        }
        let last = render_table(worksheet, table, row, &widths, formats)?;
        let chart = table.chart.as_ref().filter(|_| !table.rows.is_empty());
        row = match chart {
            Some(chart) if whole_width <= CHART_BESIDE => {
                let drawn = make_chart(sheet.name, table, chart, row, data);
                worksheet.insert_chart(row.saturating_sub(1), widths.len() as u16 + 1, &drawn)?;
                last.max(row + CHART_ROWS)
            }
            Some(chart) => {
                let drawn = make_chart(sheet.name, table, chart, row, data);
                worksheet.insert_chart(last + 1, 0, &drawn)?;
                last + 1 + CHART_ROWS
            }
            None => last,
        };
    }
    if whole_width > UPRIGHT {
        worksheet.set_landscape();
    }
    worksheet.set_paper_size(9);
    worksheet.set_margins(0.3, 0.3, 0.5, 0.6, 0.3, 0.3);
    if whole_width > ACROSS {
        worksheet.set_print_scale(60);
        worksheet.set_repeat_columns(0, 0)?;
    } else {
        worksheet.set_print_fit_to_pages(1, 0);
    }
    let title: String = book.title.chars().filter(|letter| *letter != '&').take(120).collect();
    worksheet.set_footer(format!("&L&\"{FONT}\"&9{title}, internal edition&R&\"{FONT}\"&9Page &P of &N"));
    Ok(())
}

/// Width of every column of a sheet: the longest text of any table in it, within what each table allows.
fn widths_of(sheet: &Sheet) -> Vec<usize> {
    let columns = sheet.tables.iter().map(|table| table.columns.len()).max().unwrap_or(0);
    let mut widths = vec![9; columns];
    for table in &sheet.tables {
        for (at, column) in table.columns.iter().enumerate() {
            let cells =
                table.rows.iter().map(|row| text_width(&crate::book::text::shown(&row[at])) + 2).max().unwrap_or(0);
            // A heading may stand on several lines, but none of its words is broken.
            let word = column.heading.split(' ').map(text_width).max().unwrap_or(0) + 5;
            let heading = (text_width(&column.heading) + 5).min(text_width(&"x".repeat(usize::from(column.width))));
            let most = text_width(&"x".repeat(usize::from(column.width.max(8))));
            widths[at] = widths[at].max(cells.min(most).max(heading).max(word));
        }
    }
    widths
}

/// Lines that a text needs in a column of a width; programs that do not fit rows to wrapped text by themselves print them over each other.
pub(super) fn lines_of(text: &str, width: usize) -> u32 {
    let (mut lines, mut used) = (1, 0);
    for word in text.split(' ') {
        let own = words_width(word);
        if used > 0 && used + 1 + own > width {
            lines += 1;
            used = 0;
        }
        used += own + usize::from(used > 0);
        lines += (used.saturating_sub(1) / width.max(1)) as u32;
        used = if used > width { used % width.max(1) } else { used };
    }
    lines
}

/// How the columns of a table stand: figures right, words left, and words that follow figures with air before them.
fn aligned(table: &Table) -> Vec<Aligned> {
    let is_figure = |at: usize| {
        let figure = |row: &Vec<CellValue>| row[at].is_of_figures();
        let is_blank = |row: &Vec<CellValue>| matches!(row[at], CellValue::Blank);
        table.rows.iter().any(figure) && table.rows.iter().all(|row| figure(row) || is_blank(row))
    };
    let mut before = false;
    let of = |at: usize| {
        let figure = is_figure(at);
        let aligned = match (figure, before) {
            (true, _) => Aligned::Figures,
            (false, true) => Aligned::WordsAfterFigures,
            (false, false) => Aligned::Words,
        };
        before = figure;
        aligned
    };
    (0..table.columns.len()).map(of).collect()
}

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aligned {
    Figures,
    Words,
    WordsAfterFigures,
}

/// Writes one table from its heading row on; returns the row after its last.
fn render_table(
    worksheet: &mut Worksheet,
    table: &Table,
    top: u32,
    widths: &[usize],
    formats: &Formats,
) -> Result<u32, XlsxError> {
    let aligned = aligned(table);
    let heading = |at: usize| match aligned[at] {
        Aligned::Figures => &formats.figure_heading,
        Aligned::Words => &formats.heading,
        Aligned::WordsAfterFigures => &formats.indented_heading,
    };
    for (at, column) in table.columns.iter().enumerate() {
        worksheet.write_string_with_format(top, at as u16, column.heading.as_ref(), heading(at))?;
    }
    let of_headings = table.columns.iter().enumerate();
    // The arrow of the filter takes room beside the words.
    let lines = of_headings.map(|(at, column)| lines_of(&column.heading, widths[at].saturating_sub(4).max(4)));
    worksheet.set_row_height(top, f64::from(lines.max().unwrap_or(1)) * LINE_HEIGHT + 4.0)?;
    let room = LAST_ROW - top - 2;
    let shown = table.rows.len().min(room as usize);
    for (place, row) in table.rows[..shown].iter().enumerate() {
        let number = top + 1 + place as u32;
        for (at, value) in row.iter().enumerate() {
            write_value(worksheet, (number, at as u16), value, aligned[at], formats)?;
        }
        let lines = row.iter().enumerate().map(|(at, value)| match value {
            CellValue::Text(text) => lines_of(text, widths[at].saturating_sub(2).max(4)),
            _ => 1,
        });
        worksheet.set_row_height(number, f64::from(lines.max().unwrap_or(1)) * LINE_HEIGHT)?;
    }
    if shown == 0 {
        worksheet.write_string_with_format(top + 1, 0, "no cases", &formats.note)?;
        return Ok(top + 2);
    }
    let columns: Vec<TableColumn> = table
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| TableColumn::new().set_header(column.heading.as_ref()).set_header_format(heading(at)))
        .collect();
    let native = XlsxTable::new()
        .set_name(&table.name)
        .set_style(TableStyle::None)
        .set_banded_rows(false)
        .set_alt_text_title(&table.caption)
        .set_columns(&columns);
    let last = top + shown as u32;
    worksheet.add_table(top, 0, last, table.columns.len() as u16 - 1, &native)?;
    Ok(last + 1)
}

pub(super) fn write_value(
    worksheet: &mut Worksheet,
    (row, column): (u32, u16),
    value: &CellValue,
    aligned: Aligned,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let words = if aligned == Aligned::WordsAfterFigures { &formats.indented } else { &formats.text };
    match value {
        CellValue::Text(text) => write_text(worksheet, row, column, text, words, formats)?,
        CellValue::Code(text) => write_text(worksheet, row, column, text, &formats.code, formats)?,
        CellValue::SheetName(name) => {
            let place = rust_xlsxwriter::Url::new(format!("internal:'{name}'!A1")).set_text(*name);
            worksheet.write_url_with_format(row, column, place, &formats.link)?;
        }
        CellValue::Count(count) => {
            worksheet.write_number_with_format(row, column, *count as f64, &formats.count)?;
        }
        CellValue::Day(day) => {
            let (year, month, date) = day.ymd();
            match ExcelDateTime::from_ymd(year.clamp(0, 9999) as u16, month as u8, date as u8) {
                Ok(moment) => {
                    worksheet.write_datetime_with_format(row, column, &moment, &formats.day)?;
                }
                Err(_) => write_text(worksheet, row, column, &day.to_string(), &formats.text, formats)?,
            }
        }
        CellValue::Ratio(ratio) => {
            let number = ratio.scaled() as f64 / 10f64.powi(ratio.decimals as i32);
            let format = formats.ratios.get(&ratio.decimals).unwrap_or(&formats.count);
            worksheet.write_number_with_format(row, column, number, format)?;
        }
        CellValue::NotApplicable
        | CellValue::NotAvailable
        | CellValue::Withheld
        | CellValue::Low
        | CellValue::Unreliable => {
            worksheet.write_string_with_format(row, column, value.symbol().unwrap_or_default(), &formats.symbol)?;
        }
        CellValue::Blank => {}
    }
    Ok(())
}

/// Text is text: what looks like a formula is written with the quote prefix, and nothing of the data is ever written as a formula or a link.
pub(super) fn write_text(
    worksheet: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    format: &rust_xlsxwriter::Format,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let text = shown(text, || "the records".to_owned());
    let format = if begins_formula(&text) { &formats.quoted } else { format };
    worksheet.write_string_with_format(row, column, text, format)?;
    Ok(())
}
