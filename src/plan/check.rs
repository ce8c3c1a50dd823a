//! Reads and checks a pipeline file with everything it names.

use std::path::{Component, Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::{
    ArchivePlan, CodingPlan, DeficiencyPlan, Overrides, Plan, StatisticsPlan, coding, edits,
    feeds::{self, Feeds},
};
use crate::{
    coding::judge::JudgeOn,
    deficiency::matrix::Matrix,
    fs,
    problem::{
        FAILING_FILE, Problems, closest,
        reader::{At, DAYS_OF_A_CENTURY, Section, read_file},
    },
    record::{
        field::{Field, Table},
        finding::Severity,
        period::Period,
        shown,
    },
};

/// What is being collected while a pipeline file is read.
pub struct Reading<'r> {
    /// Folder of the pipeline file: relative paths start here.
    pub folder: &'r Path,
    /// Codes and names of the rules that exist.
    pub known_rules: &'r [(&'static str, &'static str)],
    /// Names and digests of every configuration file read.
    pub sources: Vec<(String, String)>,
}

impl Reading<'_> {
    /// Reads a configuration file that the pipeline names, and remembers its digest. A file that cannot be read is a problem of the place that names it.
    pub fn text(&mut self, section: &mut Section<'_>, written: &At<String>, path: &Path, what: &str) -> Option<String> {
        self.file(section, written, path, what, fs::read_configuration_text)
    }

    /// Remembers the digest of a configuration file that another has read, such as a workbook.
    pub fn remember(&mut self, path: &Path, sha256: String) {
        let source = (file_name(path), sha256);
        if !self.sources.contains(&source) {
            self.sources.push(source);
        }
    }

    fn file<T: AsRef<[u8]>>(
        &mut self,
        section: &mut Section<'_>,
        written: &At<String>,
        path: &Path,
        what: &str,
        read: impl FnOnce(&Path) -> Result<T, fs::FileError>,
    ) -> Option<T> {
        match read(path) {
            Ok(content) => {
                self.remember(path, digest(content.as_ref()));
                Some(content)
            }
            Err(error) if error.is_of_the_system() => {
                section.problem(FAILING_FILE, written.span.clone(), format!("the {what}: {error}"), None);
                None
            }
            Err(error) if path.exists() => {
                section.problem("unreadable-file", written.span.clone(), format!("the {what}: {error}"), None);
                None
            }
            Err(_) => {
                let bare = !written.value.ends_with(".toml");
                let near: Vec<String> = neighbours(path)
                    .into_iter()
                    .map(|name| if bare { name.trim_end_matches(".toml").to_owned() } else { name })
                    .collect();
                let wanted = if bare { file_name(path).trim_end_matches(".toml").to_owned() } else { file_name(path) };
                let suggestion = closest(&wanted, near.iter().map(String::as_str)).map_or_else(
                    || format!("there is no file {}", shown(path)),
                    |near| format!("did you mean `{near}`? There is no file {}", shown(path)),
                );
                section.problem(
                    "missing-file",
                    written.span.clone(),
                    format!("the {what} is not there"),
                    Some(suggestion),
                );
                None
            }
        }
    }
}

/// A path as a message shows it: [`plain`], and what cannot be seen in its names as escapes.
pub fn shown(path: &Path) -> String {
    shown::path(&plain(path))
}

/// A path without detours: `pipelines/../fixtures` is `fixtures`, unless `pipelines` is a link: what lies above it is elsewhere then.
pub fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir
                if matches!(plain.components().next_back(), Some(Component::Normal(_))) && !plain.is_symlink() =>
            {
                plain.pop();
            }
            Component::CurDir => {}
            _ => plain.push(part),
        }
    }
    if plain.as_os_str().is_empty() { PathBuf::from(".") } else { plain }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

pub(super) fn digest(content: &[u8]) -> String {
    fs::hexadecimal(&Sha256::digest(content))
}

/// Names of the files beside a path.
pub fn neighbours(path: &Path) -> Vec<String> {
    let folder = fs::folder_of(path).to_string_lossy().into_owned();
    let pattern = Path::new(&glob::Pattern::escape(&folder)).join("*");
    let Ok(found) = glob::glob(&pattern.to_string_lossy()) else { return Vec::new() };
    found.filter_map(Result::ok).filter(|path| !path.is_dir()).map(|path| file_name(&path)).collect()
}

/// Checks a pipeline file. `known_rules` are codes and names of all edits.
///
/// # Errors
/// Every problem of the pipeline file and of the files it names.
pub fn check(
    path: &Path,
    overrides: &Overrides,
    known_rules: &[(&'static str, &'static str)],
) -> Result<Plan, Problems> {
    let mut problems = Problems::default();
    let shown_path = shown(path);
    let text = match fs::read_configuration_text(path) {
        Ok(text) => text,
        Err(error) if error.is_of_the_system() => {
            problems.add(FAILING_FILE, &shown_path, None, format!("the pipeline file: {error}"), None);
            return Err(problems);
        }
        Err(error) => {
            let suggestion = closest(
                &file_name(path),
                neighbours(path).iter().map(String::as_str).filter(|name| *name != file_name(path)),
            )
            .map(|near| format!("did you mean `{near}`, in the same folder?"));
            problems.add("missing-file", &shown_path, None, format!("the pipeline file: {error}"), suggestion);
            return Err(problems);
        }
    };
    let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
    let mut reading =
        Reading { folder: &folder, known_rules, sources: vec![(file_name(path), digest(text.as_bytes()))] };
    let plan = read_file(&shown_path, "pipeline file", &text, &mut problems, |top| {
        read_pipeline(top, &mut reading, overrides)
    })
    .flatten();
    match plan {
        Some(plan) if problems.is_empty() => Ok(plan),
        _ => Err(problems),
    }
}

fn read_pipeline(top: &mut Section<'_>, reading: &mut Reading<'_>, overrides: &Overrides) -> Option<Plan> {
    let title = required_words(top, "title");
    let period = read_period(top, overrides);
    let output = top.text("output");
    let worklists = top.text("worklists");
    let keep_outputs_days = stated_days(top, "keep_outputs_days");
    let state = top.text("state");
    let fail_on = top.word(
        "fail_on",
        &[
            ("fatal", Some(Severity::Fatal)),
            ("error", Some(Severity::Error)),
            ("warning", Some(Severity::Warning)),
            ("info", Some(Severity::Info)),
            ("never", None),
        ],
    );
    let mut feeds = feeds::read(top, reading);
    let edits = top.section("edits", |section| edits::read(section, reading)).unwrap_or_default();
    if edits.encounter_numbers_by_facility {
        number_by_facility(top, &mut feeds);
    }
    let coding = top.section("coding", |section| coding::read(section, reading)).unwrap_or(CodingPlan {
        judge_on: JudgeOn::DischargeDate,
        diagnoses: Vec::new(),
        procedures: Vec::new(),
        codesets: None,
    });
    let deficiency = top.section("deficiency", |section| read_deficiency(section, reading, &feeds)).flatten();
    let mut statistics = top.section("statistics", read_statistics).unwrap_or_default();
    match overrides.format.as_deref() {
        Some("text") => (statistics.workbook, statistics.text) = (false, true),
        Some("both") => (statistics.workbook, statistics.text) = (true, true),
        Some("xlsx") => (statistics.workbook, statistics.text) = (true, false),
        _ => {}
    }
    let archive = top
        .section("archive", |section| ArchivePlan {
            source_organization: section.text("source_organization").map(|text| text.value).unwrap_or_default(),
        })
        .unwrap_or_default();
    let inside = |written: &At<String>| reading.folder.join(&written.value);
    let output_folder =
        overrides.out.clone().or_else(|| output.as_ref().map(inside)).unwrap_or_else(|| reading.folder.join("out"));
    // Beside the outputs that they are made from, wherever those go.
    let worklists = worklists.as_ref().map_or_else(|| output_folder.join("worklists"), inside);
    let state_folder = overrides.state.clone().or_else(|| state.as_ref().map(inside));
    let written_state = state.as_ref().filter(|_| overrides.state.is_none());
    check_folders(top, &output_folder, state_folder.as_deref(), written_state, &feeds);
    Some(Plan {
        title: title?.value,
        sources: std::mem::take(&mut reading.sources),
        period,
        output: output_folder,
        worklists,
        keep_outputs_days,
        state: state_folder,
        fail_on: fail_on.and_then(|fail_on| fail_on.value),
        feeds: feeds.feeds.into_iter().map(|feed| feed.plan).collect(),
        edits,
        coding,
        deficiency,
        statistics,
        archive,
    })
}

/// A text that must be there and say something.
pub fn required_words(section: &mut Section<'_>, key: &'static str) -> Option<At<String>> {
    let text = section.required_text(key)?;
    if text.value.trim().is_empty() {
        section.problem("empty", text.span, format!("`{key}` says nothing"), None);
        return None;
    }
    Some(text)
}

/// A number of days, at least one and at most a century.
pub fn days(section: &mut Section<'_>, key: &'static str, default: i32) -> i32 {
    stated_days(section, key).unwrap_or(default)
}

/// The same where there is no default.
fn stated_days(section: &mut Section<'_>, key: &'static str) -> Option<i32> {
    let number = section.number(key, 1..=DAYS_OF_A_CENTURY)?;
    i32::try_from(number.value).ok()
}

/// The period in force. One written in the file is checked even where the command line goes before it.
fn read_period(top: &mut Section<'_>, overrides: &Overrides) -> Option<Period> {
    let written = top.text("period").and_then(|text| match Period::parse(&text.value) {
        Ok(period) => Some(At { value: period, span: text.span }),
        Err(message) => {
            top.problem("bad-period", text.span, message, None);
            None
        }
    });
    let given = overrides.period.as_deref().map(Period::parse);
    if let Some(Err(message)) = &given {
        top.problems().add("bad-period", "--period", None, message.clone(), None);
    }
    let period = match &given {
        Some(given) => given.clone().ok(),
        None => written.as_ref().map(|written| written.value.clone()),
    };
    if let (Some(period), Some(business_date)) = (&period, overrides.business_date)
        && period.first > business_date
    {
        let message = format!("the period begins on {}, after the business date {business_date}", period.first);
        let suggestion = Some("give another --period or --as-of".to_owned());
        match written.filter(|_| given.is_none()) {
            Some(written) => top.problem("contradiction", written.span, message, suggestion),
            None => top.problems().add("contradiction", "--period", None, message, suggestion),
        }
    }
    period
}

/// The folders a run writes to are apart from one another and from what it reads.
fn check_folders(
    top: &mut Section<'_>,
    output: &Path,
    state: Option<&Path>,
    written_state: Option<&At<String>>,
    feeds: &Feeds,
) {
    let output = plain(output);
    if state.is_some_and(|state| plain(state) == output) {
        let message = "the state folder is the output folder";
        let suggestion = Some("name two folders: outputs are handed on, the state stays".to_owned());
        match written_state {
            Some(written) => top.problem("contradiction", written.span.clone(), message, suggestion),
            None => top.problems().add("contradiction", "--state", None, message, suggestion),
        }
    }
    for feed in &feeds.feeds {
        if feed.plan.files.iter().any(|file| plain(file).starts_with(&output)) && output != Path::new(".") {
            top.problem(
                "contradiction",
                feed.files_span.clone(),
                format!("the feed `{}` would read what runs write to {}", feed.plan.name, shown(&output)),
                Some("name another output folder, or a narrower file pattern".to_owned()),
            );
        }
    }
}

/// Keys the tables of encounters by number and facility; each must state its facility.
fn number_by_facility(top: &mut Section<'_>, feeds: &mut Feeds) {
    for feed in feeds.feeds.iter_mut().filter(|feed| feed.plan.layout.table.is_of_encounters()) {
        feed.plan.layout.numbers_by_facility = true;
        if !feed.plan.layout.fields().any(|field| field == Field::FacilityId) {
            top.problem(
                "contradiction",
                feed.files_span.clone(),
                format!(
                    "encounter numbers are each facility's own, but the layout of `{}` maps no facility_id",
                    feed.plan.name
                ),
                Some("map facility_id in the layout, as a column or a constant".to_owned()),
            );
        }
    }
}

fn read_deficiency(section: &mut Section<'_>, reading: &mut Reading<'_>, feeds: &Feeds) -> Option<DeficiencyPlan> {
    let matrix = section.required_text("matrix");
    let delinquent_after_days = days(section, "delinquent_after_days", 30);
    if feeds.complete && !feeds.feeds.iter().any(|feed| feed.plan.layout.table == Table::Documents) {
        let span = section.span.clone();
        section.problem(
            "contradiction",
            span,
            "chart deficiencies are asked for, but no section [[ingest]] brings documents",
            Some(
                "add the document index, a feed whose layout has table = \"documents\", or leave [deficiency] out"
                    .to_owned(),
            ),
        );
    }
    let matrix = matrix?;
    let path = named_file(reading.folder, "matrices", &matrix.value);
    let text = reading.text(section, &matrix, &path, "expected-document matrix")?;
    let matrix = Matrix::parse(&shown(&path), &text, section.problems())?;
    Some(DeficiencyPlan { matrix, delinquent_after_days })
}

/// A configuration file by its bare name in a folder beside the pipeline, or by its path when it ends in `.toml`.
pub fn named_file(folder: &Path, kind: &str, name: &str) -> PathBuf {
    if name.ends_with(".toml") { folder.join(name) } else { folder.join(kind).join(format!("{name}.toml")) }
}

fn read_statistics(section: &mut Section<'_>) -> StatisticsPlan {
    const MOST_ROWS: i64 = 10_000;
    let format = section.word("format", &[("xlsx", (true, false)), ("text", (false, true)), ("both", (true, true))]);
    let (workbook, text) = format.map_or((true, false), |format| format.value);
    let top = section.number("top", 1..=MOST_ROWS);
    StatisticsPlan { workbook, text, top: top.map_or(25, |top| top.value as usize) }
}
