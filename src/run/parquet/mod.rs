//! Columns of records as Parquet: built as records come, a partition a row group, written in the order of partitions.
//!
//! The format is that of Apache Parquet (data page version 1, `RLE_DICTIONARY` and `PLAIN`). Columns are built here because what they are made from is known:
//! codes and vocabularies are dictionaries already, and all lists of one record have the same length.

mod nesting_levels;
mod page;
pub mod sink;
