//! A pipeline file as it is written: the types that the JSON schema is made from.
//!
//! Editors use the schema for completion; the reader in `check` says what is wrong. A test holds the two to the same keys.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{coding::judge::JudgeOn, record::finding::Severity};

/// A pipeline: what comes in, what is done with it, where it goes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pipeline {
    /// Title for people; printed on every output.
    pub title: String,
    /// Period of the statistics: 2026-10, 2026-Q3, 2026, or 2026-01-01..2026-03-31. `--period` goes before it.
    pub period: Option<String>,
    /// Folder in which each run makes its own folder; relative to this file. `--out` goes before it. Default: `out` beside this file.
    pub output: Option<String>,
    /// Folder of the working copies of the worklists, which people fill in; relative to this file. Default: `worklists` in the output folder.
    pub worklists: Option<String>,
    /// Sealed folders of this pipeline are removed when their business date lies more than so many days back. Without it none is removed.
    pub keep_outputs_days: Option<u32>,
    /// Folder in which the run remembers what it has taken; relative to this file. `--state` goes before it.
    pub state: Option<String>,
    /// The lightest severity of a finding that makes the run exit with 1.
    pub fail_on: Option<FailOn>,
    /// The exports.
    pub ingest: Vec<Ingest>,
    /// Which edits are applied, how heavy they are, and what the run is held to.
    pub edits: Option<Edits>,
    /// How codes are judged and mapped.
    pub coding: Option<Coding>,
    /// Chart deficiencies; without this section none are looked for.
    pub deficiency: Option<Deficiency>,
    /// The workbook of the statistics.
    pub statistics: Option<Statistics>,
    /// Sealing of the output folder.
    pub archive: Option<Archive>,
}

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
    pub newest_by: Option<NewestBy>,
    /// The mark of a record that is withdrawn; with `delivery`.
    pub deletion: Option<Deletion>,
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
#[serde(untagged)]
pub enum NewestBy {
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
#[serde(deny_unknown_fields)]
pub struct Deletion {
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

/// A text or a list of texts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

/// Which edits are applied, how heavy they are, and what the run is held to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Edits {
    /// Profiles that the run is held to: names of files in `profiles/` beside this file, or paths ending in .toml.
    pub profile: Option<OneOrMany>,
    /// Discharges expected a month, by facility: the target that timeliness is measured by.
    pub targets: Option<BTreeMap<String, u64>>,
    /// Codes or names of edits that are not applied.
    pub ignore: Option<OneOrMany>,
    /// Codes or names of optional edits that are applied: the sex edits that CMS discontinued on 2024-09-30.
    pub apply: Option<OneOrMany>,
    /// Severities that differ from the edit's own, by code or name.
    pub severity: Option<BTreeMap<String, Severity>>,
    /// Codes or names of edits, or codes of the site's own rules, whose findings are a line a distinct value with its count, and not a line a record.
    pub by_value: Option<OneOrMany>,
    /// Whether findings of severity info are listed in `findings.csv`; they are counted all the same. Default: true.
    pub info_findings: Option<bool>,
    /// Stays longer than this are findings, in days. Default: 365.
    pub long_stay_days: Option<u32>,
    /// Stays longer than this are errors, in days. Without it none is.
    pub longest_stay_days: Option<u32>,
    /// Whether all facilities share their patient numbers, or each has its own. Default: shared.
    pub patient_numbers: Option<PatientNumbers>,
    /// Whether all facilities share their encounter numbers, or each has its own; then every table of encounters states its facility. Default: shared.
    pub encounter_numbers: Option<EncounterNumbers>,
    /// Files of the facilities' earlier months, for the trend edits; relative to this file. What earlier runs remembered in the state folder is known beside them.
    pub history: Option<OneOrMany>,
    /// Limits of the trend edits.
    pub trend: Option<Trend>,
    /// The site's own rules.
    pub rule: Option<Vec<SiteRule>>,
    /// Findings that were verified as true.
    pub accept: Option<Vec<Accept>>,
}

/// Limits of the trend edits: a facility's month against its own twelve months before.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trend {
    /// Months of the twelve before that must be known. Default: 6.
    pub least_months: Option<u64>,
    /// Cases that a month, a coder or a practitioner must have, and that a critical month differs by more than. Default: 30.
    pub least_cases: Option<u64>,
    /// Diagnoses a coded discharge.
    pub diagnoses_per_case: Option<TrendLimits>,
    /// External-cause codes a coded discharge.
    pub external_causes_per_case: Option<TrendLimits>,
    /// Discharges of unknown race, in percent.
    pub race_unknown: Option<TrendLimits>,
    /// Discharges of unknown payer, in percent.
    pub payer_unknown: Option<TrendLimits>,
    /// Discharges with status 01, in percent.
    pub status_home: Option<TrendLimits>,
    /// Present-on-admission marks U, in percent.
    pub present_on_admission_unknown: Option<TrendLimits>,
    /// Procedures a coded discharge.
    pub procedures_per_case: Option<TrendLimits>,
    /// Discharges of the month.
    pub discharges: Option<VolumeLimits>,
    /// Discharges of a service.
    pub service_discharges: Option<ServiceLimits>,
    /// Diagnoses a coded discharge of a coder, against those of all others.
    pub coder_diagnoses_per_case: Option<TrendLimits>,
    /// Diagnoses a coded discharge of an attending practitioner, against those of all others.
    pub attending_diagnoses_per_case: Option<TrendLimits>,
}

/// Limits of a figure. It is beyond a limit where it lies farther from the mean than the stated deviations and also than the stated difference.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrendLimits {
    /// Standard deviations of the months (of coders and practitioners: standard errors) from which a figure is a warning. Default: the measure's own, see the last table.
    pub warning_deviations: Option<f64>,
    /// Standard deviations from which a figure is critical. Default: the measure's own, see the last table.
    pub critical_deviations: Option<f64>,
    /// Difference from the mean, in codes a case or in percentage points, from which a figure is a warning. Default: the measure's own, see the last table.
    pub warning_difference: Option<f64>,
    /// Difference from which a figure is critical. Default: the measure's own, see the last table.
    pub critical_difference: Option<f64>,
}

/// Limits of the discharges of a month, in percent of the monthly mean.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VolumeLimits {
    /// Fewer discharges are a warning. Default: 95.
    pub warning_below_percent: Option<f64>,
    /// More discharges are a warning. Default: 120.
    pub warning_above_percent: Option<f64>,
    /// Fewer discharges are critical. Default: 60.
    pub critical_below_percent: Option<f64>,
    /// More discharges are critical. Default: 190.
    pub critical_above_percent: Option<f64>,
}

/// Monthly means from which it is told that a service has no discharges.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceLimits {
    /// Mean discharges a month, in all months before but one. Default: 5.
    pub warning_mean: Option<u64>,
    /// Mean discharges a month, in every month before. Default: 10.
    pub critical_mean: Option<u64>,
}

/// Whether facilities share their patient numbers.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PatientNumbers {
    /// One number is one patient, whatever the facility.
    Shared,
    /// The same number at another facility is another patient.
    Facility,
}

/// Whether facilities share their encounter numbers.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EncounterNumbers {
    /// One number is one stay, whatever the facility.
    Shared,
    /// The same number at another facility is another stay.
    Facility,
}

/// A rule of the site's own, asked after the edits that ship. It has `violates` or `requires`; both are conditions over the canonical fields.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteRule {
    /// Code of the site's own: 3 to 16 capital letters, digits, `-` and `_`, a letter first; not three letters and three digits.
    pub code: String,
    /// Name for people.
    pub title: String,
    /// Default: error.
    pub severity: Option<Severity>,
    /// What the rule is asked of. Default: encounter.
    pub level: Option<RuleLevel>,
    /// Where the rule applies. Default: everywhere.
    pub applies: Option<String>,
    /// What must not be. Unknown never fails.
    pub violates: Option<String>,
    /// What must be. Unknown never fails.
    pub requires: Option<String>,
    /// The canonical field at fault. Default: the code of a diagnosis or procedure, the number of a document.
    pub field: Option<String>,
    /// What a finding says; never a value of the record. Default: the title.
    pub message: Option<String>,
    /// Why the site has the rule.
    pub why: Option<String>,
    /// Where the rule comes from.
    pub source: Option<String>,
    /// First day of discharge it is for, YYYY-MM-DD.
    pub first: Option<String>,
    /// Last day of discharge it is for, YYYY-MM-DD.
    pub last: Option<String>,
}

/// What a rule of the site is asked of.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RuleLevel {
    /// Every encounter.
    Encounter,
    /// Every diagnosis.
    Diagnosis,
    /// Every procedure.
    Procedure,
    /// Every document.
    Document,
}

/// Findings verified as true: those of a rule, of a record, or of the records of a condition; what is named must all hold.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    /// Code or name of the edit, or code of a rule of the site's own.
    pub rule: Option<String>,
    /// Facility of the records, where several share encounter numbers.
    pub facility: Option<String>,
    /// Encounter number of the one record; of a trend edit the facility and month, as in `0042 2026-10`.
    pub record: Option<String>,
    /// Condition over the canonical fields of the encounter.
    pub condition: Option<String>,
    /// Why the value is true.
    pub reason: String,
    /// Who says so.
    pub author: String,
    /// Last business date on which it is accepted, YYYY-MM-DD. Default: for good.
    pub until: Option<String>,
}

/// How codes are judged and mapped.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Coding {
    /// The day codes are judged on. Default: discharge_date.
    pub judge_on: Option<JudgeOn>,
    /// Folder of the releases taken in with `chartroom codeset import`; relative to this file.
    pub codesets: Option<String>,
    /// Maps of diagnoses, in the order they are tried.
    pub diagnoses: Option<Vec<Map>>,
    /// Maps of procedures, in the order they are tried.
    pub procedures: Option<Vec<Map>>,
}

/// A map of codes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// System mapped from, as the layout names it: icd9cm, icd10cm, snomed, ...
    pub from: String,
    /// System mapped to.
    pub to: Option<String>,
    /// Which map.
    pub by: MapBy,
    /// File of the site map, .csv or .xlsx, or the coders' worklist filled in; relative to this file.
    pub site_map: Option<String>,
    /// Where the general equivalence map is applied without a coder. Default: one_to_one.
    pub policy: Option<MapPolicy>,
}

/// Where a general equivalence map is applied without a coder.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MapPolicy {
    /// Where it names one single target.
    OneToOne,
    /// Where it names one single target and the meaning is the same.
    Exact,
    /// As one to one; of several single targets the first ranked.
    FirstRanked,
    /// As one to one; of several single targets the only one from which the map leads back.
    ReverseConfirmed,
}

/// Kind of map.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MapBy {
    /// The site's own map.
    SiteMap,
    /// The general equivalence map.
    Gem,
}

/// Chart deficiencies.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deficiency {
    /// Expected-document matrix: the name of a file in `matrices/` beside this file, or a path ending in .toml.
    pub matrix: String,
    /// Days after discharge from which an incomplete record is delinquent. Default: 30.
    pub delinquent_after_days: Option<u32>,
}

/// The workbook of the statistics.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Statistics {
    /// What the statistics are written as. `--format` goes before it. Default: xlsx.
    pub format: Option<StatisticsFormat>,
    /// Rows of the lists of most frequent codes. Default: 25.
    pub top: Option<u32>,
}

/// Format of the statistics.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StatisticsFormat {
    /// An Excel workbook.
    Xlsx,
    /// Plain text.
    Text,
    /// Both.
    Both,
}

/// Sealing of the output folder.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Archive {
    /// Organisation named in the bag.
    pub source_organization: Option<String>,
}

/// The JSON schema of pipeline files, ready to be written beside them.
pub fn json_schema() -> String {
    let schema = schemars::schema_for!(Pipeline);
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}
