//! Samples of a finished run for auditors, and the sheets that come back.

use std::{collections::BTreeSet, path::Path};

use super::{
    compare::is_of_changed_records,
    releases::opening::open,
    stored_records::{self, StoredFault},
};
use crate::{
    book::csv::in_memory,
    codeset::release::OfficialContent,
    coding::audit::{
        sample::{AuditSample, SampleChoice, Sampler},
        score::{AuditScore, AuditTable},
        sheet,
    },
    ingest::{fault::SourceFault, sniff},
    record::{line_of_text::LineCounter, shown},
};

/// Draws a sample from the coded records of a run's output folder.
///
/// # Errors
/// The folder has no coded records, or they cannot be read.
pub fn draw(folder: &Path, choice: SampleChoice) -> Result<AuditSample, StoredFault> {
    // What cannot be read is told where the records are read.
    if is_of_changed_records(folder).unwrap_or(false) {
        return Err(StoredFault::PartOfRecords);
    }
    let mut sampler = Sampler::new(choice);
    stored_records::read(folder, |record| sampler.offer(record))?;
    Ok(sampler.draw())
}

/// The sheet of a sample, with its heading, as comma-separated values.
pub fn sample_sheet(sample: &AuditSample) -> Vec<u8> {
    in_memory(sheet::COLUMNS, sheet::rows(sample))
}

/// Why a sheet as a whole cannot be scored. Words that hold no cell content.
#[derive(Debug, thiserror::Error)]
pub enum SheetUnusable {
    /// The file cannot be read or is no table.
    #[error("{0}")]
    Source(#[from] SourceFault),
    /// Columns are missing.
    #[error("has no column {}; begin from the sheet that `chartroom audit sample` writes", .0.join(", "))]
    Columns(Vec<&'static str>),
}

/// Reads a filled-in sheet, text or workbook, and scores it. Of a workbook the first sheet that has the columns is read.
///
/// # Errors
/// The file as a whole cannot be scored; then nothing of it is counted.
pub fn score(path: &Path, score: &mut AuditScore, known: &mut BTreeSet<String>) -> Result<(), SheetUnusable> {
    let mut missing = Vec::new();
    for table in tables(path)? {
        match score.add(&table, known) {
            Ok(()) => return Ok(()),
            Err(columns) if missing.is_empty() => missing = columns,
            Err(_) => {}
        }
    }
    if missing.is_empty() { Err(SourceFault::Empty.into()) } else { Err(SheetUnusable::Columns(missing)) }
}

fn tables(path: &Path) -> Result<Vec<AuditTable>, SourceFault> {
    let name = shown::path(path);
    let mut tables = Vec::new();
    for source in open(path)?.sources {
        match source.content {
            OfficialContent::Text(text) => tables.push(of_text(&name, &text)),
            OfficialContent::Sheets(sheets) => tables.extend(sheets.into_iter().map(|sheet| {
                let mut rows = sheet.rows.into_iter();
                let heading = rows.next().map(|(_, cells)| cells).unwrap_or_default();
                AuditTable { name: format!("{name} [{}]", sheet.name), heading, rows: rows.collect() }
            })),
        }
    }
    Ok(tables)
}

/// Spreadsheets of some countries write semicolons, so the delimiter is looked for. Rows of any width are read: what is not there is blank.
fn of_text(name: &str, text: &str) -> AuditTable {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .delimiter(sniff::delimiter(text.as_bytes()))
        .from_reader(text.as_bytes());
    let mut table = AuditTable { name: name.to_owned(), ..AuditTable::default() };
    let mut lines = LineCounter::new(text.as_bytes());
    // The text is UTF-8 and in memory: a record cannot fail.
    for (number, record) in reader.records().filter_map(Result::ok).enumerate() {
        let cells: Vec<String> = record.iter().map(str::to_owned).collect();
        match number {
            0 => table.heading = cells,
            _ => table.rows.push((lines.line(record.position().map_or(0, csv::Position::byte)), cells)),
        }
    }
    table
}
