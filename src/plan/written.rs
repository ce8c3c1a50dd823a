//! What is of no desk in a pipeline file as it is written: types that the JSON schema is made from. A desk's section stands in its own settings.
//!
//! Editors use the schema for completion; the readers say what is wrong. A test holds the two to the same keys.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Pipeline;
use crate::problem::one_or_many::OneOrMany;

/// When a run exits with 1.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// At a fatal finding.
    Fatal,
    /// At an error or heavier.
    Error,
    /// At a warning or heavier.
    Warning,
    /// At any finding.
    Info,
    /// Never.
    Never,
}

/// Where the records of a pipeline come from, in place of exports.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FromStore {
    /// From the store in the state folder.
    Store,
}

/// The store of a pipeline: that the section stands there says that the records are kept. In a pipeline with `from = "store"` it says what is examined alone.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StoreSection {
    /// Findings and deficiencies that were corrected longer ago than so many days are forgotten. The records and the audit log stay. Default: none is forgotten.
    pub history_days: Option<u32>,
    /// What a night examines. `changed`: the records that came or changed, the other records of the same patients, and those that are open; what all others come to is known. `everything`: all records that are kept. Default: `changed`; of a pipeline with `from = "store"`, whose lists are to have all records, `everything`.
    pub examine: Option<WhatNightsExamine>,
}

/// What a night examines of the records that are kept.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WhatNightsExamine {
    /// What changed.
    Changed,
    /// Everything.
    Everything,
}

/// One export.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ingest {
    /// Name of the feed in accounts and findings.
    pub name: String,
    /// File pattern, or a list of them; relative to this file. `*` and `?` stand for any text and any character.
    pub files: OneOrMany,
    /// Layout: the name of a file in `layouts/` beside this file, or a path ending in .toml.
    pub layout: String,
    /// Sheet of a workbook, by name or by position from 1.
    pub sheet: Option<NameOrNumber>,
    /// Several sheets of a workbook, each an input of its own: names, positions from 1, or patterns in which `*` stands for any text. `"*"` are all visible sheets that hold a table.
    pub sheets: Option<NamesOrNumbers>,
    /// Members of a zip folder; `*` stands for any text. Default: all.
    pub member: Option<OneOrMany>,
    /// true: a file is due in every run; false: there may be none. Without it a file is due whenever a file of encounters came.
    pub required: Option<bool>,
    /// When a new file is due: daily, working_days, or so many files in every run. A run that lacks one publishes what came and exits with 66.
    pub expect: Option<Expect>,
    /// The file of a day is due in the run of so many days later; with daily and working_days. Default: 0.
    pub due_after_days: Option<u32>,
    /// Calendar of the days that are no working days beside Saturdays and Sundays: a day a line; relative to this file.
    pub holidays: Option<String>,
    /// Examine only encounters whose fields have one of these values; the others are counted as excluded.
    pub only: Option<BTreeMap<String, OneOrMany>>,
    /// Number of records that the sender says the file has; only with one file.
    pub expected_records: Option<u64>,
    /// Facility that the sender says every record is of.
    pub expected_facility: Option<String>,
    /// Period that the sender says every discharge is of, as the period of a run is written. Records outside it are rejected.
    pub expected_period: Option<String>,
    /// What a file holds: the new and changed records, or every record, so that one missing from the newest file is withdrawn. Without it, a number that
    /// stands on two records with other content is undecided, and neither is in the statistics.
    pub delivery: Option<DeliveryContent>,
    /// What says which of two versions of a record is newer; with `delivery`. Default: file_name_date.
    pub newest_by: Option<NewestByKeys>,
    /// The mark of a record that is withdrawn; with `delivery`.
    pub deletion: Option<DeletionKeys>,
}

/// What a file of a feed holds.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryContent {
    /// The records that are new or were changed.
    Changes,
    /// Every record.
    Full,
}

/// What says which of two versions is newer.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "NewestBy")]
#[serde(untagged)]
pub enum NewestByKeys {
    /// The files.
    File(NewestFile),
    /// A column of the export; only with `delivery = "changes"`.
    Column(NewestColumn),
}

/// What says which of two files is newer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NewestFile {
    /// The day or month, with a time where there is one, in the name of the file.
    FileNameDate,
    /// The order in which `files` names them; those of one pattern by their names.
    Order,
}

/// A column that says how new a row is: a time or a number that grows.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewestColumn {
    /// Its name in the export; in a file of fixed width its place in the layout, as in `column 3`.
    pub column: String,
    /// Formats of its times, as in a layout. Default: the layout's own where it maps the column, else YYYY-MM-DD with a time behind it, and whole numbers.
    pub formats: Option<OneOrMany>,
}

/// The mark of a record that is withdrawn.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Deletion")]
#[serde(deny_unknown_fields)]
pub struct DeletionKeys {
    /// Name of the column in the export.
    pub column: String,
    /// Its texts that withdraw the record, in any case.
    pub values: OneOrMany,
}

/// When a file is due.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Expect {
    /// On which days.
    Days(ExpectedDays),
    /// So many files in every run.
    Files(u32),
}

/// Days on which a file is due.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExpectedDays {
    /// Every day.
    Daily,
    /// Every day but Saturdays, Sundays and holidays.
    WorkingDays,
}

/// A name or a position.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum NameOrNumber {
    /// A name.
    Name(String),
    /// A position from 1.
    Number(u32),
}

/// A name, a pattern, a position, or a list of them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum NamesOrNumbers {
    /// One.
    One(NameOrNumber),
    /// Several.
    Many(Vec<NameOrNumber>),
}

/// The JSON schema of pipeline files, ready to be written beside them.
pub fn json_schema() -> String {
    let schema = schemars::schema_for!(Pipeline);
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}
