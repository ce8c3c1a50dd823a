//! A pipeline file: fixed sections, one a desk, every fault reported at once with its place.
//!
//! Here it stands as a whole: as it is written ([`Pipeline`]), as it is when it is checked ([`Plan`]), and how the one is read into the other. A desk reads its
//! own section (`<desk>::settings`); what it needs from elsewhere is handed to it. The feeds are read here, because other sections are held against
//! them.

pub mod check;
mod choice;
mod deliveries;
pub mod expected;
mod feeds;
pub mod file_pattern;
pub mod input_files;
mod kept_feeds;
mod map_sheet;
pub mod night;
pub mod written;

use std::{collections::BTreeMap, path::PathBuf};

use check::{check_folders, number_by_facility, read_period, refuse_choices_of_nothing, refuse_gate_on_new};
use expected::Expected;
use input_files::Unmatched;
use night::{NightSection, NightSettings};
use schemars::JsonSchema;
use serde::Deserialize;
use written::{FailOn, FromStore, Ingest, StoreSection};

use crate::{
    archive::{
        self,
        settings::{ArchiveSection, ArchiveSettings},
    },
    coding::{
        self,
        settings::{CodingSection, CodingSettings},
    },
    deficiency::{
        self,
        settings::{DeficiencySection, DeficiencySettings},
    },
    edits::{
        self,
        settings::{EditsSettings, KnownRules, written::EditsSection},
    },
    ingest::layout::{Layout, SourceOptions},
    problem::{
        named_files::NamedFiles,
        reader::{At, Section},
    },
    record::{
        constant::Choice,
        date::Day,
        delivery::Delivery,
        field::{CanonicalTable, Field},
        finding::Severity,
        period::Period,
    },
    statistics::{
        self,
        settings::{BookFormats, StatisticsSection, StatisticsSettings},
    },
};

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
    /// The lightest severity of a finding that makes the run exit with 1 where it is new or reopened tonight; with the section [store].
    pub fail_on_new: Option<FailOn>,
    /// `store`: no export is read; the records are those that a pipeline with the section [store] keeps in the state folder.
    pub from: Option<FromStore>,
    /// Title of the pipeline whose records are meant, where the state folder keeps those of several; with `from`.
    pub records_of: Option<String>,
    /// The records of this pipeline are kept in the state folder: the inbox then holds what is new, and what was taken stays.
    pub store: Option<StoreSection>,
    /// The exports. With `from` there are none.
    #[serde(default)]
    pub ingest: Vec<Ingest>,
    /// Which edits are applied, how heavy they are, and what the run is held to.
    pub edits: Option<EditsSection>,
    /// How codes are judged and mapped.
    pub coding: Option<CodingSection>,
    /// Chart deficiencies; without this section none are looked for.
    pub deficiency: Option<DeficiencySection>,
    /// The workbook of the statistics.
    pub statistics: Option<StatisticsSection>,
    /// Sealing of the output folder.
    pub archive: Option<ArchiveSection>,
    /// The morning page, figures for a monitor, and what is started after a run; without this section none of them is made.
    pub night: Option<NightSection>,
}

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
    /// The lightest severity of a new finding that makes the run exit with 1.
    pub fail_on_new: Option<Severity>,
    /// Where its records are kept; `None`: they are read anew by every run.
    pub records: Option<RecordsInStore>,
    /// The feeds, encounters first.
    pub feeds: Vec<FeedPlan>,
    /// Edits.
    pub edits: EditsSettings,
    /// Coding.
    pub coding: CodingSettings,
    /// Chart deficiencies, where the pipeline asks for them.
    pub deficiency: Option<DeficiencySettings>,
    /// Statistics.
    pub statistics: StatisticsSettings,
    /// Sealing.
    pub archive: ArchiveSettings,
    /// What is done after a run.
    pub night: Option<NightSettings>,
}

/// The records of a pipeline that the store keeps.
#[derive(Debug, Clone)]
pub struct RecordsInStore {
    /// Title of the pipeline that keeps them.
    pub pipeline: String,
    /// What is kept of how its feeds are read, by name: the sections `[[ingest]]` and the layouts.
    pub texts: BTreeMap<String, String>,
    /// Whether this pipeline takes files and keeps their records; else it only reads what another keeps.
    pub takes: bool,
    /// Findings that were corrected longer ago than so many days are forgotten; `None`: none is.
    pub history_days: Option<i32>,
    /// Whether every night examines everything that is kept, and not what changed alone.
    pub examines_everything: bool,
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
    pub only: Vec<(Field, Vec<Choice>)>,
    /// Number of records that the one file should have.
    pub expected_records: Option<u64>,
    /// Facility that every record should be of, where the section states one.
    pub expected_facility: Option<String>,
    /// Period that every discharge should lie in.
    pub expected_period: Option<Period>,
    /// How it is delivered, where the section says so.
    pub delivery: Option<Delivery>,
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

/// The words of `fail_on`.
const GATES: &[(&str, Option<Severity>)] = &[
    ("fatal", Some(Severity::Fatal)),
    ("error", Some(Severity::Error)),
    ("warning", Some(Severity::Warning)),
    ("info", Some(Severity::Info)),
    ("never", None),
];

/// Reads the file: what is of the pipeline as a whole and its feeds, then each desk's section by the desk itself.
fn read(
    top: &mut Section<'_>,
    text: &str,
    named: &mut NamedFiles<'_>,
    overrides: &Overrides,
    known_rules: KnownRules<'_>,
) -> Option<Plan> {
    let title = top.required_words("title");
    let period = read_period(top, overrides);
    let output = top.text("output");
    let worklists = top.text("worklists");
    let keep_outputs_days = top.days("keep_outputs_days");
    let state = top.text("state");
    let fail_on = top.word("fail_on", GATES);
    let fail_on_new = top.word("fail_on_new", GATES);
    let inside = |written: &At<String>, named: &NamedFiles<'_>| named.folder.join(&written.value);
    let state_folder = overrides.state.clone().or_else(|| state.as_ref().map(|state| inside(state, named)));
    let (mut feeds, mut records) = kept_feeds::read_all(top, text, named, state_folder.as_deref(), title.as_ref());
    refuse_gate_on_new(top, records.as_ref());
    let edits = top.section("edits", |section| edits::settings::read(section, named, known_rules)).unwrap_or_default();
    if edits.encounter_numbers_by_facility {
        number_by_facility(top, &mut feeds);
    }
    kept_feeds::hold_numbers(top, &mut records, edits.encounter_numbers_by_facility, state_folder.as_deref());
    if feeds.complete {
        refuse_choices_of_nothing(top, &feeds);
    }
    let coding =
        top.section("coding", |section| coding::settings::read(section, named, map_sheet::read)).unwrap_or_default();
    let no_documents = feeds.complete && !feeds.bring(CanonicalTable::Documents);
    let deficiency =
        top.section("deficiency", |section| deficiency::settings::read(section, named, no_documents)).flatten();
    let mut statistics =
        top.section("statistics", |section| statistics::settings::read(section, named)).unwrap_or_default();
    let format = overrides.format.as_deref();
    let stated = BookFormats::WORDS.iter().find(|(word, _)| Some(*word) == format);
    if let Some((_, formats)) = stated {
        statistics.formats = *formats;
    }
    let archive = top.section("archive", archive::settings::read).unwrap_or_default();
    let output_folder = overrides.out.clone().or_else(|| output.as_ref().map(|output| inside(output, named)));
    let output_folder = output_folder.unwrap_or_else(|| named.folder.join("out"));
    let night = top.section("night", |section| night::read(section, named, &output_folder));
    // Beside the outputs that they are made from, wherever those go.
    let worklists =
        worklists.as_ref().map_or_else(|| output_folder.join("worklists"), |worklists| inside(worklists, named));
    let written_state = state.as_ref().filter(|_| overrides.state.is_none());
    check_folders(top, &output_folder, state_folder.as_deref(), written_state, &feeds);
    Some(Plan {
        title: title?.value,
        sources: std::mem::take(&mut named.sources),
        period,
        output: output_folder,
        worklists,
        keep_outputs_days,
        state: state_folder,
        fail_on: fail_on.and_then(|fail_on| fail_on.value),
        fail_on_new: fail_on_new.and_then(|fail_on| fail_on.value),
        records,
        feeds: feeds.feeds.into_iter().map(|feed| feed.plan).collect(),
        edits,
        coding,
        deficiency,
        statistics,
        archive,
        night,
    })
}
