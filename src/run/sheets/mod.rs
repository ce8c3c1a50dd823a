//! The sheets that speak of every desk: the contents, and the run sheet.

pub mod board;
pub mod chosen;
pub mod contents;
pub mod cover;
pub mod run_sheet;
