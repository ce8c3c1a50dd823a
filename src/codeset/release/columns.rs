//! Columns: places of a fixed-width line counted in characters, and cells of a comma-separated line.

use super::{TableInTheMaking, kind::OfficialFileKind};
use crate::{codeset::normalise::is_well_formed, record::code::CodeSystem};

/// The characters of a line from one place (counted from 1) to another, both included, without blanks at their ends. Old files are not ASCII.
pub fn field(line: &str, first: usize, last: usize) -> &str {
    if line.is_ascii() {
        return line.get(first - 1..last.min(line.len())).unwrap_or("").trim();
    }
    let place = |at: usize| line.char_indices().nth(at).map_or(line.len(), |(offset, _)| offset);
    line[place(first - 1)..place(last)].trim()
}

/// Whether a text is a code of a system by its form, without its dot.
pub fn is_code(system: CodeSystem, text: &str) -> bool {
    is_well_formed(system, text.as_bytes())
}

/// Splits one line of comma-separated values; quotes are double. Releases have no line ends within cells.
pub fn cells(line: &str) -> Option<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(line.as_bytes());
    let record = reader.records().next()?.ok()?;
    Some(record.iter().map(|cell| cell.trim().to_owned()).collect())
}

/// Reads a table whose heading is the columns of its kind: comma-separated, every cell filled.
pub fn read_listed(kind: OfficialFileKind, lines: &[(u64, &str)]) -> TableInTheMaking {
    let columns = kind.facts().columns;
    let mut reading = TableInTheMaking::default();
    // AHRQ closes its lists with these words; the others have no end of their own.
    let end = lines.iter().position(|(_, text)| text.starts_with("End of Content"));
    if kind == OfficialFileKind::CcsrCategories && end.is_none() {
        reading.missing.push("does not end with `End of Content`: it is cut short".to_owned());
    }
    for (line, text) in lines[..end.unwrap_or(lines.len())].iter().skip(1) {
        let Some(cells) = cells(text).filter(|cells| cells.len() == columns.len()) else {
            reading.fault(*line, format!("has not the {} columns of the heading", columns.len()));
            continue;
        };
        if let Some(at) = cells.iter().position(String::is_empty) {
            reading.fault(*line, format!("`{}` is blank", columns[at]));
            continue;
        }
        let number = columns.iter().zip(&cells).find(|(column, cell)| {
            (column.contains("weight") && **column != "weights") && cell.parse::<i32>().is_err()
        });
        if let Some((column, _)) = number {
            reading.fault(*line, format!("`{column}` is no whole number"));
            continue;
        }
        reading.rows.push((*line, cells));
    }
    reading
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters() {
        assert_eq!(field("38600 Ménière's disease, unspecified", 7, 80), "Ménière's disease, unspecified");
        assert_eq!(field("A000    Cholera", 1, 7), "A000");
        assert_eq!(field("A00", 9, 20), "");
    }
}
