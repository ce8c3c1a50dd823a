//! The section `[night]`: where the morning page and the figures for a monitor go, and what is started after a run.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    fs::read_configuration_text,
    problem::{
        named_files::NamedFiles,
        reader::{Section, read_what_can_be_read},
    },
};

/// What is done after every run, also after one that failed.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Night")]
#[serde(deny_unknown_fields)]
pub struct NightSection {
    /// Folder of the morning page, as text and HTML; relative to this file. Default: `morning` in the output folder.
    pub page: Option<String>,
    /// File of figures for the Prometheus node exporter (textfile collector); relative to this file, its name ends in .prom. Default: none is written.
    pub metrics: Option<String>,
    /// A command with its arguments that is started after a run; the path of the page as text is its last argument. No shell reads it.
    pub after_run: Option<Vec<String>>,
    /// Seconds that the command may take. Default: 60.
    pub after_run_seconds: Option<u32>,
}

/// The settings of what is done after a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NightSettings {
    /// Folder of the morning page.
    pub page: PathBuf,
    /// File of figures for a monitor.
    pub metrics: Option<PathBuf>,
    /// A command with its arguments; empty: none.
    pub after_run: Vec<String>,
    /// Seconds that the command may take.
    pub after_run_seconds: u64,
    /// The folder that the command is started in: that of the pipeline file.
    pub folder: PathBuf,
}

/// Reads the section; `output` is the output folder.
pub fn read(section: &mut Section<'_>, named: &NamedFiles<'_>, output: &Path) -> NightSettings {
    let page = section.text("page").map_or_else(|| output.join("morning"), |page| named.folder.join(&page.value));
    let metrics = section.text("metrics");
    if let Some(metrics) = metrics.as_ref().filter(|metrics| !metrics.value.ends_with(".prom")) {
        let to_do = "write metrics = \"chartroom.prom\", in the folder that the node exporter reads".to_owned();
        section.problem(
            "bad-name",
            metrics.span.clone(),
            "the node exporter reads files that end in .prom",
            Some(to_do),
        );
    }
    let after_run: Vec<String> = section.texts("after_run").into_iter().map(|word| word.value).collect();
    let seconds = section.number("after_run_seconds", 1..=3600);
    NightSettings {
        page,
        metrics: metrics.map(|metrics| named.folder.join(&metrics.value)),
        after_run,
        after_run_seconds: seconds.map_or(60, |seconds| seconds.value as u64),
        folder: named.folder.to_path_buf(),
    }
}

/// Title and night of a pipeline file with faults, as far as they can be read: a night that could not begin is told too. `output`: the output folder that the command
/// line names.
pub fn of_faulty_file(path: &Path, output: Option<&Path>) -> Option<(String, NightSettings)> {
    let text = read_configuration_text(path).ok()?;
    let named = NamedFiles::of(path.parent().unwrap_or_else(|| Path::new("")));
    let read_night = |top: &mut Section<'_>| {
        let title = top.text("title")?.value;
        let written = top.text("output").map(|output| named.folder.join(&output.value));
        let output = output.map(Path::to_owned).or(written).unwrap_or_else(|| named.folder.join("out"));
        let night = top.section("night", |section| read(section, &named, &output))?;
        // The other sections are not asked.
        drop(top.entries());
        Some((title, night))
    };
    read_what_can_be_read(&text, read_night)
}
