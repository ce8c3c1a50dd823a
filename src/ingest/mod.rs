//! Exports in: files to canonical rows.

pub mod block;
pub mod cutter;
pub mod delimited;
pub mod place;
pub mod sorter;
