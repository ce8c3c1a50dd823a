//! A table of a book on a page, with its chart: folded where it is long, pushed sideways where it is wide, in parts where paper is too narrow.

use crate::book::{
    html_cells::{Stands, cells, stands},
    html_chart::chart_of,
    html_ids::{Names, table_id},
    html_text::{escaped, flowing},
    sheet::Sheet,
    table::{Table, TableColumn},
    texts::{BookWords, fill},
};

/// Rows up to which a table stands open; a longer one is folded on screen.
const MOST_OPEN: usize = 200;
/// Rows up to which a chart beneath its table is seen; above a longer table stands a link to it.
const MOST_SEEN: usize = 20;
/// Characters that a telephone has room for: a wider table is pushed sideways within its own part of the page.
const TELEPHONE: usize = 34;
/// Characters up to which a table has its chart beside it, where the screen is wide enough.
const BESIDE: usize = 100;
/// Characters that fit on a page of paper standing upright.
const UPRIGHT: usize = 90;
/// Characters that fit on a page of paper lying across; a wider table is set smaller.
const ACROSS: usize = 118;
/// Width of a page that lies across, of the narrower one of A4 and Letter (Letter, 255 mm between its margins, and a little less), in tenths of a pixel of 1/96 inch; a wider
/// table is printed in parts.
const PAPER: usize = 9_350;
/// Width of a figure in the smaller size of 9.6 points, and the air of a column, in tenths of a pixel.
const PACKED: (usize, usize) = (71, 80);
/// Characters that a column of words is at least given before they are broken into lines.
const NARROW_WORDS: usize = 18;
/// Characters of air behind a column.
const AIR: usize = 2;
/// Characters of a small line.
const TREND: usize = 14;
/// Columns up to which a page of paper stands upright.
const UPRIGHT_COLUMNS: usize = 9;

/// Writes a table and its chart.
pub fn table(sheet: &Sheet, table: &Table, texts: &BookWords, names: &mut Names, page: &mut String) {
    let id = names.give(table_id(sheet.name, &table.name));
    let caption = if table.caption.is_empty() { sheet.title.as_str() } else { table.caption.as_str() };
    if table.rows.is_empty() {
        page.push_str(&format!("<h3 id=\"{id}\">{}</h3>\n<p>{}</p>\n", flowing(caption), escaped(&texts.no_cases)));
        return;
    }
    let width = width_of(table, texts);
    let figure = names.give(format!("chart-{}", id.trim_start_matches("table-")));
    let chart = table.chart.as_ref().map(|chart| chart_of(table, chart, &figure, texts, names));
    let is_pair = chart.is_some() && width <= BESIDE;
    page.push_str(if is_pair { "<div class=\"pair\">\n" } else { "" });
    let is_long = table.rows.len() > MOST_OPEN;
    let parts = parts_for_paper(table, texts);
    let is_parted = parts.len() > 1;
    let classes = [("packed", width > ACROSS), ("long", is_long), ("screen", is_parted)];
    let classes: String = classes.iter().filter(|class| class.1).map(|class| format!(" {}", class.0)).collect();
    page.push_str(&format!("<div class=\"block{classes}\">\n"));
    if let (Some(chart), true) = (&table.chart, table.rows.len() > MOST_SEEN) {
        let words = fill(&texts.to_chart, &[("title", &chart.title)]);
        page.push_str(&format!("<p class=\"to-chart\"><a href=\"#{figure}\">{}</a></p>\n", flowing(&words)));
    }
    if is_long {
        let rows = texts.rows(table.rows.len());
        let words = fill(&texts.folded, &[("caption", caption), ("rows", &rows)]);
        page.push_str(&format!("<details><summary>{}</summary>\n", flowing(&words)));
    }
    let is_scrolled = is_long || width > TELEPHONE;
    if is_scrolled {
        let label = names.give_words(fill(&texts.scrolled, &[("caption", caption)]));
        page.push_str(&format!(
            "<div class=\"scrolled\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">",
            escaped(&label)
        ));
    }
    page.push_str(&format!("<table id=\"{id}\"><caption>{}</caption>\n", flowing(caption)));
    let columns: Vec<usize> = (0..table.columns.len()).collect();
    cells((sheet, table), &columns, texts, Some(names), page);
    page.push_str("</table>");
    page.push_str(if is_scrolled { "</div>" } else { "" });
    page.push_str(if is_long { "</details>" } else { "" });
    page.push_str("</div>\n");
    if is_parted {
        write_parts(sheet, table, caption, &parts, texts, page);
    }
    page.push_str(&chart.unwrap_or_default());
    page.push_str(if is_pair { "</div>\n" } else { "" });
}

/// Whether a sheet is printed on paper that lies across.
pub fn lies_across(sheet: &Sheet, texts: &BookWords) -> bool {
    sheet.tables.iter().any(|table| table.columns.len() > UPRIGHT_COLUMNS || width_of(table, texts) > UPRIGHT)
}

/// Characters that a table takes side by side, its words on one line.
fn width_of(table: &Table, texts: &BookWords) -> usize {
    widths_of(table, texts).into_iter().sum()
}

/// Characters that each column takes, with air: its longest cell within its width, or the longest word of its heading.
fn widths_of(table: &Table, texts: &BookWords) -> Vec<usize> {
    let of_column = |(at, column): (usize, &TableColumn)| {
        let cells = table.rows.iter().filter_map(|row| row.get(at)).map(|value| texts.printed(value).chars().count());
        let word = column.heading.split(' ').map(|word| word.chars().count()).max().unwrap_or(0);
        let own = if column.trend.is_some() { TREND } else { cells.max().unwrap_or(0).min(usize::from(column.width)) };
        own.max(word) + AIR
    };
    table.columns.iter().enumerate().map(of_column).collect()
}

/// The columns of each part in which a table is printed that is too wide for paper even where its words are broken into lines; one part where it is not. Every part begins
/// with the column that names the rows.
fn parts_for_paper(table: &Table, texts: &BookWords) -> Vec<Vec<usize>> {
    let stands = stands(table);
    let least = |(at, width): (usize, usize)| {
        let letters = match stands[at] {
            Stands::Words | Stands::WordsAfterFigures => width.min(NARROW_WORDS),
            Stands::Figures | Stands::Days | Stands::SmallLine => width,
        };
        letters.saturating_sub(AIR) * PACKED.0 + PACKED.1
    };
    let least: Vec<usize> = widths_of(table, texts).into_iter().enumerate().map(least).collect();
    let first = least.first().copied().unwrap_or(0);
    let (mut parts, mut used): (Vec<Vec<usize>>, usize) = (vec![vec![0]], first);
    for (at, width) in least.into_iter().enumerate().skip(1) {
        let last = parts.len() - 1;
        if used + width > PAPER && parts[last].len() > 1 {
            parts.push(vec![0, at]);
            used = first + width;
        } else {
            parts[last].push(at);
            used += width;
        }
    }
    parts
}

/// Writes a table in parts, which are seen on paper alone.
fn write_parts(
    sheet: &Sheet,
    table: &Table,
    caption: &str,
    parts: &[Vec<usize>],
    texts: &BookWords,
    page: &mut String,
) {
    let count = texts.count(parts.len() as u64);
    for (place, columns) in parts.iter().enumerate() {
        let part = texts.count(place as u64 + 1);
        let caption = fill(&texts.part, &[("caption", caption), ("part", &part), ("parts", &count)]);
        page.push_str(&format!("<div class=\"block packed paper\"><table><caption>{}</caption>\n", flowing(&caption)));
        cells((sheet, table), columns, texts, None, page);
        page.push_str("</table></div>\n");
    }
}
