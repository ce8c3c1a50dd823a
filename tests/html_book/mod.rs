//! The page as a whole: its structure, its escaping, its names, its gaps.

mod browser;
#[allow(dead_code, reason = "what one looks at and what another tests")]
mod demo_book;
mod hostile_book;
mod parsed;

use std::collections::{BTreeMap, BTreeSet};

use chartroom::book::{
    html,
    html_book::{page, page_in},
    html_ids::{figure_id, sheet_id},
    sheet::Book,
    table::ChartKind,
    texts::{BookWords, Direction},
    value::CellValue,
};
use parsed::{Element, parsed};

fn elements_of(book: &Book) -> Vec<Element> {
    parsed(&page(book))
}

fn by_id<'e>(elements: &'e [Element], id: &str) -> Option<&'e Element> {
    elements.iter().find(|element| element.attribute("id") == id)
}

/// The numbers in a text, in order.
fn numbers(text: &str) -> Vec<f64> {
    let parts = text.split(|letter: char| !(letter.is_ascii_digit() || letter == '.' || letter == '-'));
    parts.filter_map(|part| part.parse().ok()).collect()
}

/// The elements within one of them.
fn within(elements: &[Element], place: usize) -> Vec<usize> {
    let mut found = Vec::new();
    for child in &elements[place].children {
        found.push(*child);
        found.extend(within(elements, *child));
    }
    found
}

/// The drawing of a chart for wide screens, by the title of the chart.
fn drawing(elements: &[Element], title: &str) -> Vec<Element> {
    let place = (0..elements.len())
        .find(|place| {
            let own = &elements[*place];
            let name = own.children.first().map(|first| elements[*first].words.as_str());
            own.name == "svg" && own.has_class("wide") && name == Some(title)
        })
        .expect("a chart of this title");
    within(elements, place).into_iter().map(|place| elements[place].clone()).collect()
}

#[test]
fn every_page_is_well_formed_and_needs_nothing_beside_itself() {
    const KNOWN: [&str; 41] = [
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "a",
        "svg",
        "defs",
        "pattern",
        "path",
        "rect",
        "text",
        "desc",
        "header",
        "main",
        "section",
        "nav",
        "h1",
        "h2",
        "h3",
        "p",
        "ul",
        "li",
        "dl",
        "dt",
        "dd",
        "div",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "details",
        "summary",
        "figure",
        "figcaption",
        "span",
        "wbr",
    ];
    let pages = [
        page(&demo_book::book()),
        page(&hostile_book::book()),
        html::render(&demo_book::morning()),
        html::render(&hostile_book::book()),
    ];
    for page in pages {
        let elements = parsed(&page);
        for element in &elements {
            assert!(KNOWN.contains(&element.name.as_str()), "{}", element.name);
            for (name, value) in &element.attributes {
                assert!(!name.starts_with("on") && name != "src" && name != "style", "{name}={value}");
                assert!(name != "href" || value.starts_with('#'), "{name}={value}");
            }
        }
        let style = &elements.iter().find(|element| element.name == "style").expect("a style sheet").words;
        assert!(!style.contains("@import") && style.matches("url(").count() == style.matches("url(#hatch)").count());
        assert_eq!(elements.iter().filter(|element| element.name == "style").count(), 1);
        assert_eq!(elements.iter().filter(|element| element.name == "h1").count(), 1);
        assert_eq!(elements.iter().filter(|element| element.name == "main").count(), 1);
        assert!(page.chars().all(|letter| letter == '\n' || !letter.is_control()), "no control characters");
        assert!(!page.contains(['\u{202e}', '\u{2066}', '\u{fffe}', '\u{ffff}']), "no marks of direction");
    }
}

#[test]
fn names_are_given_once_and_every_link_leads_somewhere() {
    for book in [demo_book::book(), hostile_book::book()] {
        let elements = elements_of(&book);
        let mut names = BTreeSet::new();
        for element in &elements {
            if let Some(id) = element.attributes.get("id") {
                assert!(names.insert(id.as_str()), "{id} is given twice");
                assert!(id.len() < 130 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{id}");
            }
        }
        for element in &elements {
            let labels = element.attribute("aria-labelledby").split(' ').filter(|name| !name.is_empty());
            for name in labels {
                assert!(names.contains(name), "{name}");
            }
            // The hostile board leads to a sheet that there is not.
            if let Some(to) = element.attribute("href").strip_prefix('#').filter(|to| *to != sheet_id("' onclick='")) {
                assert!(names.contains(to), "{to}");
            }
        }
        let mut labels = BTreeSet::new();
        for region in elements.iter().filter(|element| element.attribute("role") == "region") {
            assert!(labels.insert(region.attribute("aria-label")), "two parts of the page are called alike");
            assert_eq!(region.attribute("tabindex"), "0");
        }
    }
}

#[test]
fn tables_have_captions_headings_and_names_of_rows() {
    let book = demo_book::book();
    let elements = elements_of(&book);
    let tables: Vec<usize> = (0..elements.len()).filter(|place| elements[*place].name == "table").collect();
    let with_rows: usize =
        book.sheets.iter().flat_map(|sheet| &sheet.tables).filter(|table| !table.rows.is_empty()).count();
    assert_eq!(tables.len(), with_rows + 1, "every table that has rows, and the board");
    for place in tables {
        let inner = within(&elements, place);
        assert_eq!(elements[elements[place].children[0]].name, "caption");
        for row in inner.iter().filter(|place| elements[**place].name == "tr") {
            let in_head = elements[elements[*row].parent.expect("a part of the table")].name == "thead";
            let cells: Vec<&Element> = elements[*row].children.iter().map(|cell| &elements[*cell]).collect();
            let scope = if in_head { "col" } else { "row" };
            assert_eq!((cells[0].name.as_str(), cells[0].attribute("scope")), ("th", scope));
            assert!(!in_head || cells.iter().all(|cell| cell.attribute("scope") == "col"));
        }
    }
}

#[test]
fn a_figure_is_found_by_its_name_and_stands_right_with_its_thousands() {
    let elements = elements_of(&demo_book::book());
    let figure = |sheet: &str, table: &str, row: &str, column: &str| {
        let element = by_id(&elements, &figure_id(sheet, table, row, column)).expect("a figure of this name");
        assert!(element.has_class("n"));
        element.words.clone()
    };
    assert_eq!(figure("Readmissions", "readmissions", "Pneumonia", "Index stays"), "9,120");
    assert_eq!(figure("Readmissions", "readmissions", "Pneumonia", "Readmitted, %"), "[low]");
    assert_eq!(figure("Readmissions", "readmissions", "Hip replacement", "Readmitted"), "[c]");
    assert_eq!(figure("Trend", "discharges_by_month", "Feb 2026", "Discharges"), "[x]");
    assert_eq!(figure("Census", "census_by_day", "2026-10-01", "Midnight census, newborns"), "3");
    assert_eq!(figure("board", "board", "Readmitted within 30 days, %", "this month"), "[x]");
}

#[test]
fn names_stay_where_rows_and_sheets_come_and_go() {
    let words_by_id = |book: &Book| -> BTreeMap<String, String> {
        let elements = elements_of(book).into_iter();
        elements
            .filter(|element| element.attribute("id").starts_with("f-"))
            .map(|element| (element.attribute("id").to_owned(), element.words))
            .collect()
    };
    let book = demo_book::book();
    let before = words_by_id(&book);
    assert_eq!(page(&book), page(&demo_book::book()), "the same bytes from run to run");
    let mut other = book.clone();
    other.sheets.swap(0, 3);
    let removed =
        other.sheets.iter_mut().find(|sheet| sheet.name == "Services").expect("a sheet").tables[0].rows.remove(0);
    let after = words_by_id(&other);
    let gone = removed.iter().filter(|value| value.is_of_figures()).count();
    assert_eq!(before.len(), after.len() + gone);
    for (name, words) in after {
        assert_eq!(before.get(&name), Some(&words), "{name}");
    }
}

#[test]
fn gaps_of_every_line_stay_gaps() {
    let book = demo_book::book();
    let elements = elements_of(&book);
    let charts = book
        .sheets
        .iter()
        .flat_map(|sheet| &sheet.tables)
        .filter_map(|table| table.chart.as_ref().map(|chart| (table, chart)));
    let mut seen = 0;
    for (table, chart) in charts.filter(|(_, chart)| chart.kind == ChartKind::Line) {
        let drawing = drawing(&elements, &chart.title);
        for (number, column) in chart.series.iter().enumerate() {
            let known: Vec<bool> = table
                .rows
                .iter()
                .map(|row| matches!(row[*column], CellValue::Count(_) | CellValue::Ratio(_)))
                .collect();
            let expected: Vec<usize> =
                known.split(|known| !known).map(<[bool]>::len).filter(|length| *length > 1).collect();
            let class = format!("s{} l", number + 1);
            // The key has a line of its own in front of that of the figures.
            let path = drawing.iter().rfind(|element| element.attribute("class") == class).expect("a line");
            let drawn: Vec<usize> =
                path.attribute("d").split('M').skip(1).map(|part| part.matches('L').count() + 1).collect();
            assert_eq!(drawn, expected, "{}", chart.title);
            seen += usize::from(expected.len() > 1);
        }
    }
    assert!(seen >= 3, "lines with gaps were drawn");
}

#[test]
fn bars_begin_at_zero_and_are_as_long_as_their_figures() {
    let elements = elements_of(&demo_book::book());
    let service = drawing(&elements, "Discharges by service, October 2026");
    let weekday = drawing(&elements, "Admissions by weekday and kind, October 2026");
    let ages = drawing(&elements, "Discharges by age and sex, September and October 2026");
    for (drawing, side) in [(service, "width"), (weekday, "height"), (ages, "width")] {
        let bars = drawing.iter().filter(|element| element.name == "rect" && !element.words.is_empty());
        // What a bar says when it is pointed at ends in its figure.
        let lengths: Vec<(f64, f64)> = bars
            .map(|bar| (numbers(&bar.words).last().copied().unwrap_or(0.0), numbers(bar.attribute(side))[0]))
            .collect();
        assert!(lengths.len() >= 7);
        let (figure, length) =
            lengths.iter().copied().fold((0.0, 0.0), |most, own| if own.0 > most.0 { own } else { most });
        for (own, drawn) in lengths {
            assert!((drawn - length * own / figure).abs() < 0.2, "{own} is drawn {drawn} of {length}");
        }
    }
}

#[test]
fn lying_bars_are_sorted_and_a_chart_tells_its_message() {
    let elements = elements_of(&demo_book::book());
    let drawn = drawing(&elements, "Discharges by service, October 2026");
    let figures: Vec<f64> = drawn
        .iter()
        .filter(|element| element.name == "rect")
        .map(|bar| numbers(&bar.words).last().copied().expect("a figure"))
        .collect();
    assert!(figures.is_sorted_by(|one, other| one >= other), "{figures:?}");
    for svg in elements.iter().filter(|element| element.name == "svg" && !element.has_class("defs")) {
        assert_eq!(svg.attribute("role"), "img");
        assert_eq!(elements[svg.children[0]].name, "title");
        assert!(elements[svg.children[0]].words.len() > 5);
        assert!(svg.has_class("spark") || elements[svg.children[1]].name == "desc");
    }
    let line = drawing(&elements, "Discharges by month, October 2025 to October 2026");
    let message = &line.iter().find(|element| element.name == "desc").expect("a message").words;
    for part in ["(Oct 2025)", "(Oct 2026)", "least", "greatest", "Without a figure: 1.", "Upper limit: 1,930."] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn only_long_tables_are_folded_and_only_symbols_in_use_are_explained() {
    let mut book = demo_book::book();
    let page = page(&book);
    assert_eq!(page.matches("<details>").count(), 1);
    assert!(page.contains("show all 2,000 rows</summary>") && !page.contains("<details open"));
    assert_eq!(page.matches("<dt>").count(), 4);
    book.board = None;
    book.sheets.retain(|sheet| sheet.name == "Services" || sheet.name == "Occupancy");
    let plain = chartroom::book::html_book::page(&book);
    assert!(!plain.contains("id=\"symbols\"") && !plain.contains("<details>") && !plain.contains("class=\"board\""));
}

#[test]
fn a_table_wider_than_paper_is_printed_in_parts_that_leave_no_column_out() {
    let book = demo_book::wide();
    let elements = elements_of(&book);
    let parts: Vec<usize> = (0..elements.len()).filter(|place| elements[*place].has_class("paper")).collect();
    assert!(parts.len() > 2);
    let mut headings: Vec<String> = Vec::new();
    for part in parts {
        let inner = within(&elements, part);
        let own = inner.iter().map(|place| &elements[*place]).filter(|element| element.attribute("scope") == "col");
        let own: Vec<String> = own.map(|heading| heading.words.clone()).collect();
        assert_eq!(own[0], "Unit");
        headings.extend(own.into_iter().skip(1));
        assert!(inner.iter().all(|place| elements[*place].attribute("id").is_empty()), "figures are named once");
    }
    let columns: Vec<&str> =
        book.sheets[0].tables[0].columns.iter().skip(1).map(|column| column.heading.as_ref()).collect();
    assert_eq!(headings, columns);
    assert!(!page(&demo_book::book()).contains("paper\""), "what fits is printed once");
}

#[test]
fn a_page_in_another_language_has_none_of_the_english_words() {
    let words = |text: &'static str| std::borrow::Cow::Borrowed(text);
    let texts = BookWords {
        language: words("ar"),
        direction: Direction::RightToLeft,
        skip: words("1!"),
        contents: words("2!"),
        to_contents: words("3!"),
        one_row: words("4!"),
        many_rows: words("{count} 5!"),
        symbols: words("6!"),
        folded: words("{caption}: 7! {rows}"),
        no_cases: words("8!"),
        message: words("{series}: 9! {first}"),
        gaps: words("10! {count}"),
        measure: words("11!"),
        says: words("12!"),
        page_number: words("{page}!{pages}"),
        ..BookWords::default()
    };
    let page = page_in(&demo_book::book(), &texts);
    assert!(page.contains("<html lang=\"ar\" dir=\"rtl\">"));
    for english in [
        "Skip to",
        "Contents<",
        "Back to",
        " rows)",
        "Symbols<",
        "show all",
        "no cases</p>",
        "Without a figure",
        "What it says",
    ] {
        assert!(!page.contains(english), "{english}");
    }
    for number in [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12] {
        assert!(page.contains(&format!("{number}!")), "{number}");
    }
}

#[test]
fn hostile_words_are_all_there_and_mean_nothing() {
    let elements = elements_of(&hostile_book::book());
    let notes: Vec<&Element> = elements.iter().filter(|element| element.name == "p").collect();
    for text in hostile_book::hostile_texts() {
        let shown = chartroom::record::long_text::shown(&text, || "the records".to_owned()).into_owned();
        let shown = chartroom::record::shown::shown(&shown)
            .replace('\u{fffe}', "\\u{fffe}")
            .replace('\u{ffff}', "\\u{ffff}")
            .replace('\u{fdd0}', "\\u{fdd0}");
        assert!(notes.iter().any(|note| note.words == shown), "{:?}", shown.chars().take(80).collect::<String>());
    }
}
