//! The reference workbook of AHRQ's Elixhauser Comorbidity Software Refined: a sheet of measures and a sheet of codes.

use super::{OfficialSheet, TableInTheMaking, columns::is_code};
use crate::record::code::CodeSystem;

/// The words with which AHRQ closes a sheet.
const END: &str = "End of Content";

fn cell(cells: &[String], at: usize) -> &str {
    cells.get(at).map_or("", |cell| cell.trim())
}

/// Rows down to the closing words. Until v2023.1 the sheets had none: those are whole where they end with what ends the sheet in every version. A sheet with
/// neither is cut short.
fn content<'s>(sheet: &'s OfficialSheet, last: &str, reading: &mut TableInTheMaking) -> &'s [(u64, Vec<String>)] {
    let rows = sheet.rows.get(1..).unwrap_or_default();
    let end = rows.iter().position(|(_, cells)| cell(cells, 0) == END);
    let ends_as_published = rows.last().is_some_and(|(_, cells)| cell(cells, 0) == last);
    if end.is_none() && !ends_as_published && !sheet.notes.iter().any(|note| note.contains(END)) {
        let message = format!("the sheet {} ends neither with `{END}` nor with {last}: it is cut short", sheet.name);
        reading.missing.push(message);
    }
    &rows[..end.unwrap_or(rows.len())]
}

/// The last measure and the last code of every version.
const LAST_MEASURE: &str = "CMR_WGHTLOSS";
const LAST_CODE: &str = "Z992";

/// Reads the sheet of measures: abbreviation, description, whether present-on-admission marks are used.
pub fn read_measures(sheet: &OfficialSheet) -> TableInTheMaking {
    let mut reading = TableInTheMaking::default();
    for (row, cells) in content(sheet, LAST_MEASURE, &mut reading) {
        let (measure, description, uses) = (cell(cells, 0), cell(cells, 1), cell(cells, 2));
        if !measure.starts_with("CMR_") || description.is_empty() || !matches!(uses, "Yes" | "No") {
            reading.fault(*row, "is not a measure CMR_..., its description, and Yes or No");
        } else {
            reading.row(*row, &[measure, description, uses]);
        }
    }
    reading
}

/// Reads the sheet of codes: code, description, number of measures, then a column for each measure with 0 or 1. The number is held to the columns.
pub fn read_code_sheet(sheet: &OfficialSheet) -> TableInTheMaking {
    let mut reading = TableInTheMaking::default();
    let heading: &[String] = sheet.rows.first().map_or(&[], |(_, cells)| cells);
    for (row, cells) in content(sheet, LAST_CODE, &mut reading) {
        let (code, description) = (cell(cells, 0), cell(cells, 1));
        let flags: Vec<&str> = (3..heading.len()).map(|at| cell(cells, at)).collect();
        let measures: Vec<&String> =
            heading[3..].iter().zip(&flags).filter(|(_, flag)| **flag == "1").map(|(name, _)| name).collect();
        if !is_code(CodeSystem::Icd10Cm, code) {
            reading.fault(*row, "the first cell is no code of ICD-10-CM");
        } else if flags.iter().any(|flag| !matches!(*flag, "0" | "1")) {
            reading.fault(*row, "a measure is neither 0 nor 1");
        } else if cell(cells, 2).parse() != Ok(measures.len()) {
            reading.fault(*row, "the number of measures is not that of its columns");
        } else {
            for measure in measures {
                reading.row(*row, &[code, measure, description]);
            }
        }
    }
    reading
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_measures_is_held_to_the_columns() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let sheet = OfficialSheet {
            rows: vec![
                (2, row(&["ICD-10-CM Diagnosis", "ICD-10-CM Code Description", "# Comorbidities", "AIDS", "VALVE"])),
                (3, row(&["A1884", "Tuberculosis of heart", "1", "0", "1"])),
                (4, row(&["A3282", "Listerial endocarditis", "2", "0", "1"])),
                (5, row(&[END])),
            ],
            ..OfficialSheet::default()
        };
        let reading = read_code_sheet(&sheet);
        assert_eq!((reading.rows.len(), reading.faults.len(), reading.missing.len()), (1, 1, 0));
        assert_eq!(reading.faults[0].line, 4);
    }

    #[test]
    fn a_sheet_without_closing_words_is_whole_where_it_ends_as_every_version_does() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let heading = row(&["ICD-10-CM Diagnosis", "ICD-10-CM Code Description", "# Comorbidities", "RENLFL_SEV"]);
        let sheet = |codes: &[&str]| {
            let codes = codes.iter().map(|code| row(&[code, "a title", "1", "1"]));
            let rows = (2..).zip(std::iter::once(heading.clone()).chain(codes)).collect();
            read_code_sheet(&OfficialSheet { rows, ..OfficialSheet::default() })
        };
        let whole = sheet(&["N186", "Z992"]);
        assert_eq!((whole.rows.len(), whole.missing.len()), (2, 0));
        assert_eq!(sheet(&["N186", "Z4901"]).missing.len(), 1, "cut short");
        assert_eq!(sheet(&["N186"]).missing.len(), 1, "cut short");
    }
}
