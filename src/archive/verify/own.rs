//! What this program's own seal promises beyond the RFC: the folder is what it was when it was sealed, to the byte and with nothing added.
//!
//! The RFC lets files stand beside the payload that no manifest lists, lets the tag manifest be left away, and knows no folders. Of a folder that this program sealed
//! none of that can be true unless somebody did it. That it is ours is told from the payload too, so that an edited `bag-info.txt` cannot take the mark away.

use std::{collections::BTreeSet, path::Path};

use serde::Deserialize;

use super::{Bag, Manifest};
use crate::{
    archive::{
        bag::{BagInformation, DECLARATION, TAG_MANIFEST, bag_info},
        listed_path,
        verdict::FaultKind,
    },
    fs,
    record::{date::Day, finding::Severity, period::Period},
};

/// The files of a seal, beside the payload.
pub const TAG_FILES: [&str; 4] = ["bag-info.txt", "bagit.txt", MANIFEST, TAG_MANIFEST];
/// The manifest of the payload.
const MANIFEST: &str = "manifest-sha256.txt";
/// The file of the payload that names the program.
pub const RESULTS: &str = "data/run_results.json";

/// What `run_results.json` says of the run. The first two stand in every edition of this program and in nobody else's file of that name.
#[derive(Deserialize)]
struct Results {
    chartroom_version: String,
    run_id: String,
    #[serde(default)]
    pipeline: String,
    #[serde(default)]
    business_date: String,
    #[serde(default)]
    period: String,
    /// `None` of folders that were sealed before it stood there.
    source_organization: Option<String>,
}

/// A plain file of a folder; a link, a pipe or a device is none, and is not read.
fn plain(folder: &Path, name: &str) -> Option<Vec<u8>> {
    let path = folder.join(name);
    let is_plain = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    is_plain.then(|| fs::read(&path).ok()).flatten()
}

fn results_of(folder: &Path) -> Option<Results> {
    serde_json::from_slice(&plain(folder, RESULTS)?).ok()
}

/// Whether a folder bears a mark of this program: in the payload, or in `bag-info.txt`. One of the two is enough, so that neither can be taken away unseen.
pub fn bears_mark(folder: &Path) -> bool {
    let is_ours = |line: &[u8]| line.starts_with(b"Bag-Software-Agent: chartroom ");
    results_of(folder).is_some()
        || plain(folder, "bag-info.txt").is_some_and(|text| text.split(|byte| *byte == b'\n').any(is_ours))
}

impl Bag<'_> {
    /// Adds what is not as this program sealed it. What the RFC only warns of is an error: a sealed folder has nothing to warn of.
    pub(super) fn hold_to_own_seal(&mut self) {
        for fault in &mut self.faults {
            fault.severity = Severity::Error;
        }
        let is_told = |bag: &Bag<'_>, path: &str| bag.faults.iter().any(|fault| fault.path.as_deref() == Some(path));
        for name in TAG_FILES.into_iter().chain([RESULTS]) {
            if self.files.contains_key(name) || is_told(self, name) {
                continue;
            }
            let kind = if name == TAG_MANIFEST { FaultKind::MissingTagManifest } else { FaultKind::MissingFile };
            self.error(kind, Some(name), None, "this program sealed the folder with it, and it is gone");
        }
        let added: Vec<String> = self
            .files
            .keys()
            .filter(|path| !path.starts_with("data/") && !TAG_FILES.contains(&path.as_str()))
            .cloned()
            .collect();
        for path in added.into_iter().filter(|path| !is_told(self, path)).collect::<Vec<_>>() {
            self.error(FaultKind::UnlistedTagFile, Some(&path), None, "it was added after the folder was sealed");
        }
        let holding: BTreeSet<&Path> = self.files.keys().flat_map(|path| Path::new(path).ancestors().skip(1)).collect();
        let empty = |folder: &&String| folder.as_str() != "data" && !holding.contains(Path::new(folder.as_str()));
        for path in self.folders.iter().filter(empty).cloned().collect::<Vec<_>>() {
            self.error(FaultKind::ExtraFolder, Some(&path), None, "it was added after the folder was sealed");
        }
        let is_declared = plain(self.root, "bagit.txt").is_some_and(|text| text == DECLARATION.as_bytes());
        if !is_told(self, "bagit.txt") && !is_declared {
            let detail = "it is not the declaration that this program writes";
            self.error(FaultKind::NotAsWritten, Some("bagit.txt"), None, detail);
        }
        if !is_told(self, "bag-info.txt") && !self.is_bag_info_as_written() {
            let detail = "it does not say of the run what the payload says";
            self.error(FaultKind::NotAsWritten, Some("bag-info.txt"), None, detail);
        }
        let rewritten: Vec<String> = self
            .manifests
            .iter()
            .filter(|manifest| !self.is_as_written(manifest))
            .map(|manifest| manifest.name.clone())
            .collect();
        for name in rewritten {
            let detail = "its lines are not as this program wrote them";
            self.error(FaultKind::NotAsWritten, Some(&name), None, detail);
        }
    }

    /// Whether `bag-info.txt` says, byte for byte, what this program says of the run that stands in the payload. Folders were sealed before the organization stood
    /// there: of those it is taken from the line itself. Other versions may have said it in other words.
    fn is_bag_info_as_written(&self) -> bool {
        let Some(results) = results_of(self.root).filter(|own| own.chartroom_version == env!("CARGO_PKG_VERSION"))
        else {
            return true;
        };
        let Some(text) = plain(self.root, "bag-info.txt").and_then(|text| String::from_utf8(text).ok()) else {
            return false;
        };
        let Some(business_date) = Day::from_iso(&results.business_date) else { return false };
        let period = Period::parse(&results.period).ok();
        let organization = match &results.source_organization {
            Some(organization) => Some(organization.as_str()).filter(|name| !name.is_empty()),
            None => text.lines().next().and_then(|line| line.strip_prefix("Source-Organization: ")),
        };
        let information = BagInformation {
            run_id: &results.run_id,
            business_date,
            description: &results.pipeline,
            source_organization: organization,
            period: period.as_ref(),
        };
        let (files, octets) = self.payload();
        text == bag_info(&information, octets, files, &results.chartroom_version)
    }

    /// Whether a manifest has the bytes that this program writes for what it lists. The tag manifest has no other that vouches for it.
    fn is_as_written(&self, manifest: &Manifest) -> bool {
        let vouched_for = TAG_FILES.iter().filter(|name| **name != TAG_MANIFEST);
        if !manifest.of_payload && !manifest.entries.keys().eq(vouched_for) {
            return false;
        }
        let lines =
            manifest.entries.iter().map(|(path, (sha256, _))| format!("{sha256}  {}\n", listed_path::encode(path)));
        let written: String = lines.collect();
        fs::read(&self.root.join(&manifest.name)).is_ok_and(|bytes| bytes == written.as_bytes())
    }
}
