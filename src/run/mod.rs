//! The run: the only place that knows every desk.

pub mod account;
pub mod coded_records;
pub mod results;
