//! Chart deficiencies: what the chart's document index lacks against the expected-document matrix, whose it is, and since when.

pub mod account;
pub mod clinician_sheet;
pub mod clinician_tables;
pub mod clinicians;
pub mod document_type;
pub mod examine;
pub mod index;
pub mod index_of_rows;
pub mod kind;
pub mod letter;
pub mod levels;
pub mod matrix;
pub mod settings;
pub mod sheet;
pub mod tables;
pub mod tally;
