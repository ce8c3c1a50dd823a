//! Exports in: files to canonical rows.

pub mod block;
pub mod cutter;
pub mod sorter;
