//! A pipeline file, checked: fixed sections, one a desk, every fault reported at once with its place.

mod acceptances;
pub mod check;
mod coding;
mod deliveries;
mod edits;
pub mod expected;
mod feeds;
pub mod file_pattern;
pub mod input_files;
mod profiles;
mod site_rules;
mod trend;
pub mod written;

use std::path::PathBuf;

use expected::Expected;
use input_files::Unmatched;

use crate::{
    codeset::sets::GemDirection,
    coding::{
        judge::JudgeOn,
        mapping::{CodeMap, GemPolicy},
    },
    edits::{
        acceptance::Acceptance,
        profile::Profile,
        site_rule::SiteRule,
        trend::{facility_months::FacilityMonths, settings::TrendSettings},
    },
    ingest::layout::{Layout, SourceOptions},
    record::{constant::Constant, date::Day, delivery::Delivery, field::Field, finding::Severity, period::Period},
};

/// A pipeline ready to run: nothing optional, nothing unchecked.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Title for people.
    pub title: String,
    /// SHA-256 of the pipeline file and of every layout, map and matrix it names, in that order, each in hexadecimal with its name.
    pub sources: Vec<(String, String)>,
    /// Period of the statistics.
    pub period: Option<Period>,
    /// The folder that the run's own folder is made in.
    pub output: PathBuf,
    /// The folder that the working copies of the worklists are made in, in a folder of each pipeline and period.
    pub worklists: PathBuf,
    /// Sealed folders of this pipeline are removed when they are older than so many days; `None`: none is.
    pub keep_outputs_days: Option<i32>,
    /// Where the run remembers what it has taken; `None`: it remembers nothing.
    pub state: Option<PathBuf>,
    /// The lightest severity that makes the run exit with 1.
    pub fail_on: Option<Severity>,
    /// The feeds, encounters first.
    pub feeds: Vec<FeedPlan>,
    /// Edits.
    pub edits: EditsPlan,
    /// Coding.
    pub coding: CodingPlan,
    /// Chart deficiencies, where the pipeline asks for them.
    pub deficiency: Option<DeficiencyPlan>,
    /// Statistics.
    pub statistics: StatisticsPlan,
    /// Sealing.
    pub archive: ArchivePlan,
}

/// One `[[ingest]]` section.
#[derive(Debug, Clone)]
pub struct FeedPlan {
    /// Its name.
    pub name: String,
    /// Its files, and what else matches and can be no file: that is a fault of the input when it is opened. The oldest first: by the dates in their names, and otherwise as the section names them, those of one pattern by their names.
    pub files: Vec<PathBuf>,
    /// Folders that the patterns match; what lies in them is not read.
    pub folders: Vec<PathBuf>,
    /// Every pattern of files, with its folder, as a person would write it.
    pub looked_for: Vec<String>,
    /// Patterns of files that nothing matches.
    pub unmatched: Vec<Unmatched>,
    /// When a file is due.
    pub expected: Expected,
    /// Its layout.
    pub layout: Layout,
    /// How its files are read: the layout's own statement, with the section's on top.
    pub source: SourceOptions,
    /// Encounters are examined only where each field has one of its values.
    pub only: Vec<(Field, Vec<Constant>)>,
    /// Number of records that the one file should have.
    pub expected_records: Option<u64>,
    /// Facility that every record should be of, where the section states one.
    pub expected_facility: Option<String>,
    /// Period that every discharge should lie in.
    pub expected_period: Option<Period>,
    /// How it is delivered, where the section says so.
    pub delivery: Option<Delivery>,
}

/// `[edits]`.
#[derive(Debug, Clone)]
pub struct EditsPlan {
    /// Codes of rules that are not applied.
    pub ignore: Vec<String>,
    /// Codes of optional rules that are applied.
    pub apply: Vec<String>,
    /// Codes of rules whose findings are reported by value, beside those that always are.
    pub by_value: Vec<String>,
    /// Whether findings of severity info are listed; else they are counted alone.
    pub info_findings: bool,
    /// Severities that differ from the rule's own.
    pub severity: Vec<(String, Severity)>,
    /// Stays longer than this are findings, in days.
    pub long_stay_days: i32,
    /// Stays longer than this are errors, in days; `None`: none is too long.
    pub longest_stay_days: Option<i32>,
    /// Whether patient numbers are each facility's own.
    pub patient_numbers_by_facility: bool,
    /// Whether encounter numbers are each facility's own.
    pub encounter_numbers_by_facility: bool,
    /// The site's own rules.
    pub site: Vec<SiteRule>,
    /// Findings that were verified as true.
    pub acceptances: Vec<Acceptance>,
    /// Profiles that the run is held to; what they ignore and how they weigh stands in `ignore` and `severity` already.
    pub profiles: Vec<Profile>,
    /// By facility: discharges expected a month.
    pub targets: Vec<(String, u64)>,
    /// Limits of the trend edits.
    pub trend: TrendSettings,
    /// The facilities' earlier months as the pipeline's own files state them.
    pub history: FacilityMonths,
}

impl Default for EditsPlan {
    fn default() -> EditsPlan {
        EditsPlan {
            ignore: Vec::new(),
            apply: Vec::new(),
            by_value: Vec::new(),
            info_findings: true,
            severity: Vec::new(),
            long_stay_days: 365,
            longest_stay_days: None,
            patient_numbers_by_facility: false,
            encounter_numbers_by_facility: false,
            site: Vec::new(),
            acceptances: Vec::new(),
            profiles: Vec::new(),
            targets: Vec::new(),
            trend: TrendSettings::default(),
            history: FacilityMonths::default(),
        }
    }
}

/// `[coding]`.
#[derive(Debug, Clone)]
pub struct CodingPlan {
    /// The day codes are judged on.
    pub judge_on: JudgeOn,
    /// Maps of diagnoses, in the order they are tried.
    pub diagnoses: Vec<CodeMap>,
    /// Maps of procedures.
    pub procedures: Vec<CodeMap>,
    /// Store of imported releases.
    pub codesets: Option<PathBuf>,
}

impl CodingPlan {
    /// The general maps that a run needs, each once: those asked for, and the way back where a policy confirms by it.
    pub fn map_directions(&self) -> Vec<GemDirection> {
        let mut needed = Vec::new();
        for map in self.diagnoses.iter().chain(&self.procedures) {
            if let CodeMap::Gem { direction, policy } = map {
                let back = (*policy == GemPolicy::ReverseConfirmed).then(|| direction.reverse());
                for direction in std::iter::once(*direction).chain(back) {
                    if !needed.contains(&direction) {
                        needed.push(direction);
                    }
                }
            }
        }
        needed
    }
}

/// `[deficiency]`.
#[derive(Debug, Clone)]
pub struct DeficiencyPlan {
    /// The expected-document matrix.
    pub matrix: crate::deficiency::matrix::Matrix,
    /// Days after discharge from which an incomplete record is delinquent.
    pub delinquent_after_days: i32,
}

/// `[statistics]`.
#[derive(Debug, Clone)]
pub struct StatisticsPlan {
    /// Whether the Excel workbook is written.
    pub workbook: bool,
    /// Whether the same content is written as plain text.
    pub text: bool,
    /// Rows of the lists of most frequent codes.
    pub top: usize,
}

impl Default for StatisticsPlan {
    fn default() -> StatisticsPlan {
        StatisticsPlan { workbook: true, text: false, top: 25 }
    }
}

/// `[archive]`.
#[derive(Debug, Clone, Default)]
pub struct ArchivePlan {
    /// Organisation named in the bag.
    pub source_organization: String,
}

/// What the command line says over the pipeline file.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--period`.
    pub period: Option<String>,
    /// `--out`.
    pub out: Option<PathBuf>,
    /// `--state`.
    pub state: Option<PathBuf>,
    /// `--format`.
    pub format: Option<String>,
    /// `--as-of`, where it is given: a period must not begin after it.
    pub business_date: Option<Day>,
}
