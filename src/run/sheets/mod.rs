//! The sheets that speak of every desk: the contents, and the run sheet.

pub mod contents;
pub mod run_sheet;
