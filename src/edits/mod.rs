//! Edits: rules over records and inputs, with denominators.
//!
//! One rule is one file `rules/<name>.rs` with its page `rules/<name>.md`, and two lines in `rules/mod.rs`. The page is documentation,
//! `explain` text and test in one. A site's own rules stand in its pipeline file, in the language of `expression`.

pub mod acceptance;
pub mod account;
pub mod between;
pub mod between_tables;
pub mod births;
pub mod by_value;
pub mod conditions;
pub mod conventions;
pub mod engine;
pub mod explain;
#[cfg(test)]
mod expression_tests;
pub mod facts;
mod finding_of;
pub mod mce;
pub mod name_words;
pub mod profile;
pub mod reporting;
pub mod rule;
pub mod rule_loops;
pub mod rules;
pub mod scorecard;
pub mod settings;
pub mod sheets;
pub mod site_rule;
pub mod stay;
pub mod table_tally;
pub mod tables;
pub mod trend;
