//! What a finding speaks of: one stay, one day of a facility, one file and so on. Numbers of this run (of inputs, rules, rows) stand nowhere in it, so that it is
//! the same from run to run and from machine to machine.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::record::{account::InputAccount, date::Day, field::CanonicalTable, month::Month};

/// What a finding, a worklist or an acceptance speaks of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subject {
    /// A stay or visit.
    Encounter {
        /// The facility as the record states it; empty where it states none.
        facility_id: CompactString,
        /// The encounter's own number; empty where the record states none.
        encounter_id: CompactString,
        /// Fingerprint of the row, where it states no number: then its content is what it is known by.
        unnumbered: Option<u64>,
    },
    /// One day of a facility.
    FacilityDay {
        /// The facility; empty where none is stated.
        facility_id: CompactString,
        /// The day.
        day: Day,
    },
    /// One month of a facility, or of a service of it.
    FacilityMonth {
        /// The facility; empty where none is stated.
        facility_id: CompactString,
        /// The month.
        month: Month,
        /// The service; empty: all of the facility.
        service: String,
    },
    /// One row of a register.
    RegisterRow {
        /// The register.
        register: CanonicalTable,
        /// The facility, where the row names one.
        facility_id: CompactString,
        /// The encounter, where the row names one.
        encounter_id: CompactString,
        /// Fingerprint of the row.
        content: u64,
    },
    /// A coder or a practitioner.
    Practitioner {
        /// The facility, where the figure is of one.
        facility_id: CompactString,
        /// Number or name.
        practitioner: String,
    },
    /// One file of a section, or one part of it. It is known by its content, so that it is the same under another name and whatever files come beside it.
    Input {
        /// Name of the section.
        feed: String,
        /// Member of a zip folder or sheet of a workbook; empty: the whole file.
        part: String,
        /// SHA-256 of the file as 64 hexadecimal digits; its name where it could not be read.
        content: String,
    },
}

impl Subject {
    /// An input, by its content: so a finding on it keeps its key when the file is renamed, and when another file comes or goes.
    pub fn input(input: &InputAccount) -> Subject {
        let content = if input.sha256.is_empty() { &input.file } else { &input.sha256 };
        Subject::Input { feed: input.feed.clone(), part: input.part.clone(), content: content.clone() }
    }

    /// A stay by its number.
    pub fn encounter(facility_id: &str, encounter_id: &str) -> Subject {
        Subject::Encounter { facility_id: facility_id.into(), encounter_id: encounter_id.into(), unnumbered: None }
    }

    /// The facility; empty where none is stated, and for a file.
    pub fn facility_id(&self) -> &str {
        match self {
            Subject::Encounter { facility_id, .. }
            | Subject::FacilityDay { facility_id, .. }
            | Subject::FacilityMonth { facility_id, .. }
            | Subject::RegisterRow { facility_id, .. }
            | Subject::Practitioner { facility_id, .. } => facility_id,
            Subject::Input { .. } => "",
        }
    }

    /// The encounter's number; empty where it is of no encounter.
    pub fn encounter_id(&self) -> &str {
        match self {
            Subject::Encounter { encounter_id, .. } | Subject::RegisterRow { encounter_id, .. } => encounter_id,
            _ => "",
        }
    }

    /// What an acceptance names as its record: the encounter's number, or of a trend the facility with its month and service or person (`0042 2026-10 MED`).
    pub fn record(&self) -> String {
        match self {
            Subject::Encounter { .. } | Subject::RegisterRow { .. } | Subject::Input { .. } => {
                self.record_in_facility()
            }
            _ => joined([self.facility_id(), &self.record_in_facility()]),
        }
    }

    /// The same where the facility is named beside it: `2026-10 MED`.
    pub fn record_in_facility(&self) -> String {
        match self {
            Subject::Encounter { encounter_id, .. } | Subject::RegisterRow { encounter_id, .. } => {
                encounter_id.to_string()
            }
            Subject::FacilityMonth { month, service, .. } => joined([&month.to_string(), service]),
            Subject::Practitioner { practitioner, .. } => practitioner.clone(),
            Subject::FacilityDay { day, .. } => day.to_string(),
            Subject::Input { .. } => String::new(),
        }
    }

    /// Gives the parts that tell it from every other subject: first a letter for what it is, which never changes.
    pub(super) fn parts(&self, mut part: impl FnMut(&[u8])) {
        part(match self {
            Subject::Encounter { unnumbered: None, .. } => b"E",
            Subject::Encounter { unnumbered: Some(_), .. } => b"C",
            Subject::FacilityDay { .. } => b"D",
            Subject::FacilityMonth { .. } => b"M",
            Subject::RegisterRow { .. } => b"R",
            Subject::Practitioner { .. } => b"P",
            Subject::Input { .. } => b"F",
        });
        part(self.facility_id().as_bytes());
        match self {
            Subject::Encounter { unnumbered: Some(content), .. } => part(&content.to_le_bytes()),
            Subject::Encounter { encounter_id, .. } => part(encounter_id.as_bytes()),
            Subject::FacilityDay { day, .. } => part(&day.0.to_le_bytes()),
            Subject::FacilityMonth { month, service, .. } => {
                part(month.to_string().as_bytes());
                part(service.as_bytes());
            }
            Subject::RegisterRow { register, content, .. } => {
                part(register.name().as_bytes());
                part(&content.to_le_bytes());
            }
            Subject::Practitioner { practitioner, .. } => part(practitioner.as_bytes()),
            Subject::Input { feed, part: of_file, content } => {
                part(feed.as_bytes());
                part(of_file.as_bytes());
                part(content.as_bytes());
            }
        }
    }
}

fn joined(parts: [&str; 2]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ")
}
