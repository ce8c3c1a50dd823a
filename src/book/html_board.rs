//! The board page: one screen, one printed page that lies across.

use crate::book::{
    board::{Board, BoardRow},
    html_cells::content_of,
    html_ids::{Names, figure_id, sheet_id},
    html_text::{escaped, flowing},
    svg_sparkline::sparkline,
    texts::{BookWords, fill},
    value::CellValue,
};

/// Writes the board page.
pub fn board(board: &Board, texts: &BookWords, names: &mut Names, page: &mut String) {
    let title = names.give("board".to_owned());
    page.push_str(&format!(
        "<section class=\"board\" aria-labelledby=\"{title}\">\n<h2 id=\"{title}\">{}</h2>\n",
        flowing(&board.title)
    ));
    let label = names.give_words(fill(&texts.scrolled, &[("caption", &texts.board)]));
    page.push_str(&format!(
        "<div class=\"scrolled\" role=\"region\" tabindex=\"0\" aria-label=\"{}\"><table><caption class=\"unseen\">{}</caption>\n<thead><tr><th scope=\"col\">{}</th>",
        escaped(&label),
        escaped(&texts.board),
        escaped(&texts.measure)
    ));
    for month in &board.months {
        page.push_str(&format!("<th scope=\"col\" class=\"n\">{}</th>", flowing(month)));
    }
    let trend = fill(&texts.trend, &[("count", &texts.count(board.trend_months.len() as u64))]);
    for (class, heading) in [("a t", trend.as_str()), ("a", &texts.limits), ("a", &texts.says)] {
        page.push_str(&format!("<th scope=\"col\" class=\"{class}\">{}</th>", escaped(heading)));
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    board.rows.iter().for_each(|row| line(board, row, texts, names, page));
    page.push_str("</tbody></table></div>\n");
    if !board.changes.is_empty() {
        page.push_str(&format!("<h3>{}</h3>\n<ul>\n", escaped(&texts.changes)));
        for change in &board.changes {
            let more = change.sheet.map(|sheet| format!(" ({})", link(sheet, sheet))).unwrap_or_default();
            page.push_str(&format!("<li>{}{more}</li>\n", flowing(&change.words)));
        }
        page.push_str("</ul>\n");
    }
    for note in &board.notes {
        page.push_str(&format!("<p>{}</p>\n", flowing(note)));
    }
    page.push_str("</section>\n");
}

fn link(sheet: &str, words: &str) -> String {
    format!("<a href=\"#{}\">{}</a>", sheet_id(sheet), flowing(words))
}

fn line(board: &Board, row: &BoardRow, texts: &BookWords, names: &mut Names, page: &mut String) {
    let name = row.name();
    let shown = row.sheet.map_or_else(|| flowing(&name), |sheet| link(sheet, &name));
    let part = if row.is_part { " class=\"part\"" } else { "" };
    page.push_str(&format!("<tr><th scope=\"row\"{part}>{shown}</th>"));
    for (column, value) in row.figures() {
        let id = names.give(figure_id("board", "board", &name, column));
        page.push_str(&format!("<td class=\"n\" id=\"{id}\">{}</td>", content_of(value, texts)));
    }
    let cells: Vec<(&str, &CellValue)> = board.trend_months.iter().map(String::as_str).zip(&row.trend).collect();
    let trend = if cells.is_empty() { String::new() } else { sparkline(&name, &cells, texts) };
    page.push_str(&format!("<td class=\"a t\">{trend}</td><td class=\"a\">{}</td>", flowing(&row.limits)));
    let verdict = flowing(&row.verdict);
    match row.asks_attention {
        true => {
            let attention = escaped(&texts.attention);
            page.push_str(&format!("<td class=\"a look\"><span aria-hidden=\"true\">! </span><span class=\"unseen\">{attention} </span>{verdict}</td>"));
        }
        false => page.push_str(&format!("<td class=\"a\">{verdict}</td>")),
    }
    page.push_str("</tr>\n");
}
