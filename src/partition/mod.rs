//! A partition: a bounded set of whole encounters with everything that hangs on them, first as raw rows, then typed.
//!
//! Examining a partition is a pure function of it; this folder says what a partition is.

pub mod category_prefilter;
pub mod comparison;
pub mod decode;
pub mod discharges;
pub mod encounter;
pub mod registers;
pub mod value;
pub mod value_of;
