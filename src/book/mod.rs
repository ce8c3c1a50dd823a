//! Sheets and tables as plain data, and what writes them: a workbook, text, and CSV.

pub mod csv;
pub mod figures;
pub mod html;
pub mod sheet;
pub mod table;
pub mod text;
pub mod value;
pub mod xlsx;
