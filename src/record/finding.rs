//! Findings: what an edit says of one record.

use serde::{Deserialize, Serialize};

use super::field::Field;

/// How heavy a failed edit weighs (handbook of edits: fatal rejects, error counts toward the tolerance, warning wants verification).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The record (or file) is rejected: it is kept out of statistics.
    Fatal,
    /// Counts toward the error tolerance.
    Error,
    /// Needs to be corrected or verified as true.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// Heaviest first.
    pub const ALL: [Severity; 4] = [Severity::Fatal, Severity::Error, Severity::Warning, Severity::Info];

    /// The word in pipeline files and output columns.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Fatal => "fatal",
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }
}

/// Where a canonical row came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Origin {
    /// Index into the run's list of inputs (file, member and sheet together).
    pub input: u16,
    /// 1-based row in that file or sheet, as a person sees it.
    pub row: u64,
}

/// One failed edit on one record.
///
/// `message` is the rule's own text and never holds patient data; the raw value stands only in the finding's own column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Index into the run's ordered list of rules.
    pub rule: u16,
    /// The severity in force in this run.
    pub severity: Severity,
    /// The encounter's own number; empty for findings on a file.
    pub encounter_id: String,
    /// The field at fault.
    pub field: Option<Field>,
    /// 1-based position among repeated fields (diagnoses, procedures, documents); 0 where the field stands once.
    pub position: u16,
    /// The value as it stood in the export; masked where the field identifies a patient and the value is not needed to correct it.
    pub raw: String,
    /// Where the row stood.
    pub origin: Origin,
    /// Index into the run's list of acceptances, where somebody has verified it as true; then it is no failure.
    pub accepted: Option<u16>,
}
