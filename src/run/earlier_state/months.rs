//! The figures of facilities' months of edition 0.1, `facility_months.csv`: by pipeline, the lines of `edits::trend::facility_months`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::lines;
use crate::{
    book::csv::CsvLine,
    edits::trend::facility_months::{COLUMNS, FacilityMonths},
    fs::FileError,
    store::content::MonthLine,
};

/// Name of the file in the state folder.
pub const MONTHS: &str = "facility_months.csv";
/// The column before those of facility months.
const PIPELINE: &str = "pipeline";
/// The places of the columns of facility months behind it.
const PLACES: [usize; COLUMNS.len()] = [1, 2, 3, 4, 5, 6];

/// The lines by pipeline; none where there is no file.
///
/// # Errors
/// The file cannot be read, or somebody has damaged it: a history would be judged by that is none.
pub fn read(file: &Path) -> Result<BTreeMap<String, Vec<MonthLine>>, FileError> {
    let read = lines::lines(file)?;
    let Some((heading, lines)) = read.split_first() else { return Ok(BTreeMap::new()) };
    if !heading.values.iter().eq(std::iter::once(&PIPELINE).chain(&COLUMNS)) {
        return Err(lines::damaged(file, 1, "the heading is not that of the months remembered"));
    }
    let pipelines: BTreeSet<&str> = lines.iter().map(|line| line.value(0)).collect();
    let mut remembered = BTreeMap::new();
    let mut first = None;
    for own in pipelines {
        let of_own = lines.iter().filter(|line| line.value(0) == own);
        match FacilityMonths::read_lines(PLACES, of_own.clone().cloned().map(Ok)) {
            Ok(months) => {
                first = first.into_iter().chain(unlike_written(of_own.collect(), &months)).min();
                remembered.insert(own.to_owned(), months.lines());
            }
            Err(faults) => {
                let fault = faults.into_iter().map(|fault| (fault.line, fault.message)).min();
                first = first.into_iter().chain(fault).min();
            }
        }
    }
    match first {
        Some((line, what)) => Err(lines::damaged(file, line, &what)),
        None => Ok(remembered),
    }
}

/// The first line of a pipeline that is not the one that a run writes of these months, in every cell: also in those that the figures do not need.
fn unlike_written(own: Vec<&CsvLine>, months: &FacilityMonths) -> Option<(u64, String)> {
    let again = months.lines();
    let differs = own.iter().zip(&again).find(|(line, again)| line.values[1..] != **again).map(|(own, _)| *own);
    let line = differs.or_else(|| own.last().copied().filter(|_| own.len() != again.len()))?;
    Some((line.number, "the line is not one that this program writes in this place".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_file_is_an_error_with_its_line() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join(MONTHS);
        let text =
            "pipeline,facility_id,month,measure,of,numerator,denominator\nMonthly,0042,2026-10,discharges,,200,\n";
        std::fs::write(&path, text).expect("written");
        assert_eq!(read(&path).expect("sound")["Monthly"].len(), 1);
        std::fs::write(&path, text.replace("2026-10", "2026-1O")).expect("written");
        let error = read(&path).expect_err("damaged").to_string();
        assert!(error.contains("facility_months.csv, line 2: `month` is no month"), "{error}");
    }
}
