//! The section `[statistics]`: how it is written, what it says when it is checked, and its reader.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::problem::reader::Section;

/// The most rows of a list of most frequent codes.
const MOST_ROWS: i64 = 10_000;

/// The workbook of the statistics.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Statistics")]
#[serde(deny_unknown_fields)]
pub struct StatisticsSection {
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

/// The settings of the desk.
#[derive(Debug, Clone)]
pub struct StatisticsSettings {
    /// Whether the Excel workbook is written.
    pub workbook: bool,
    /// Whether the same content is written as plain text.
    pub text: bool,
    /// Rows of the lists of most frequent codes.
    pub top: usize,
}

impl Default for StatisticsSettings {
    fn default() -> StatisticsSettings {
        StatisticsSettings { workbook: true, text: false, top: 25 }
    }
}

/// Reads the section.
pub fn read(section: &mut Section<'_>) -> StatisticsSettings {
    let mut settings = StatisticsSettings::default();
    let format = section.word("format", &[("xlsx", (true, false)), ("text", (false, true)), ("both", (true, true))]);
    if let Some(format) = format {
        (settings.workbook, settings.text) = format.value;
    }
    if let Some(top) = section.number("top", 1..=MOST_ROWS) {
        settings.top = top.value as usize;
    }
    settings
}
