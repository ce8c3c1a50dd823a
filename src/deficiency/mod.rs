//! Chart deficiencies: what the chart's document index lacks against the expected-document matrix, whose it is, and since when.

pub mod examine;
pub mod kind;
pub mod matrix;
pub mod tally;
