//! The account of the edits: what `run_results.json` says of them, and what their sheets are made from.

pub mod acceptances;
pub mod conformity;
pub mod file_findings;
pub mod not_asked;
pub mod rules;
pub mod trends;
