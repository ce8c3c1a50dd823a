//! The rows and cells of a table on a page: how columns stand, names of rows, names of figures.

use crate::book::{
    html_ids::{Names, figure_id, sheet_id},
    html_text::{escaped, flowing},
    sheet::Sheet,
    svg_sparkline::sparkline,
    table::{SmallLine, Table, TableColumn},
    texts::BookWords,
    value::CellValue,
};

/// Letters up to which the name of a row stands on one line, such as `Oct 2026`.
const SHORT: usize = 12;

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// To its end: figures and what stands in their place.
    Figures,
    /// To its begin.
    Words,
    /// To its begin, with air before it.
    WordsAfterFigures,
    /// To its begin, on one line.
    Days,
    /// Small lines.
    SmallLine,
}

/// Figures stand to the end of their column, words to its begin, and words that follow figures with air before them.
pub fn stands(table: &Table) -> Vec<Stands> {
    let is_of_figures = |at: usize| {
        let is_blank = |row: &Vec<CellValue>| row.get(at).is_none_or(|value| *value == CellValue::Blank);
        let is_figure = |row: &Vec<CellValue>| row.get(at).is_some_and(CellValue::is_of_figures);
        table.rows.iter().any(is_figure) && table.rows.iter().all(|row| is_figure(row) || is_blank(row))
    };
    let is_of_days = |at: usize| table.rows.iter().all(|row| matches!(row.get(at), Some(CellValue::Day(_))));
    let mut before = false;
    let of = |(at, column): (usize, &TableColumn)| {
        let figures = is_of_figures(at);
        let stands = match () {
            () if column.trend.is_some() => Stands::SmallLine,
            () if figures => Stands::Figures,
            () if before => Stands::WordsAfterFigures,
            () if is_of_days(at) => Stands::Days,
            () => Stands::Words,
        };
        before = figures;
        stands
    };
    table.columns.iter().enumerate().map(of).collect()
}

fn class_of(stands: Stands, value: Option<&CellValue>) -> &'static str {
    let is_long = matches!(value, Some(CellValue::Text(text)) if text.len() > 24);
    match stands {
        Stands::Figures => " class=\"n\"",
        Stands::Days => " class=\"d\"",
        Stands::SmallLine => " class=\"t\"",
        Stands::WordsAfterFigures if is_long => " class=\"a w\"",
        Stands::WordsAfterFigures => " class=\"a\"",
        Stands::Words if is_long => " class=\"w\"",
        Stands::Words => "",
    }
}

/// Writes the heading row and the rows of some columns of a table. Its figures are named where `names` are given: those of a copy for paper are not.
pub fn cells(
    (sheet, table): (&Sheet, &Table),
    columns: &[usize],
    texts: &BookWords,
    mut names: Option<&mut Names>,
    page: &mut String,
) {
    let (stands, has_figures) = (stands(table), table.figure_columns());
    if table.columns.iter().any(|column| !column.heading.is_empty()) {
        page.push_str("<thead><tr>");
        for at in columns {
            let (class, heading) = (class_of(stands[*at], None), &table.columns[*at].heading);
            match heading.is_empty() {
                true => page.push_str(&format!("<td{class}></td>")),
                false => page.push_str(&format!("<th scope=\"col\"{class}>{}</th>", flowing(heading))),
            }
        }
        page.push_str("</tr></thead>\n");
    }
    page.push_str("<tbody>\n");
    for (row, label) in table.rows.iter().zip(table.row_labels()) {
        page.push_str("<tr>");
        for (at, value) in columns.iter().filter_map(|at| row.get(*at).map(|value| (*at, value))) {
            let column = &table.columns[at];
            let is_short =
                at == 0 && matches!(value, CellValue::Text(text) | CellValue::Code(text) if text.len() <= SHORT);
            let class = if is_short { " class=\"d\"" } else { class_of(stands[at], Some(value)) };
            let id = match &mut names {
                Some(names) if has_figures[at] => {
                    let id = figure_id(sheet.name, &table.name, &label, &column.heading);
                    format!(" id=\"{}\"", names.give(id))
                }
                _ => String::new(),
            };
            let content = match column.trend {
                Some(trend) => trend_of(table, row, trend, &label, texts),
                None => content_of(value, texts),
            };
            match (at, content.is_empty()) {
                (0, false) => page.push_str(&format!("<th scope=\"row\"{class}{id}>{content}</th>")),
                _ => page.push_str(&format!("<td{class}{id}>{content}</td>")),
            }
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>");
}

/// What stands in a cell.
pub fn content_of(value: &CellValue, texts: &BookWords) -> String {
    match value {
        CellValue::SheetName(name) => format!("<a href=\"#{}\">{}</a>", sheet_id(name), escaped(name)),
        value => flowing(&texts.printed(value)),
    }
}

fn trend_of(table: &Table, row: &[CellValue], trend: SmallLine, label: &str, texts: &BookWords) -> String {
    let columns = table.columns.iter().zip(row).skip(trend.first).take((trend.last + 1).saturating_sub(trend.first));
    let cells: Vec<(&str, &CellValue)> = columns.map(|(column, value)| (column.heading.as_ref(), value)).collect();
    sparkline(label, &cells, texts)
}
