//! `chartroom`: a medical-records department as a batch pipeline.

#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write and read what they look at"))]

pub mod archive;
pub mod book;
pub mod cli;
pub mod codeset;
pub mod coding;
pub mod deficiency;
pub mod docs;
pub mod edits;
pub mod engine;
pub mod examination;
pub mod expression;
pub mod fs;
pub mod ingest;
pub mod parallel;
pub mod partition;
pub mod plan;
pub mod problem;
pub mod record;
pub mod rows;
pub mod run;
pub mod statistics;
pub mod store;
pub mod template;
pub mod tracking;

#[cfg(test)]
#[path = "../tests/shared_folder.rs"]
mod shared_folder;

#[cfg(test)]
#[path = "../tests/hostile_corpus/compound_file.rs"]
mod compound_file;
