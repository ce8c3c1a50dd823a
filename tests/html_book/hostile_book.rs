//! A book whose every text is hostile: it tries to end elements, attributes, styles and comments, to turn the direction, and to be too long.

use chartroom::{
    book::{
        board::{Board, BoardChange, BoardRow},
        sheet::{Book, Sheet},
        table::{Chart, ChartKind, Table, column, trend_column},
        value::CellValue,
    },
    record::date::Day,
};

/// BookWords that try to break out.
pub fn hostile_texts() -> Vec<String> {
    vec![
        "<script>alert(1)</script>".to_owned(),
        "\"><img src=x onerror=alert(1)>".to_owned(),
        "' onmouseover='alert(1)".to_owned(),
        "</title></style></desc></svg><script>alert(2)</script>".to_owned(),
        "--></details></table></section><h1>not ours</h1>".to_owned(),
        "]]><!-- &lt; &amp; &#60;script&#62; {count} {caption} {".to_owned(),
        "\u{202e}txet desrever\u{202c} \u{2066}isolate".to_owned(),
        "bell\u{7} escape\u{1b}[2J null\u{0} line\nfeed tab\t \u{85} \u{fffe} \u{ffff} \u{fdd0}".to_owned(),
        "w".repeat(10_000),
        "\"}</style>\\\u{a}@import url(http://example.invalid)".to_owned(),
        "=HYPERLINK(\"http://example.invalid\")".to_owned(),
        "javascript:alert(3)".to_owned(),
        "محمد and משה and 山田".to_owned(),
        "x".repeat(40_000),
        String::new(),
    ]
}

/// The book.
pub fn book() -> Book {
    let texts = hostile_texts();
    // The longest stands among the notes alone, so that the page stays small enough to be looked at.
    let short: Vec<&String> = texts.iter().filter(|text| text.len() < 20_000).collect();
    let text = |at: usize| short[at % short.len()].clone();
    let columns = || {
        vec![
            column(text(1), 40),
            column(text(2), 40),
            column(text(3), 10),
            column(text(8), 10),
            trend_column(text(4), 2, 3),
        ]
    };
    let row = |at: usize| {
        let figure = match at % 4 {
            0 => CellValue::Count(u64::MAX - at as u64),
            1 => CellValue::NotAvailable,
            2 => CellValue::percent(at as u64, 7, 3),
            _ => CellValue::Count(at as u64),
        };
        vec![CellValue::text(text(at)), CellValue::code(text(at + 1)), figure.clone(), figure, CellValue::Blank]
    };
    let kinds = [ChartKind::Line, ChartKind::Column, ChartKind::Bar, ChartKind::Pareto, ChartKind::Pyramid];
    let mut tables: Vec<Table> = kinds
        .into_iter()
        .enumerate()
        .map(|(at, kind)| Table {
            name: text(at),
            caption: text(at + 3),
            columns: columns(),
            rows: (0..20).map(row).collect(),
            chart: Some(Chart {
                kind,
                title: text(at + 4),
                values: "\"><script>",
                categories: 0,
                series: vec![2, 3],
                limits: vec![3, 99],
                rows: 99,
            }),
        })
        .collect();
    // Rows that are shorter and longer than the columns, as no table should be.
    tables.push(Table {
        name: text(0),
        caption: String::new(),
        columns: columns(),
        rows: vec![vec![CellValue::text("short")], vec![CellValue::Count(1); 9], Vec::new()],
        chart: None,
    });
    let sheet = |name: &'static str, at: usize| Sheet {
        name,
        title: text(at),
        summary: "\"'<b>",
        notes: texts.clone(),
        tables: if at == 1 { Vec::new() } else { tables.clone() },
    };
    let board_row = |at: usize| BoardRow {
        measure: text(at),
        unit: text(at + 1),
        is_part: at % 2 == 1,
        sheet: Some("<script>alert(4)</script>"),
        this_month: CellValue::text(text(at)),
        last_month: CellValue::code(text(at + 2)),
        same_month_last_year: CellValue::SheetName("\"><b>"),
        trend: vec![CellValue::Count(at as u64), CellValue::text(text(at)), CellValue::Count(3)],
        limits: text(at + 5),
        verdict: text(at + 6),
        asks_attention: at.is_multiple_of(2),
    };
    Book {
        title: text(9),
        business_date: Day(i32::MAX / 400),
        board: Some(Board {
            title: text(3),
            months: [text(0), text(1), text(6)],
            trend_months: vec![text(0), text(8)],
            rows: (0..15).map(board_row).collect(),
            changes: texts
                .iter()
                .map(|words| BoardChange { words: words.clone(), sheet: Some("' onclick='") })
                .collect(),
            notes: texts.clone(),
        }),
        sheets: vec![sheet("<script>alert(4)</script>", 0), sheet("<script>alert(4)</script>", 1), sheet("\"><b>", 7)],
    }
}
