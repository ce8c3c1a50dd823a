//! Reads and checks a pipeline file with everything it names.

use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::{ArchivePlan, CodingPlan, DeficiencyPlan, EditsPlan, Overrides, Plan, StatisticsPlan, feeds};
use crate::{
    codeset::{sets::GemDirection, site_map::SiteMap},
    coding::{judge::JudgeOn, mapping::CodeMap},
    deficiency::matrix::Matrix,
    fs,
    problem::{
        Problems, closest,
        reader::{Section, read_file},
    },
    record::{code::CodeSystem, finding::Severity, period::Period},
};

/// Severities as a pipeline file writes them.
pub const SEVERITIES: [(&str, Severity); 4] =
    [("fatal", Severity::Fatal), ("error", Severity::Error), ("warning", Severity::Warning), ("info", Severity::Info)];

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
    pub fn text(
        &mut self,
        section: &mut Section<'_>,
        span: std::ops::Range<usize>,
        path: &Path,
        what: &str,
    ) -> Option<String> {
        match fs::read_text(path) {
            Ok(text) => {
                let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
                self.sources.push((name, digest(&text)));
                Some(text)
            }
            Err(_) => {
                let near = neighbours(path);
                let wanted = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                let suggestion = closest(&wanted, near.iter().map(String::as_str)).map_or_else(
                    || format!("no file {} can be read", shown(path)),
                    |near| format!("did you mean `{near}`, in the same folder?"),
                );
                section.problem(
                    "missing-file",
                    span,
                    format!("the {what} is not there or cannot be read"),
                    Some(suggestion),
                );
                None
            }
        }
    }
}

/// A path as a message shows it: without the steps back that a relative one has.
pub fn shown(path: &Path) -> String {
    path.components().as_path().display().to_string()
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn neighbours(path: &Path) -> Vec<String> {
    let Some(folder) = path.parent() else { return Vec::new() };
    let mut names: Vec<String> = fs::list(folder)
        .unwrap_or_default()
        .into_iter()
        .map(|entry| entry.path.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
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
    let text = match fs::read_text(path) {
        Ok(text) => text,
        Err(error) => {
            let suggestion = closest(
                &path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
                neighbours(path).iter().map(String::as_str),
            )
            .map(|near| format!("did you mean `{near}`, in the same folder?"));
            problems.add(
                "missing-file",
                &shown_path,
                None,
                format!("the pipeline file cannot be read: {error}"),
                suggestion,
            );
            return Err(problems);
        }
    };
    let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut reading = Reading { folder: &folder, known_rules, sources: vec![(name, digest(&text))] };
    let plan =
        read_file(&shown_path, &text, &mut problems, |top| read_pipeline(top, &mut reading, overrides)).flatten();
    match plan {
        Some(plan) if problems.is_empty() => Ok(plan),
        _ => Err(problems),
    }
}

fn read_pipeline(top: &mut Section<'_>, reading: &mut Reading<'_>, overrides: &Overrides) -> Option<Plan> {
    let title = top.required_text("title");
    let written_period = top.text("period");
    let period = match (&overrides.period, &written_period) {
        (Some(text), _) => Period::parse(text).ok(),
        (None, Some(text)) => match Period::parse(&text.value) {
            Ok(period) => Some(period),
            Err(message) => {
                top.problem("bad-period", text.span.clone(), message, None);
                None
            }
        },
        (None, None) => None,
    };
    let output = top.text("output");
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
    let feeds = feeds::read(top, reading);
    let edits = top.section("edits", |section| read_edits(section, reading)).unwrap_or_default();
    let coding = top.section("coding", |section| read_coding(section, reading)).unwrap_or(CodingPlan {
        judge_on: JudgeOn::DischargeDate,
        diagnoses: Vec::new(),
        procedures: Vec::new(),
    });
    let deficiency = top.section("deficiency", |section| read_deficiency(section, reading)).flatten();
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
    let inside = |text: &str| reading.folder.join(text);
    let output = overrides.out.clone().or_else(|| output.map(|output| inside(&output.value)));
    Some(Plan {
        title: title?.value,
        sources: std::mem::take(&mut reading.sources),
        period,
        output: output.unwrap_or_else(|| Path::new("out").to_path_buf()),
        state: overrides.state.clone().or_else(|| state.map(|state| reading.folder.join(state.value))),
        fail_on: fail_on.and_then(|fail_on| fail_on.value),
        feeds,
        edits,
        coding,
        deficiency,
        statistics,
        archive,
    })
}

fn read_edits(section: &mut Section<'_>, reading: &Reading<'_>) -> EditsPlan {
    let code_of = |section: &mut Section<'_>, name: &str, span: std::ops::Range<usize>| -> Option<String> {
        let known = reading.known_rules.iter().find(|(code, rule)| *code == name || *rule == name);
        if known.is_none() {
            let names = reading.known_rules.iter().flat_map(|(code, rule)| [*code, *rule]);
            let suggestion = closest(name, names).map_or_else(
                || "`chartroom rules` lists them".to_owned(),
                |near| format!("did you mean `{near}`? `chartroom rules` lists them"),
            );
            section.problem("unknown-rule", span, format!("there is no edit `{name}`"), Some(suggestion));
        }
        known.map(|(code, _)| (*code).to_owned())
    };
    let mut ignore = Vec::new();
    for rule in section.texts("ignore") {
        ignore.extend(code_of(section, &rule.value, rule.span));
    }
    let mut severity = Vec::new();
    section.section("severity", |table| {
        for entry in table.entries() {
            let code = code_of(table, &entry.key.value, entry.key.span.clone());
            for word in table.entry_texts(&entry) {
                match (code.clone(), SEVERITIES.iter().find(|(name, _)| *name == word.value)) {
                    (Some(code), Some((_, severity_of))) => {
                        if ignore.contains(&code) {
                            table.problem(
                                "contradiction",
                                entry.key.span.clone(),
                                format!("`{code}` is ignored above and given a severity here"),
                                Some("keep one of the two".to_owned()),
                            );
                        }
                        severity.push((code, *severity_of));
                    }
                    (_, None) => {
                        let suggestion = "write one of: fatal, error, warning, info".to_owned();
                        table.problem(
                            "unknown-word",
                            word.span,
                            format!("`{}` is no severity", word.value),
                            Some(suggestion),
                        );
                    }
                    (None, Some(_)) => {}
                }
            }
        }
    });
    let long_stay_days = section.number("long_stay_days", 1).map_or(365, |days| days.value as i32);
    EditsPlan { ignore, severity, long_stay_days }
}

fn read_coding(section: &mut Section<'_>, reading: &mut Reading<'_>) -> CodingPlan {
    let judge_on =
        section.word("judge_on", &[("discharge_date", JudgeOn::DischargeDate), ("any_date", JudgeOn::AnyDate)]);
    let diagnoses = section.sections("diagnoses", |map| read_map(map, reading, false)).into_iter().flatten().collect();
    let procedures = section.sections("procedures", |map| read_map(map, reading, true)).into_iter().flatten().collect();
    CodingPlan { judge_on: judge_on.map_or(JudgeOn::DischargeDate, |word| word.value), diagnoses, procedures }
}

fn read_map(section: &mut Section<'_>, reading: &mut Reading<'_>, procedures: bool) -> Option<CodeMap> {
    let from = section.required_text("from");
    let to = section.text("to");
    let span = section.span.clone();
    let by = section.word("by", &[("site_map", true), ("gem", false)]);
    let file = section.text("site_map");
    let (from, by) = (from?, by?);
    if by.value {
        let Some(file) = file else {
            section.problem("missing-key", by.span, "a site map needs `site_map`, the file it stands in", None);
            return None;
        };
        let text = reading.text(section, file.span.clone(), &reading.folder.join(&file.value), "site map")?;
        return match SiteMap::read(&text) {
            Ok(map) => Some(CodeMap::Site { from: from.value, map }),
            Err(faults) => {
                for fault in faults {
                    section.problem(
                        "bad-site-map",
                        file.span.clone(),
                        format!("line {} of the site map: {}", fault.line, fault.message),
                        None,
                    );
                }
                None
            }
        };
    }
    if let Some(file) = file {
        section.problem(
            "contradiction",
            file.span,
            "`site_map` has no meaning with by = \"gem\"",
            Some("leave it out, or write by = \"site_map\"".to_owned()),
        );
    }
    if procedures {
        section.problem(
            "no-such-map",
            span,
            "general equivalence maps of procedures do not ship",
            Some("use by = \"site_map\"".to_owned()),
        );
        return None;
    }
    let direction =
        match (CodeSystem::from_name(&from.value), to.as_ref().and_then(|to| CodeSystem::from_name(&to.value))) {
            (Some(CodeSystem::Icd9Cm), Some(CodeSystem::Icd10Cm)) => GemDirection::Forward,
            (Some(CodeSystem::Icd10Cm), Some(CodeSystem::Icd9Cm)) => GemDirection::Backward,
            _ => {
                section.problem(
                    "no-such-map",
                    span,
                    "a general equivalence map leads from icd9cm to icd10cm or back",
                    Some("write from = \"icd9cm\", to = \"icd10cm\"; other systems need by = \"site_map\"".to_owned()),
                );
                return None;
            }
        };
    Some(CodeMap::Gem { direction })
}

fn read_deficiency(section: &mut Section<'_>, reading: &mut Reading<'_>) -> Option<DeficiencyPlan> {
    let matrix = section.required_text("matrix");
    let days = section.number("delinquent_after_days", 1).map_or(30, |days| days.value as i32);
    let matrix = matrix?;
    let path = named_file(reading.folder, "matrices", &matrix.value);
    let text = reading.text(section, matrix.span, &path, "expected-document matrix")?;
    let matrix = Matrix::parse(&shown(&path), &text, section.problems())?;
    Some(DeficiencyPlan { matrix, delinquent_after_days: days })
}

/// A configuration file by its bare name in a folder beside the pipeline, or by its path when it ends in `.toml`.
pub fn named_file(folder: &Path, kind: &str, name: &str) -> std::path::PathBuf {
    if name.ends_with(".toml") { folder.join(name) } else { folder.join(kind).join(format!("{name}.toml")) }
}

fn read_statistics(section: &mut Section<'_>) -> StatisticsPlan {
    let format = section.word("format", &[("xlsx", (true, false)), ("text", (false, true)), ("both", (true, true))]);
    let (workbook, text) = format.map_or((true, false), |format| format.value);
    StatisticsPlan { workbook, text, top: section.number("top", 1).map_or(25, |top| top.value as usize) }
}
