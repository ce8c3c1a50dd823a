//! Drafts of layouts: reads an unknown export and writes a layout that runs, with what is not certain as questions.
//!
//! No cell stands in a draft but the words of coded columns (sex, status, type), which do not identify a patient.

mod ages;
mod column;
mod dates;
mod decided;
mod detail;
mod guess;
mod languages;
mod lists;
mod name_parts;
mod names;
mod pairs;
mod parts;
mod positions;
mod questions;
mod ranges;
mod register_names;
mod revisions;
mod sample;
mod sexes;
mod stays;
mod systems;
mod values;
pub(super) mod words;
mod write;

use std::{collections::BTreeMap, path::PathBuf};

use crate::record::field::{CanonicalTable, Field};

use super::{fault::SourceFault, layout::SourceOptions};

/// Drafts a layout from files of one export: from the biggest table of each, or from the sheets and members that are `stated`.
///
/// # Errors
/// The file that cannot be read, is no table, or has other columns than the first.
pub fn draft(files: &[PathBuf], stated: Option<&SourceOptions>) -> Result<String, (PathBuf, SourceFault)> {
    let (sample, count) = sample::read_all(files, stated)?;
    let columns = column::columns(&sample);
    let guess = guess::guess(&sample, &columns);
    Ok(write::layout(&sample, count, &columns, &guess))
}

/// The headings under which a draft looks for a field in a table, in words; [`known_words`] has the spellings of each word.
pub fn known_headings(field: Field, table: CanonicalTable) -> Vec<&'static str> {
    names::of(field, table)
}

/// The words of headings that a draft understands: each meaning with the spellings that have it.
pub fn known_words() -> BTreeMap<&'static str, Vec<&'static str>> {
    words::by_meaning()
}

#[cfg(test)]
mod tests;
