//! Statistics: measures with numerator, denominator and definition; the workbook and the same content as text.

pub mod clinical_groups;
pub mod code_counts;
pub mod coders;
pub mod partition_tally;
pub mod place;
pub mod settings;
pub mod sheets;
pub mod tally;
