//! A book as one page that needs nothing beside itself: no script, no picture, no font from elsewhere. It has a board page where the book has one, contents, what its symbols
//! mean, and a section a sheet; it can be read on paper, on a telephone, and by those who hear it.

use crate::book::{
    html_board,
    html_ids::{Names, sheet_id},
    html_style,
    html_table::{self, lies_across},
    html_text::{escaped, flowing},
    sheet::{Book, Sheet},
    texts::{BookWords, Direction, fill},
    value::CellValue,
};

/// The whole page in English.
pub fn page(book: &Book) -> String {
    page_in(book, &BookWords::default())
}

/// The whole page in the words of a language.
pub fn page_in(book: &Book, texts: &BookWords) -> String {
    let mut names = Names::default();
    for name in ["top", "contents", "symbols", "hatch"] {
        names.give(name.to_owned());
    }
    let mut page = begin(&book.title, texts);
    page.push_str(&format!("<a class=\"skip\" href=\"#contents\">{}</a>\n", escaped(&texts.skip)));
    page.push_str(HATCH);
    let as_of = fill(&texts.as_of, &[("day", &book.business_date.to_string())]);
    // On paper the title stands on the page of the board, which lies across.
    let across = if book.board.is_some() { " class=\"across\"" } else { "" };
    page.push_str(&format!(
        "<header id=\"top\"{across}><h1>{}</h1>\n<p>{}</p></header>\n<main>\n",
        flowing(&book.title),
        escaped(&as_of)
    ));
    if let Some(board) = &book.board {
        html_board::board(board, texts, &mut names, &mut page);
    }
    contents(book, texts, &mut page);
    symbols(book, texts, &mut page);
    for sheet in &book.sheets {
        section(sheet, texts, &mut names, &mut page);
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// The filling of a third series: lines in its colour. Drawings point at it by its name.
const HATCH: &str = "\
     <svg class=\"defs\" aria-hidden=\"true\" focusable=\"false\"><defs>\
     <pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
     <path class=\"h\" d=\"M0 0L0 6\"/></pattern></defs></svg>\n";

/// The begin of every page, up to its body.
pub fn begin(title: &str, texts: &BookWords) -> String {
    let direction = match texts.direction {
        Direction::LeftToRight => "ltr",
        Direction::RightToLeft => "rtl",
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\" dir=\"{direction}\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\"/>\n\
         <meta name=\"referrer\" content=\"no-referrer\"/>\n<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n",
        escaped(&texts.language),
        escaped(title),
        html_style::sheet(&title.chars().take(120).collect::<String>(), &html_style::page_number(&texts.page_number)),
    )
}

/// The list of the sheets: name, what it has, and rows.
fn contents(book: &Book, texts: &BookWords, page: &mut String) {
    let label = escaped(&texts.contents);
    page.push_str(&format!("<nav aria-label=\"{label}\">\n<h2 id=\"contents\" tabindex=\"-1\">{label}</h2>\n<ul>\n"));
    for sheet in &book.sheets {
        let rows = texts.rows(sheet.tables.iter().map(|table| table.rows.len()).sum());
        let what = if sheet.summary.is_empty() { sheet.title.as_str() } else { sheet.summary };
        page.push_str(&format!(
            "<li><a href=\"#{}\">{}</a>: {} <span class=\"quiet\">({})</span></li>\n",
            sheet_id(sheet.name),
            escaped(sheet.name),
            flowing(what),
            escaped(&rows)
        ));
    }
    page.push_str("</ul></nav>\n");
}

/// What the symbols mean that the book uses.
fn symbols(book: &Book, texts: &BookWords, page: &mut String) {
    let of_sheets = book.sheets.iter().flat_map(|sheet| &sheet.tables).flat_map(|table| table.rows.iter().flatten());
    let of_board = book.board.iter().flat_map(|board| &board.rows).flat_map(|row| row.figures().map(|figure| figure.1));
    let cells = || of_sheets.clone().chain(of_board.clone());
    let used = [
        (CellValue::NotAvailable, &texts.not_available),
        (CellValue::NotApplicable, &texts.not_applicable),
        (CellValue::Withheld, &texts.withheld),
        (CellValue::Low, &texts.low),
    ];
    let used: Vec<_> = used.iter().filter(|(symbol, _)| cells().any(|cell| cell == symbol)).collect();
    if used.is_empty() {
        return;
    }
    page.push_str(&format!(
        "<section aria-labelledby=\"symbols\"><h2 id=\"symbols\">{}</h2>\n<dl>\n",
        escaped(&texts.symbols)
    ));
    for (symbol, meaning) in used {
        page.push_str(&format!("<dt>{}</dt><dd>{}</dd>\n", symbol.symbol().unwrap_or_default(), escaped(meaning)));
    }
    page.push_str("</dl></section>\n");
}

fn section(sheet: &Sheet, texts: &BookWords, names: &mut Names, page: &mut String) {
    let id = names.give(sheet_id(sheet.name));
    let title = names.give(format!("{id}-title"));
    let across = if lies_across(sheet, texts) { " across" } else { "" };
    page.push_str(&format!(
        "<section class=\"sheet{across}\" id=\"{id}\" aria-labelledby=\"{title}\">\n<h2 id=\"{title}\">{}</h2>\n",
        flowing(&sheet.title)
    ));
    for note in &sheet.notes {
        page.push_str(&format!("<p>{}</p>\n", flowing(note)));
    }
    for table in &sheet.tables {
        html_table::table(sheet, table, texts, names, page);
    }
    page.push_str(&format!(
        "<p class=\"to-contents\"><a href=\"#contents\">{}</a></p>\n</section>\n",
        escaped(&texts.to_contents)
    ));
}
