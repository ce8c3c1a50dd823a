//! Statistics: measures with numerator, denominator and definition; the workbook and the same content as text.

pub mod book;
pub mod clinical_groups;
pub mod code_counts;
pub mod coders;
pub mod place;
pub mod sheets;
pub mod tally;
pub mod text;
pub mod xlsx;
