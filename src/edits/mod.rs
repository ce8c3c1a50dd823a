//! Edits: rules over records and inputs, with denominators.
//!
//! One rule is one file `rules/<name>.rs` with its page `rules/<name>.md`, and one line in the ordered list `rules/mod.rs`. The page is documentation,
//! `explain` text and test in one.

pub mod asking;
pub mod conventions;
pub mod engine;
pub mod explain;
pub mod facts;
pub mod rule;
pub mod rules;
pub mod scorecard;
