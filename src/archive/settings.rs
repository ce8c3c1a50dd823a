//! The section `[archive]`: how it is written, what it says when it is checked, and its reader.

use schemars::JsonSchema;
use serde::Deserialize;

use super::seal_algorithms::SealAlgorithms;
use crate::problem::reader::Section;

/// Sealing of the output folder.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Archive")]
#[serde(deny_unknown_fields)]
pub struct ArchiveSection {
    /// Organisation named in the bag.
    pub source_organization: Option<String>,
    /// By which algorithms the folder is sealed; default `sha256`. Each has its manifests: `manifest-sha512.txt`, `tagmanifest-sha512.txt`.
    pub checksum_algorithms: Option<ChecksumAlgorithms>,
}

/// One algorithm or a list of them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ChecksumAlgorithms {
    /// One.
    One(ChecksumAlgorithm),
    /// Several.
    Many(Vec<ChecksumAlgorithm>),
}

/// An algorithm of a seal.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChecksumAlgorithm {
    /// The default.
    Sha256,
    /// Twice as many digits, for archives that ask for it.
    Sha512,
}

/// The settings of the desk.
#[derive(Debug, Clone, Default)]
pub struct ArchiveSettings {
    /// Organisation named in the bag.
    pub source_organization: String,
    /// By which algorithms the output folder is sealed.
    pub algorithms: SealAlgorithms,
}

/// Reads the section.
pub fn read(section: &mut Section<'_>) -> ArchiveSettings {
    ArchiveSettings {
        source_organization: section.text("source_organization").map(|text| text.value).unwrap_or_default(),
        algorithms: SealAlgorithms::read(section),
    }
}
