//! Releases as delimited text: POA-exempt list, CCSR, CCIR, comorbidity tables.

use std::collections::BTreeSet;

use super::{BadLines, Kind, Release, ReleaseFault};

/// Reads a comma-separated release by its heading; `None` where no kind has that heading.
pub fn read(first: &str, text: &str) -> Option<Result<Release, ReleaseFault>> {
    if first.starts_with("Chronic Condition Indicator") {
        return Some(ccir(text));
    }
    let heading: Vec<String> =
        first.trim().split(',').map(|name| name.trim_matches(['"', '\'']).to_ascii_lowercase()).collect();
    let heading: Vec<&str> = heading.iter().map(String::as_str).collect();
    let kind = match heading.as_slice() {
        ["code", "ccsr", "default_inpatient"] => Kind::Ccsr,
        ["ccsr", "description"] => Kind::CcsrCategories,
        ["code", "measure", "description"] => Kind::AhrqCmrCodes,
        ["measure", "description", "uses_poa", ..] => Kind::AhrqCmrMeasures,
        ["group_no", "group", "label", "code_prefix"] => Kind::ComorbidityPrefixes,
        ["map", "weights", "group", "weight"] => Kind::ComorbidityWeights,
        _ => return None,
    };
    Some(table(kind, text))
}

/// A table with a heading, every row as wide as it.
fn table(kind: Kind, text: &str) -> Result<Release, ReleaseFault> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let columns: Vec<String> =
        reader.headers().map(|names| names.iter().map(str::to_owned).collect()).unwrap_or_default();
    let mut bad = BadLines::default();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let record = record.ok().filter(|record| record.len() == columns.len() && !record[0].trim().is_empty());
        match record {
            Some(record) => rows.push(record.iter().map(|cell| cell.trim().to_owned()).collect()),
            None => bad.add(at + 2, "it has not as many cells as the heading"),
        }
    }
    bad.check(kind)?;
    let distinct = |column: usize| rows.iter().map(|row| row[column].as_str()).collect::<BTreeSet<_>>().len() as u64;
    let mut figures = vec![("rows".to_owned(), rows.len() as u64)];
    match kind {
        Kind::Ccsr => {
            figures.push(("codes".to_owned(), distinct(0)));
            figures.push(("categories".to_owned(), distinct(1)));
            let defaults = rows.iter().filter(|row| row[2] == "Y").count() as u64;
            figures.push(("inpatient defaults".to_owned(), defaults));
        }
        Kind::AhrqCmrCodes => figures.push(("codes".to_owned(), distinct(0))),
        Kind::ComorbidityPrefixes => figures.push(("groups".to_owned(), distinct(1))),
        _ => {}
    }
    Ok(Release { kind, columns, rows, figures })
}

/// Two banner lines, a heading, then codes in single quotes with their indicator: 0 not chronic, 1 chronic, 9 no determination.
fn ccir(text: &str) -> Result<Release, ReleaseFault> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut bad = BadLines::default();
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut chronic = 0;
    for (at, record) in reader.records().enumerate().skip(3) {
        let cells: Option<[String; 3]> = record.ok().and_then(|record| {
            let cells: Vec<String> = record.iter().map(|cell| cell.trim().trim_matches('\'').to_owned()).collect();
            cells.try_into().ok()
        });
        match cells {
            Some(cells) if matches!(cells[2].as_str(), "0" | "1" | "9") && !cells[0].is_empty() => {
                chronic += u64::from(cells[2] == "1");
                rows.push(cells.to_vec());
            }
            _ => bad.add(at + 1, "it is not a code, a title and 0, 1 or 9"),
        }
    }
    bad.check(Kind::Ccir)?;
    let figures = vec![("codes".to_owned(), rows.len() as u64), ("chronic".to_owned(), chronic)];
    let columns = ["code", "title", "chronic"].map(str::to_owned).to_vec();
    Ok(Release { kind: Kind::Ccir, columns, rows, figures })
}

/// Order, code with its dot, title, separated by tabs.
pub fn poa_exempt(text: &str) -> Result<Release, ReleaseFault> {
    let mut bad = BadLines::default();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (at, line) in text.lines().enumerate().skip(1) {
        let line = line.trim_end();
        if line.is_empty() {
            continue;
        }
        let mut cells = line.split('\t').map(str::trim);
        let (order, code, title) = (cells.next(), cells.next(), cells.next());
        match (order, code, title) {
            (Some(order), Some(code), Some(title))
                if order.bytes().all(|byte| byte.is_ascii_digit())
                    && code.len() >= 3
                    && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.') =>
            {
                rows.push(vec![code.replace('.', ""), title.trim_matches('"').to_owned()]);
            }
            _ => bad.add(at + 1, "it is not an order number, a code and a title"),
        }
    }
    bad.check(Kind::PoaExempt)?;
    let figures = vec![("codes".to_owned(), rows.len() as u64)];
    Ok(Release { kind: Kind::PoaExempt, columns: ["code", "title"].map(str::to_owned).to_vec(), rows, figures })
}
