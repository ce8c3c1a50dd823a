//! The workbook as xlsx. Bytes repeat: the date of creation is the business date, and nothing else varies.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Chart as XlsxChart, ChartType, DocProperties, ExcelDateTime, Format, FormatAlign, Table as XlsxTable, TableColumn,
    TableStyle, Workbook, Worksheet, XlsxError,
};

use crate::{
    book::{
        sheet::{Book, Sheet},
        table::{Chart, ChartKind, Table},
        value::CellValue,
    },
    record::{long_text::shown, shown::begins_formula},
};

/// Last row that a sheet has.
const LAST_ROW: u32 = 1_048_575;

struct Formats {
    title: Format,
    caption: Format,
    note: Format,
    text: Format,
    code: Format,
    quoted: Format,
    count: Format,
    day: Format,
    ratios: BTreeMap<u32, Format>,
    heading: Format,
    figure_heading: Format,
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
    let formats = Formats {
        title: Format::new().set_bold().set_font_size(14),
        caption: Format::new().set_bold(),
        note: Format::new().set_font_color("#555555"),
        text: Format::new().set_text_wrap().set_align(FormatAlign::Top),
        code: Format::new().set_num_format("@").set_align(FormatAlign::Top),
        quoted: Format::new().set_quote_prefix().set_align(FormatAlign::Top),
        count: Format::new().set_num_format("#,##0").set_align(FormatAlign::Top),
        day: Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left).set_align(FormatAlign::Top),
        ratios: (0..4)
            .map(|decimals| {
                let zeros = if decimals == 0 { "0".to_owned() } else { format!("0.{}", "0".repeat(decimals as usize)) };
                (decimals, Format::new().set_num_format(zeros).set_align(FormatAlign::Top))
            })
            .collect(),
        heading: Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top),
        figure_heading: Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_align(FormatAlign::Right),
    };
    for sheet in &book.sheets {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(sheet.name)?;
        render_sheet(worksheet, sheet, &formats)?;
    }
    workbook.save_to_buffer()
}

fn render_sheet(worksheet: &mut Worksheet, sheet: &Sheet, formats: &Formats) -> Result<(), XlsxError> {
    write_text(worksheet, 0, 0, &sheet.title, &formats.title, formats)?;
    let mut row = 1;
    for note in &sheet.notes {
        write_text(worksheet, row, 0, note, &formats.note, formats)?;
        row += 1;
    }
    let widths = widths_of(sheet);
    for (at, width) in widths.iter().enumerate() {
        worksheet.set_column_width(at as u16, *width as f64)?;
    }
    let widest = sheet.tables.iter().map(|table| table.columns.len()).max().unwrap_or(0) as u16;
    for (place, table) in sheet.tables.iter().enumerate() {
        row += 1;
        write_text(worksheet, row, 0, &table.caption, &formats.caption, formats)?;
        row += 1;
        if place == 0 {
            worksheet.set_freeze_panes(row + 1, 0)?;
        }
        let last = render_table(worksheet, table, row, &widths, formats)?;
        if let Some(chart) = &table.chart
            && !table.rows.is_empty()
        {
            let chart = make_chart(sheet.name, table, chart, row);
            worksheet.insert_chart(row.saturating_sub(1), widest + 1, &chart)?;
            // A chart is about 15 rows high; the next table begins beneath it.
            row = last.max(row + 16);
        } else {
            row = last;
        }
    }
    worksheet.set_landscape();
    worksheet.set_print_fit_to_pages(1, 0);
    worksheet.set_header(format!("&L{}&R&D", "chartroom").replace("&R&D", "&RPage &P of &N"));
    Ok(())
}

/// Width of every column of a sheet: the longest text of any table in it, within what each table allows.
fn widths_of(sheet: &Sheet) -> Vec<usize> {
    let columns = sheet.tables.iter().map(|table| table.columns.len()).max().unwrap_or(0);
    let mut widths = vec![8; columns];
    for table in &sheet.tables {
        for (at, column) in table.columns.iter().enumerate() {
            let cells =
                table.rows.iter().map(|row| crate::book::text::shown(&row[at]).chars().count() + 2).max().unwrap_or(0);
            let wanted = cells.max(column.heading.len() + 4);
            widths[at] = widths[at].max(wanted.min(usize::from(column.width.max(8))));
        }
    }
    widths
}

/// Lines that a text needs in a column of a width; programs that do not fit rows to wrapped text by themselves print them over each other.
fn lines_of(value: &CellValue, width: usize) -> u32 {
    match value {
        CellValue::Text(text) => text.chars().count().div_ceil(width.max(1)).max(1) as u32,
        _ => 1,
    }
}

/// Writes one table from its heading row on; returns the row after its last.
fn render_table(
    worksheet: &mut Worksheet,
    table: &Table,
    top: u32,
    widths: &[usize],
    formats: &Formats,
) -> Result<u32, XlsxError> {
    let is_figure = |at: usize| {
        let figure = |row: &Vec<CellValue>| matches!(row[at], CellValue::Count(_) | CellValue::Ratio(_));
        table.rows.iter().any(figure) && table.rows.iter().all(|row| figure(row) || matches!(row[at], CellValue::Blank))
    };
    let heading = |at: usize| if is_figure(at) { &formats.figure_heading } else { &formats.heading };
    for (at, column) in table.columns.iter().enumerate() {
        worksheet.write_string_with_format(top, at as u16, column.heading, heading(at))?;
    }
    let lines =
        table.columns.iter().enumerate().map(|(at, column)| column.heading.len().div_ceil(widths[at].max(5) - 3));
    let lines = lines.max().unwrap_or(1);
    if lines > 1 {
        worksheet.set_row_height(top, lines as f64 * 15.0)?;
    }
    let room = LAST_ROW - top - 2;
    let shown = table.rows.len().min(room as usize);
    for (place, row) in table.rows[..shown].iter().enumerate() {
        let number = top + 1 + place as u32;
        for (at, value) in row.iter().enumerate() {
            write_value(worksheet, number, at as u16, value, formats)?;
        }
        let lines = row.iter().enumerate().map(|(at, value)| lines_of(value, widths[at])).max().unwrap_or(1);
        if lines > 1 {
            worksheet.set_row_height(number, f64::from(lines) * 15.0)?;
        }
    }
    if shown == 0 {
        worksheet.write_string_with_format(top + 1, 0, "no cases", &formats.note)?;
        return Ok(top + 2);
    }
    let columns: Vec<TableColumn> = table
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| TableColumn::new().set_header(column.heading).set_header_format(heading(at)))
        .collect();
    let native = XlsxTable::new().set_name(&table.name).set_style(TableStyle::Light1).set_columns(&columns);
    let last = top + shown as u32;
    worksheet.add_table(top, 0, last, table.columns.len() as u16 - 1, &native)?;
    Ok(last + 1)
}

fn write_value(
    worksheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &CellValue,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match value {
        CellValue::Text(text) => write_text(worksheet, row, column, text, &formats.text, formats)?,
        CellValue::Code(text) => write_text(worksheet, row, column, text, &formats.code, formats)?,
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
        CellValue::Blank => {}
    }
    Ok(())
}

/// Text is text: what looks like a formula is written with the quote prefix, and nothing is ever written as a formula or a link.
fn write_text(
    worksheet: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    format: &Format,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let text = shown(text, || "the records".to_owned());
    let format = if begins_formula(&text) { &formats.quoted } else { format };
    worksheet.write_string_with_format(row, column, text, format)?;
    Ok(())
}

fn make_chart(sheet: &str, table: &Table, chart: &Chart, top: u32) -> XlsxChart {
    let kind = match chart.kind {
        ChartKind::Column => ChartType::Column,
        ChartKind::Bar => ChartType::Bar,
        ChartKind::Line => ChartType::Line,
    };
    let mut drawn = XlsxChart::new(kind);
    let last = top + chart.rows.min(table.rows.len()) as u32;
    for series in &chart.series {
        drawn
            .add_series()
            .set_name((sheet, top, *series as u16))
            .set_categories((sheet, top + 1, chart.categories as u16, last, chart.categories as u16))
            .set_values((sheet, top + 1, *series as u16, last, *series as u16));
    }
    drawn.title().set_name(&chart.title);
    if matches!(table.rows.first().and_then(|row| row.get(chart.categories)), Some(CellValue::Day(_))) {
        drawn.x_axis().set_num_format("mmm d");
    }
    if chart.series.len() == 1 {
        drawn.legend().set_hidden();
    }
    if chart.kind == ChartKind::Bar {
        drawn.y_axis().set_reverse();
    }
    drawn.set_width(620).set_height(310);
    drawn
}
