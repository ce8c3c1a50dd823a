//! The board page of the workbook: one sheet, one printed page. Its small lines draw the months that stand beside it, out of the printed page.

use rust_xlsxwriter::{Sparkline, SparklineType, Worksheet, XlsxError};

use super::{
    board::{Board, BoardRow},
    value::CellValue,
    xlsx::{Aligned, lines_of, wrapped, write_text, write_value},
    xlsx_formats::{FONT, Formats, LINE_HEIGHT, SERIES},
};

/// Name of the sheet.
pub const NAME: &str = "Board";

/// Columns of the page, with their widths in characters.
const COLUMNS: [(&str, f64); 7] = [
    ("Measure", 50.0),
    ("", 13.0),
    ("", 13.0),
    ("", 13.0),
    ("13 months", 26.0),
    ("Limits", 22.0),
    ("What it says", 36.0),
];
/// The row of the headings.
pub const HEADINGS: u32 = 2;
/// The columns of the three months.
pub const MONTHS: std::ops::RangeInclusive<u32> = 1..=3;
/// The first column of the months: one is left free.
const TREND: u16 = 8;
/// Characters of a line beneath.
const NOTE_WIDTH: usize = 150;
/// The column of the small lines.
const LINES: u16 = 4;

/// Writes the sheet.
///
/// # Errors
/// The library refuses a place, which no data of an export leads to.
pub fn render(worksheet: &mut Worksheet, board: &Board, formats: &Formats) -> Result<(), XlsxError> {
    for (at, (_, width)) in COLUMNS.iter().enumerate() {
        worksheet.set_column_width(at as u16, *width)?;
    }
    let months = board.trend_months.len() as u16;
    if months > 0 {
        worksheet.set_column_range_width(TREND, TREND + months - 1, 12.0)?;
    }
    write_text(worksheet, 0, 0, &board.title, &formats.title, formats)?;
    worksheet.set_row_height(0, 30)?;
    let top = HEADINGS;
    for (at, (heading, _)) in COLUMNS.iter().enumerate() {
        let (heading, format) = match at {
            1..=3 => (board.months[at - 1].as_str(), &formats.figure_heading),
            4.. => (*heading, &formats.indented_heading),
            _ => (*heading, &formats.heading),
        };
        write_text(worksheet, top, at as u16, heading, format, formats)?;
    }
    for (at, month) in board.trend_months.iter().enumerate() {
        write_text(worksheet, top, TREND + at as u16, month, &formats.figure_heading, formats)?;
    }
    worksheet.set_row_height(top, LINE_HEIGHT + 8.0)?;
    let mut row = top + 1;
    for measure in &board.rows {
        render_row(worksheet, measure, row, formats)?;
        row += 1;
    }
    row += 1;
    if !board.changes.is_empty() {
        write_text(worksheet, row, 0, "What changed since last month", &formats.caption, formats)?;
        row += 1;
        for change in &board.changes {
            match change.sheet {
                Some(sheet) => link(worksheet, row, sheet, &change.words, formats)?,
                None => write_text(worksheet, row, 0, &change.words, &formats.note, formats)?,
            }
            row += 1;
        }
        row += 1;
    }
    for note in board.notes.iter().flat_map(|note| wrapped(note, NOTE_WIDTH)) {
        write_text(worksheet, row, 0, &note, &formats.note, formats)?;
        row += 1;
    }
    worksheet.set_landscape();
    worksheet.set_paper_size(9);
    worksheet.set_print_area(0, 0, row, COLUMNS.len() as u16 - 1)?;
    worksheet.set_print_fit_to_pages(1, 1);
    let title: String = board.title.chars().filter(|letter| *letter != '&').take(120).collect();
    worksheet.set_footer(format!("&L&\"{FONT}\"&9{title}"));
    Ok(())
}

fn link(worksheet: &mut Worksheet, row: u32, sheet: &str, words: &str, formats: &Formats) -> Result<(), XlsxError> {
    let words: String = words.chars().take(250).collect();
    let place = rust_xlsxwriter::Url::new(format!("internal:'{sheet}'!A1")).set_text(words);
    worksheet.write_url_with_format(row, 0, place, &formats.link)?;
    Ok(())
}

fn render_row(worksheet: &mut Worksheet, measure: &BoardRow, row: u32, formats: &Formats) -> Result<(), XlsxError> {
    let name = if measure.is_part { format!("   {}", measure.name()) } else { measure.name() };
    match measure.sheet {
        Some(sheet) => link(worksheet, row, sheet, &name, formats)?,
        None => write_text(worksheet, row, 0, &name, &formats.text, formats)?,
    }
    let figures = [&measure.this_month, &measure.last_month, &measure.same_month_last_year];
    for (at, figure) in figures.into_iter().enumerate() {
        write_value(worksheet, (row, 1 + at as u16), figure, Aligned::Figures, formats)?;
    }
    let words = Aligned::WordsAfterFigures;
    write_value(worksheet, (row, LINES + 1), &CellValue::text(measure.limits.clone()), words, formats)?;
    // A mark beside the words, so that nothing is said by their weight alone.
    let verdict = if measure.asks_attention { format!("! {}", measure.verdict) } else { measure.verdict.clone() };
    write_value(worksheet, (row, LINES + 2), &CellValue::text(verdict.clone()), words, formats)?;
    // A gap of a small line is an empty cell: a symbol would be drawn as 0.
    for (at, figure) in measure.trend.iter().enumerate().filter(|(_, figure)| figure.symbol().is_none()) {
        write_value(worksheet, (row, TREND + at as u16), figure, Aligned::Figures, formats)?;
    }
    if measure.trend.iter().filter(|figure| figure.is_of_figures() && figure.symbol().is_none()).count() > 1 {
        let last = TREND + measure.trend.len() as u16 - 1;
        let line = Sparkline::new()
            .set_type(SparklineType::Column)
            .set_range((NAME, row, TREND, row, last))
            .set_sparkline_color(SERIES[0])
            .show_empty_cells_as(rust_xlsxwriter::ChartEmptyCells::Gaps);
        worksheet.add_sparkline(row, LINES, &line)?;
    }
    let lines = lines_of(&verdict, 32).max(lines_of(&measure.limits, 18));
    worksheet.set_row_height(row, f64::from(lines) * LINE_HEIGHT + 6.0)?;
    Ok(())
}
