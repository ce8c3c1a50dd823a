//! Exports in: files to canonical rows.

pub mod block;
pub mod cutter;
pub mod decode;
pub mod delimited;
pub mod fault;
pub mod place;
pub mod sorter;
