//! Findings: what an edit says of one record.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::record::{field::Field, subject::Subject};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Origin {
    /// Index into the run's list of inputs (file, member and sheet together).
    pub input: u16,
    /// 1-based row in that file or sheet, as a person sees it.
    pub row: u64,
}

/// What of a finding, beside its rule and its subject, tells it from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found<'f> {
    /// The rule finds a subject at fault once: a corrected value that is wrong again is the same finding.
    Once,
    /// A place among repeated fields: the mark, date or practitioner that belongs to it is at fault, whatever it says.
    Position(u16),
    /// A value: the code, document or other record is at fault, wherever it stands.
    Value(&'f str),
}

/// What a finding is known by, from run to run and from machine to machine: the first 64 bits of the SHA-256 of the rule's code, the subject, the field and what
/// was [`Found`]. Shown as the letter `k` and 16 hexadecimal digits: a spreadsheet takes no key for a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct FindingKey(pub u64);

impl FindingKey {
    /// The key of a finding. `subject` is `None` for a value that is reported once for all records. `again`: how many findings of the run before this one have the same
    /// rule, subject, field and place, as where one code stands twice on a record.
    pub fn of(rule: &str, subject: Option<&Subject>, field: Option<Field>, found: Found<'_>, again: u64) -> FindingKey {
        // One block of the digest holds the parts of most findings.
        let mut parts = Vec::with_capacity(64);
        // With their lengths, so that no two lists of parts run together to the same bytes.
        let mut part = |bytes: &[u8]| {
            match u8::try_from(bytes.len()) {
                Ok(length) if length < u8::MAX => parts.push(length),
                _ => {
                    parts.push(u8::MAX);
                    parts.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
                }
            }
            parts.extend_from_slice(bytes);
        };
        part(rule.as_bytes());
        if let Some(subject) = subject {
            subject.parts(&mut part);
        }
        part(field.map_or("", Field::name).as_bytes());
        match found {
            Found::Once => {}
            Found::Position(position) => part(&position.to_le_bytes()),
            Found::Value(value) => part(value.as_bytes()),
        }
        if again > 0 {
            part(&again.to_le_bytes());
        }
        let digest = Sha256::digest(&parts);
        FindingKey(u64::from_be_bytes(std::array::from_fn(|place| digest[place])))
    }
}

impl fmt::Display for FindingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "k{:016x}", self.0)
    }
}

/// One failed edit on one subject.
///
/// `message` is the rule's own text and never holds patient data; the raw value stands only in the finding's own column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Index into the run's ordered list of rules.
    pub rule: u16,
    /// The severity in force in this run.
    pub severity: Severity,
    /// What it speaks of.
    pub subject: Subject,
    /// The field at fault.
    pub field: Option<Field>,
    /// 1-based position among repeated fields (diagnoses, procedures, documents); 0 where the field stands once.
    pub position: u16,
    /// The value as it stood in the export; masked where the field identifies a patient and the value is not needed to correct it.
    pub raw: String,
    /// What the values that it speaks of are known by; see [`crate::record::life::values_digest`]. 0 where nothing was ever decided on.
    pub values: u64,
    /// The other record, of a finding between two of one patient.
    pub other: Option<Box<Subject>>,
    /// Where the row stood.
    pub origin: Origin,
    /// Index into the run's list of acceptances, where somebody has verified it as true; then it is no failure.
    pub accepted: Option<u16>,
    /// What it is known by. Of a finding that is counted and listed nowhere it is 0.
    pub key: FindingKey,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The digest of a list of parts by another road: Python's hashlib, over the parts, each with its length in a byte before it.
    #[test]
    fn a_key_is_the_begin_of_the_digest_of_its_parts() {
        let subject = Subject::encounter("0042", "E1");
        let key = FindingKey::of("COD101", Some(&subject), Some(Field::DiagnosisCode), Found::Value("I10"), 0);
        assert_eq!(key.to_string(), "ke59dab572219bf63");
    }

    #[test]
    fn parts_do_not_run_together() {
        let of = |facility: &str, number: &str, found| {
            FindingKey::of("COD101", Some(&Subject::encounter(facility, number)), None, found, 0)
        };
        let keys = [
            of("1", "23", Found::Once),
            of("12", "3", Found::Once),
            of("", "123", Found::Once),
            of("1", "23", Found::Value("")),
            of("1", "23", Found::Position(0)),
            of("1", "23", Found::Position(1)),
        ];
        for (place, key) in keys.iter().enumerate() {
            assert!(!keys[..place].contains(key), "{place}");
        }
    }
}
