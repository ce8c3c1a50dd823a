//! The columns that an examination gives: coded records, where their rows stood, and findings that are reported by value.

pub mod build;
mod code_lists;
pub mod coded_records;
pub mod column;
pub mod findings_by_value;
pub mod record_sources;
