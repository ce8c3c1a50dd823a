//! The run: the only place that knows every desk.

pub mod coded_records;
