//! Canonical rows: a row as bytes, the columns that are bound to fields, the external sort, the merge, and the cut into partitions.

pub mod cutter;
pub mod duplicates;
pub mod row;
pub mod slot;
pub mod sorter;
pub mod standing;
