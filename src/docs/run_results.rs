//! The page of every key of `run_results.json`, made from the types that a run writes.

use crate::run::results::{SCHEMA_VERSION, json_schema};

use super::schema::{Notation, reference};

/// The page.
pub fn page() -> String {
    let keys = reference(&json_schema(), Notation::Json, "The file itself");
    format!(
        "# Every key of run_results.json

`data/run_results.json` has every figure of a run's account, for machines. This is schema version {SCHEMA_VERSION}; the number grows when a key goes or
changes its meaning. A key that is added leaves it as it is. No value of a patient stands in the file.
Brackets mean a list: `inputs[]` has one entry an input.
{keys}"
    )
}
