//! A book as one page that needs nothing beside itself: no script, no picture, no font from elsewhere. Sheets are sections with a contents in front where there are
//! several; it can be read on paper and on a telephone.

use super::{
    html_book::begin,
    html_text::{escaped, flowing},
    sheet::{Book, Sheet},
    table::Table,
    text::shown,
    texts::BookWords,
    value::CellValue,
};

/// The whole page.
pub fn render(book: &Book) -> String {
    let title = escaped(&book.title);
    let mut page = begin(&book.title, &BookWords::default());
    page.push_str(&format!("<main>\n<h1>{title}</h1>\n<p>as of {}</p>\n", book.business_date));
    if book.sheets.len() > 1 {
        page.push_str("<nav aria-label=\"Contents\"><ul>\n");
        for sheet in &book.sheets {
            let name = escaped(sheet.name);
            page.push_str(&format!(
                "<li><a href=\"#{}\">{name}</a>: {}</li>\n",
                anchor(sheet.name),
                escaped(sheet.summary)
            ));
        }
        page.push_str("</ul></nav>\n");
    }
    book.sheets.iter().for_each(|sheet| section(sheet, &mut page));
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn anchor(name: &str) -> String {
    name.to_lowercase().chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect()
}

fn section(sheet: &Sheet, page: &mut String) {
    page.push_str(&format!("<section id=\"{}\">\n<h2>{}</h2>\n", anchor(sheet.name), escaped(&sheet.title)));
    for note in &sheet.notes {
        page.push_str(&format!("<p>{}</p>\n", escaped(note)));
    }
    sheet.tables.iter().for_each(|own| table(own, page));
    page.push_str("</section>\n");
}

/// A table; the first column names its rows.
fn table(table: &Table, page: &mut String) {
    if !table.caption.is_empty() {
        page.push_str(&format!("<h3>{}</h3>\n", escaped(&table.caption)));
    }
    if table.rows.is_empty() {
        page.push_str("<p>no cases</p>\n");
        return;
    }
    let is_number = |value: &CellValue| matches!(value, CellValue::Count(_) | CellValue::Ratio(_));
    let numeric: Vec<bool> =
        (0..table.columns.len()).map(|at| table.rows.iter().any(|row| row.get(at).is_some_and(is_number))).collect();
    let class = |at: usize| if numeric[at] { " class=\"n\"" } else { "" };
    page.push_str("<div class=\"block morning\"><table>\n");
    if table.columns.iter().any(|column| !column.heading.is_empty()) {
        page.push_str("<thead><tr>");
        for (at, column) in table.columns.iter().enumerate() {
            page.push_str(&format!("<th scope=\"col\"{}>{}</th>", class(at), escaped(&column.heading)));
        }
        page.push_str("</tr></thead>\n");
    }
    page.push_str("<tbody>\n");
    for row in &table.rows {
        page.push_str("<tr>");
        for (at, value) in row.iter().take(numeric.len()).enumerate() {
            let text = flowing(&shown(value));
            match (at, value) {
                (0, _) => page.push_str(&format!("<th scope=\"row\"{}>{text}</th>", class(at))),
                (_, CellValue::Code(_)) => page.push_str(&format!("<td class=\"path\">{text}</td>")),
                _ => page.push_str(&format!("<td{}>{text}</td>", class(at))),
            }
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table></div>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{book::table::column, record::date::Day};

    #[test]
    fn what_comes_from_the_data_is_escaped_and_numbers_stand_to_the_right() {
        let table = Table {
            name: "services".to_owned(),
            caption: "By <service>".to_owned(),
            columns: vec![column("Service", 10), column("Discharges", 10)],
            rows: vec![vec![CellValue::text("<script>alert('x')</script>"), CellValue::Count(4)]],
            chart: None,
        };
        let sheet =
            Sheet { name: "Groups", title: "Groups".to_owned(), summary: "", notes: Vec::new(), tables: vec![table] };
        let day = Day::from_iso("2026-10-06").expect("a day");
        let page = render(&Book { title: "A & B".to_owned(), business_date: day, board: None, sheets: vec![sheet] });
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("<title>A &amp; B</title>") && page.contains("<h3>By &lt;service&gt;</h3>"));
        assert!(page.contains("<td class=\"n\">4</td>") && !page.contains("http://") && !page.contains("https://"));
    }
}
