//! `run_results.json`: every figure of a run's account, for machines.
//!
//! The names here are the schema that the page `run-results` is made from; a name, once published, keeps its meaning.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    edits::trend::{figure::Verdict, judge::Trends},
    record::account::InputAccount,
};

/// Version of the schema of `run_results.json`; raised when a name changes its meaning or goes.
pub const SCHEMA_VERSION: u32 = 1;

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
    /// Every input, in the order of the pipeline file and of file names.
    pub inputs: Vec<InputAccount>,
    /// Folders that patterns of files match, each with its feed; what lies in them is not read.
    pub folders_not_read: Vec<String>,
    /// Sums over all inputs.
    pub totals: Totals,
    /// Where the accepted encounters went.
    pub encounters: EncounterAccount,
    /// Findings by severity.
    pub findings: BTreeMap<&'static str, u64>,
    /// Findings of whole files, of severity warning or worse.
    pub file_findings: Vec<FileFinding>,
    /// Every rule in force, with its denominators.
    pub rules: Vec<RuleAccount>,
    /// What the run was held to, with the verdicts.
    pub conformity: Vec<ConformityAccount>,
    /// Findings verified as true, by acceptance of the pipeline.
    pub acceptances: Vec<AcceptanceAccount>,
    /// Rules that were not asked because an input could not be used, by table.
    pub not_asked: Vec<NotAskedAccount>,
    /// Settings that had no effect in the run, in words.
    pub unmet_settings: Vec<String>,
    /// Diagnosis and procedure codes by verdict.
    pub codes: CodeAccount,
    /// Discharges whose fiscal year has no list of diagnoses exempt from present-on-admission reporting at hand.
    pub without_exempt_list: Vec<WithoutExemptList>,
    /// Chart deficiencies.
    pub deficiencies: DeficiencyAccount,
    /// Figures of facilities' months against their trend.
    pub trends: TrendAccount,
    /// Versions of the code sets used.
    pub code_sets: Vec<CodeSetAccount>,
    /// Every output beside this file, with its rows and digest.
    pub outputs: Vec<OutputAccount>,
}

/// Sums over inputs. `read = accepted + quarantined + duplicate` holds here and for each input.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Totals {
    /// Inputs.
    pub files: u64,
    /// Rows read.
    pub read: u64,
    /// Rows accepted.
    pub accepted: u64,
    /// Rows that cannot be read.
    pub quarantined: u64,
    /// Rows that repeat another.
    pub duplicate: u64,
    /// Accepted rows excluded by a declared choice.
    pub excluded: u64,
    /// Accepted rows that a newer version takes the place of.
    pub superseded: u64,
    /// Accepted rows of records that are withdrawn.
    pub withdrawn: u64,
    /// Accepted rows of which another version may be the newest as well.
    pub undecided: u64,
}

impl Totals {
    /// Adds up the inputs.
    pub fn of(inputs: &[InputAccount]) -> Totals {
        let files = inputs.iter().filter(|input| input.missing.is_empty()).count() as u64;
        let mut totals = Totals { files, ..Totals::default() };
        for input in inputs {
            totals.read += input.read;
            totals.accepted += input.accepted;
            totals.quarantined += input.quarantined;
            totals.duplicate += input.duplicate;
            totals.excluded += input.excluded;
            totals.superseded += input.superseded;
            totals.withdrawn += input.withdrawn;
            totals.undecided += input.undecided;
        }
        totals
    }
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

/// A finding of a whole file.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct FileFinding {
    /// The file, with its member or sheet.
    pub input: String,
    /// Its place among the inputs.
    #[serde(skip)]
    pub place: usize,
    /// Code of the rule.
    pub rule: String,
    /// Severity in this run.
    pub severity: &'static str,
    /// What is the matter, in the rule's words; without cells.
    pub words: String,
}

/// One rule of the scorecard.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct RuleAccount {
    /// Stable code.
    pub code: String,
    /// Name in the field's words.
    pub name: String,
    /// Severity in this run.
    pub severity: &'static str,
    /// Times the rule was applied: the denominator.
    pub examined: u64,
    /// Times it failed.
    pub failed: u64,
    /// Times it failed and was verified as true; not among the failed.
    pub accepted: u64,
    /// Times it did not apply.
    pub not_applicable: u64,
    /// Of those, the times in which a blank or unreadable value left the answer of a site's own rule open.
    pub unknown: u64,
    /// `passed`, `failed`, `not applicable` or `error`.
    pub status: &'static str,
    /// How its findings are reported: `by record`, `by value` or `counted`.
    pub reported: &'static str,
    /// Of a rule that is reported by value: its lines in `findings.csv`.
    pub values: u64,
}

/// A condition of a profile with its verdict.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct ConformityAccount {
    /// Name of the profile.
    pub profile: String,
    /// Name of the condition.
    pub condition: String,
    /// The input or facility it speaks of; empty: the whole run.
    pub of: String,
    /// What was counted.
    pub numerator: u64,
    /// Of what.
    pub denominator: u64,
    /// The limit in words.
    pub limit: String,
    /// `passed`, `passed, with failed rows`, `failed` or `not applicable`.
    pub status: &'static str,
    /// Why, where the figures do not say it.
    pub why: String,
    /// Statute, rule or standard.
    pub source: String,
}

/// An acceptance of the pipeline and what it took.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct AcceptanceAccount {
    /// Its place in the pipeline file, from 1.
    pub number: u64,
    /// The rule it is for; empty: any.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub author: String,
    /// Last business date; empty: for good.
    pub until: String,
    /// Findings it took.
    pub findings: u64,
    /// `in use`, `unused` or `expired`.
    pub status: &'static str,
}

/// A table with inputs that could not be used, and what was not asked for want of them.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct NotAskedAccount {
    /// The table.
    pub table: &'static str,
    /// The inputs.
    pub inputs: Vec<String>,
    /// The rules.
    pub rules: Vec<NotAskedRule>,
}

/// A rule that was not asked.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct NotAskedRule {
    /// Its code.
    pub code: String,
    /// How often it was not asked, as far as that was read; 0 where it is asked of what stands in the input itself.
    pub times: u64,
    /// What it was not asked of: `record`, `row`, `day`, `practitioner`.
    pub of: &'static str,
}

/// Codes by verdict, and what mapping came to.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct CodeAccount {
    /// Diagnosis codes by verdict; `other_system` are codes of a system that is no ICD.
    pub diagnoses: BTreeMap<&'static str, u64>,
    /// Procedure codes by verdict.
    pub procedures: BTreeMap<&'static str, u64>,
    /// Codes by the name of their system and by verdict; `not_judged` are those whose revision is no code system, all under the name `unreadable revision`.
    pub by_system: BTreeMap<String, BTreeMap<&'static str, u64>>,
    /// Codes whose leading zeros were restored.
    pub zeros_restored: u64,
    /// Codes mapped to another system.
    pub mapped: u64,
    /// Of those, taken as the first ranked of several candidates.
    pub gem_ranked: u64,
    /// Of those, taken as the only one of several candidates that the map leads back from.
    pub gem_confirmed: u64,
    /// Codes that coders decided have no target.
    pub no_target: u64,
    /// Codes that a coder must decide.
    pub to_coder: u64,
    /// Codes that are not valid and not mapped, or of a system without a map.
    pub unresolved: u64,
}

/// Encounters with present-on-admission marks, discharged in a fiscal year whose list of exempt diagnoses is not at hand: of AHRQ's measures the list of another
/// year stood in for it.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct WithoutExemptList {
    /// Fiscal year of discharge.
    pub fiscal_year: i32,
    /// Fiscal year of the list that stood in.
    pub list_of_fiscal_year: i32,
    /// Encounters in the statistics.
    pub encounters: u64,
    /// Encounters that have a measure by that list alone, by measure.
    pub measures: BTreeMap<String, u64>,
}

impl WithoutExemptList {
    /// The same in words.
    pub fn words(&self) -> String {
        let leaning: Vec<String> =
            self.measures.iter().map(|(measure, encounters)| format!("{measure} of {encounters}")).collect();
        let leaning = if leaning.is_empty() {
            "no measure leans on it".to_owned()
        } else {
            format!("measures that lean on it: {}", leaning.join(", "))
        };
        format!(
            "no list of codes exempt from present-on-admission reporting of fiscal year {} is at hand; for AHRQ's measures of {} encounters that of {} stood in: {leaning}",
            self.fiscal_year, self.encounters, self.list_of_fiscal_year
        )
    }
}

/// Chart deficiencies of a run.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct DeficiencyAccount {
    /// Open deficiencies.
    pub open: u64,
    /// Records with at least one: a record with five deficiencies is one incomplete record.
    pub incomplete_records: u64,
    /// Of those, records past their limit on the business date.
    pub delinquent_records: u64,
    /// Open deficiencies by kind.
    pub by_kind: BTreeMap<String, u64>,
    /// Whether missing documents were looked for: `judged`, `judged in part` or `not applicable`; empty where the pipeline does not ask.
    pub missing_documents: &'static str,
    /// Why not, in words; empty where they were.
    pub why: String,
    /// Charts in which no document can be called missing: the document index does not hold them.
    pub charts_without_index: u64,
    /// Documents of kinds that the matrix does not name.
    pub unnamed_documents: u64,
}

/// Figures of facilities' months, and of coders and attending practitioners, by verdict.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct TrendAccount {
    /// Within the limits.
    pub within: u64,
    /// Beyond the warning limits.
    pub warning: u64,
    /// Beyond the critical limits.
    pub critical: u64,
    /// Not judged.
    pub not_applicable: u64,
    /// Those beyond the limits, in words as in the findings: facility, month, figure, mean, limits. Those of coders and practitioners are counted alone.
    pub beyond: Vec<BeyondAccount>,
}

/// A figure beyond its limits.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct BeyondAccount {
    /// The measure.
    pub measure: &'static str,
    /// `beyond the warning limits` or `beyond the critical limits`.
    pub verdict: &'static str,
    /// The figure with its trend.
    pub figure: String,
}

impl TrendAccount {
    /// Counts figures.
    pub fn of(trends: &Trends) -> TrendAccount {
        let mut account = TrendAccount { not_applicable: trends.few_cases.values().sum(), ..TrendAccount::default() };
        for figure in &trends.figures {
            *match figure.verdict {
                Verdict::NotApplicable => &mut account.not_applicable,
                Verdict::Within => &mut account.within,
                Verdict::Warning => &mut account.warning,
                Verdict::Critical => &mut account.critical,
            } += 1;
            if figure.verdict >= Verdict::Warning && !figure.measure.is_of_practitioner() {
                account.beyond.push(BeyondAccount {
                    measure: figure.measure.name(),
                    verdict: figure.verdict.name(),
                    figure: figure.words(),
                });
            }
        }
        account
    }
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

/// One output.
#[derive(Debug, Clone, Default, Serialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutputAccount {
    /// Path in the output folder.
    pub path: String,
    /// Rows, headings not counted; 0 for documents.
    pub rows: u64,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the file.
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
