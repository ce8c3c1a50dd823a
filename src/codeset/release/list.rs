//! A plain list of codes of a system whose table does not ship: a CSV file with the heading `code,title` and, where codes begin and end, `first_day,last_day`.

use super::{
    OfficialContent, OfficialTable, OpenedRelease, ReadRelease, ReleaseRefusal, TableInTheMaking,
    kind::OfficialFileKind,
};
use crate::record::date::Day;

/// Reads a list; its rows have the four columns of its kind, blank where the file has none.
///
/// # Errors
/// [`ReleaseRefusal::Malformed`] where the heading has no `code` or a row is none; [`ReleaseRefusal::Incomplete`] where there are no rows; [`ReleaseRefusal::Unknown`] of a workbook.
pub fn read(source: &OpenedRelease) -> Result<ReadRelease, ReleaseRefusal> {
    let OfficialContent::Text(text) = &source.content else { return Err(ReleaseRefusal::Unknown) };
    let kind = OfficialFileKind::CodeList;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut reading = TableInTheMaking::default();
    let mut places: Option<[Option<usize>; 4]> = None;
    for record in reader.records() {
        let Ok(record) = record else {
            reading.fault(0, "a row cannot be read as comma-separated values");
            continue;
        };
        let line = record.position().map_or(0, csv::Position::line);
        let Some(places) = places else {
            let place = |name: &str| record.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
            let found = ["code", "title", "first_day", "last_day"].map(place);
            if found[0].is_none() {
                reading.fault(line, "the heading has no column `code`: write code,title,first_day,last_day");
                break;
            }
            places = Some(found);
            continue;
        };
        let cells = places.map(|place| place.and_then(|place| record.get(place)).unwrap_or("").trim());
        if cells.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        if cells[0].is_empty() {
            reading.fault(line, "`code` is blank");
        } else if cells[2..].iter().any(|day| !day.is_empty() && Day::from_iso(day).is_none()) {
            reading.fault(line, "a day is not written YYYY-MM-DD");
        } else {
            reading.row(line, &cells);
        }
    }
    reading.refuse_repeated(kind);
    if !reading.faults.is_empty() {
        return Err(ReleaseRefusal::Malformed(kind, reading.faults));
    }
    if reading.rows.is_empty() {
        return Err(ReleaseRefusal::Incomplete(kind, "it has no rows".to_owned()));
    }
    let rows = reading.rows.into_iter().map(|(_, row)| row).collect();
    Ok(ReadRelease { table: OfficialTable { kind, rows }, missing: Vec::new(), notes: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_codes_and_may_have_titles_and_days() {
        let read = |text: &str| {
            read(&OpenedRelease { name: "list.csv".to_owned(), content: OfficialContent::Text(text.to_owned()) })
        };
        let list = read("Code,Title\nA1,\"One, and more\"\nA2,Two\n").expect("a list");
        assert_eq!(list.table.rows, [["A1", "One, and more", "", ""], ["A2", "Two", "", ""]]);
        let dated = read("code,first_day,last_day,title\nA1,2020-01-01,,One\n").expect("a list");
        assert_eq!(dated.table.rows, [["A1", "One", "2020-01-01", ""]]);
        assert!(matches!(read("name,title\nA1,One\n"), Err(ReleaseRefusal::Malformed(..))));
        assert!(matches!(read("code,first_day\nA1,1.1.2020\n"), Err(ReleaseRefusal::Malformed(..))));
        assert!(matches!(read("code,title\nA1,One\nA1,One\n"), Err(ReleaseRefusal::Malformed(..))));
        assert!(matches!(read("code,title\n"), Err(ReleaseRefusal::Incomplete(..))));
    }
}
