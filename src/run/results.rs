//! `run_results.json`: every figure of a run's account, for machines.
//!
//! The part of a desk is its own account (`<desk>::account`, listed in `desks`); here stands what is of the run as a whole. The names are the schema that the page `run-results` is
//! made from; a name, once published, keeps its meaning.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    ingest::account::Totals,
    record::account::InputAccount,
    run::{desks::DeskAccounts, outputs::OutputAccount},
    store::audit_log::AuditHead,
};

/// Version of the schema of `run_results.json`; raised when a name changes its meaning or goes.
pub const SCHEMA_VERSION: u32 = 2;

/// The account of a run.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct RunResults {
    /// Version of this schema.
    pub schema_version: u32,
    /// Version of the product.
    pub chartroom_version: String,
    /// Name of the run, derived from everything that goes into it: the same inputs, settings and business date have the same name.
    pub run_id: String,
    /// Title of the pipeline file.
    pub pipeline: String,
    /// SHA-256 of the pipeline file.
    pub pipeline_sha256: String,
    /// The day the run speaks of, `YYYY-MM-DD`.
    pub business_date: String,
    /// The period of the statistics, as asked for; empty when there is none.
    pub period: String,
    /// The facility whose output it is, as the pipeline file names it; empty where it names none.
    pub source_organization: String,
    /// Title of the pipeline whose records the store keeps, where the run has its records from there: its own, or another; empty where every export was read.
    pub records_of: String,
    /// Every input, in the order of the pipeline file and of file names; those that the store keeps from earlier nights come first.
    pub inputs: Vec<InputAccount>,
    /// Folders that patterns of files match, each with its feed; what lies in them is not read.
    pub folders_not_read: Vec<String>,
    /// Why inputs could not be used, each with its name; where there is one the run ends with 65. The first hundred.
    pub unusable_inputs: Vec<String>,
    /// Sums over all inputs.
    pub totals: Totals,
    /// Where the accepted encounters went.
    pub encounters: EncounterAccount,
    /// Findings by severity.
    pub findings: BTreeMap<&'static str, u64>,
    /// The accounts of the desks.
    #[serde(flatten)]
    pub desks: DeskAccounts,
    /// What the run restates, where its period was published before and figures differ since, in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub restates: String,
    /// The audit log of the state before the first run of this pipeline, period and business date; absent where nothing is remembered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit_log: Option<AuditHead>,
    /// Versions of the code sets used.
    pub code_sets: Vec<CodeSetAccount>,
    /// Every output beside this file, with its rows and digest.
    pub outputs: Vec<OutputAccount>,
}

/// Where encounters went. `accepted = superseded + withdrawn + excluded + examined` and
/// `examined = in_statistics + rejected + outside_period + undated + undecided`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EncounterAccount {
    /// Encounter rows accepted.
    pub accepted: u64,
    /// Older versions of records: a newer one takes their place.
    pub superseded: u64,
    /// Newest versions of records that are withdrawn.
    pub withdrawn: u64,
    /// Excluded by a declared choice of the pipeline (`only`).
    pub excluded: u64,
    /// Examined: edited, coded, looked through for deficiencies.
    pub examined: u64,
    /// Counted in the statistics of the period.
    pub in_statistics: u64,
    /// Kept out of the statistics by a fatal finding.
    pub rejected: u64,
    /// Discharged outside the period.
    pub outside_period: u64,
    /// Without a readable discharge date.
    pub undated: u64,
    /// Kept out of the statistics because another record of the number may be the newest version as well.
    pub undecided: u64,
    /// Numbers that these bear: the discharges that are undecided.
    pub undecided_discharges: u64,
    /// Diagnoses examined.
    pub diagnoses: u64,
    /// Procedures examined.
    pub procedures: u64,
    /// Documents examined.
    pub documents: u64,
    /// Patients of the patients feed.
    pub patients: u64,
    /// Rows of long tables that belong to no encounter.
    pub without_encounter: u64,
}

/// One code set.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct CodeSetAccount {
    /// Name: `icd10cm`, ...
    pub name: String,
    /// Release and provenance in a line.
    pub release: String,
    /// SHA-256 of the shipped table.
    pub sha256: String,
}

/// The JSON schema of `run_results.json`, as a run writes it.
pub fn json_schema() -> serde_json::Value {
    schemars::generate::SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<RunResults>()
        .into()
}
