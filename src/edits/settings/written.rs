//! The section `[edits]` as it is written: the types that the JSON schema is made from.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{problem::one_or_many::OneOrMany, record::finding::Severity};

/// Which edits are applied, how heavy they are, and what the run is held to.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Edits")]
#[serde(deny_unknown_fields)]
pub struct EditsSection {
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
    pub rule: Option<Vec<SiteRuleKeys>>,
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
    pub discharges: Option<VolumeLimitKeys>,
    /// Discharges of a service.
    pub service_discharges: Option<ServiceLimitKeys>,
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
#[schemars(rename = "VolumeLimits")]
#[serde(deny_unknown_fields)]
pub struct VolumeLimitKeys {
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
#[schemars(rename = "ServiceLimits")]
#[serde(deny_unknown_fields)]
pub struct ServiceLimitKeys {
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
#[schemars(rename = "SiteRule")]
#[serde(deny_unknown_fields)]
pub struct SiteRuleKeys {
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
    /// Facility of the records. It must stand beside `record` where `encounter_numbers = "facility"`.
    pub facility: Option<String>,
    /// Encounter number of the one record; of a trend edit the facility and month, as in `0042 2026-10`, or the month where `facility` is named.
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
