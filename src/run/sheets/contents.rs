//! Contents: what stands where.

use crate::book::{
    sheet::Sheet,
    table::{Table, column},
    value::CellValue,
};

/// Its name.
pub const NAME: &str = "Contents";

/// The sheet; `others` are the sheets that it lists.
pub fn sheet(others: &[Sheet]) -> Sheet {
    Sheet {
        name: NAME,
        title: "Contents".to_owned(),
        summary: "This list",
        notes: Vec::new(),
        tables: vec![Table {
            name: "contents".to_owned(),
            caption: "Sheets".to_owned(),
            columns: vec![column("Sheet", 20), column("Rows", 10), column("What it shows", 60)],
            rows: others
                .iter()
                .map(|sheet| {
                    let rows = sheet.tables.iter().map(|table| table.rows.len() as u64).sum();
                    vec![CellValue::SheetName(sheet.name), CellValue::Count(rows), CellValue::text(sheet.summary)]
                })
                .collect(),
            chart: None,
        }],
    }
}
