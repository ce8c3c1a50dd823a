//! Exports in: files to canonical rows.

pub mod block;
