//! A site map in a workbook, read by the desk that reads workbooks, for the one that reads maps.

use std::path::Path;

use crate::{
    codeset::site_map::MapRow,
    coding::settings::MapSheet,
    fs::LARGEST_CONFIGURATION,
    ingest::{
        block::RejectedRow,
        decode::{Container, container},
        input_file::InputFile,
        workbook::{SheetTable, read_sheet},
    },
    record::line_fault::LineFault,
};

/// The first sheet that holds a table; `None` where the file is no workbook, or larger than a configuration may be.
pub fn read(path: &Path) -> Option<Result<MapSheet, String>> {
    let opened = InputFile::open(path).ok()?;
    let is_workbook = opened.bytes() <= LARGEST_CONFIGURATION && matches!(container(&opened), Ok(Container::Workbook));
    is_workbook.then(|| {
        let sheet = read_sheet(&opened, None, None).map_err(|fault| fault.to_string())?;
        let digest = opened.digest().map_err(|fault| fault.to_string())?;
        opened.is_as_opened().map_err(|fault| fault.to_string())?;
        Ok(MapSheet { sha256: digest.sha256, rows: rows_of(&sheet) })
    })
}

/// The rows as the sheet numbers them. Titles above the heading are passed over.
fn rows_of(sheet: &SheetTable) -> Result<Vec<MapRow>, Vec<LineFault>> {
    let block = &sheet.block;
    if !block.rejected.is_empty() {
        let fault = |row: &RejectedRow| LineFault::new(row.number, row.reason);
        return Err(block.rejected.iter().map(fault).collect());
    }
    let rows = block.rows.iter().map(|row| {
        let cells = (0..row.field_count as usize).map(|at| String::from_utf8_lossy(block.field(row, at)).into_owned());
        (row.number, cells.collect())
    });
    Ok(rows.collect())
}
