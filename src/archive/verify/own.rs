//! What this program's own seal promises beyond the RFC: the folder is what it was when it was sealed, to the byte and with nothing added.
//!
//! The RFC lets files stand beside the payload that no manifest lists, lets the tag manifest be left away, and knows no folders. Of a folder that this program sealed
//! none of that can be true unless somebody did it. That it is ours is told from the payload too, so that an edited `bag-info.txt` cannot take the mark away.

use std::{
    collections::BTreeSet,
    io::{BufReader, Read as _},
    path::Path,
};

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{Bag, Manifest};
use crate::{
    archive::{
        algorithm::Algorithm,
        bag::{BagInformation, DECLARATION, bag_info, manifest_name, tag_manifest_name},
        listed_path,
        seal_algorithms::SealAlgorithms,
        verdict::FaultKind,
    },
    fs::{
        self, FileError,
        opening::{self, is_systems_answer},
    },
    record::{date::Day, finding::Severity, period::Period},
};

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

/// Octets of `run_results.json` that are looked at: one of 65,535 inputs has some 100 MiB.
const LARGEST_RESULTS: u64 = 256 << 20;

/// Whether a plain file stands in a folder; a link, a pipe or a device is none, and is not read.
fn is_plain(path: &Path) -> Result<bool, FileError> {
    match path.symlink_metadata() {
        Ok(metadata) => Ok(metadata.is_file()),
        Err(answer) if is_systems_answer(&answer) => Err(FileError::read(path)(answer)),
        Err(_) => Ok(false),
    }
}

/// What was read; `None` where that is not what belongs there.
///
/// # Errors
/// The system's answer: of it nothing may be concluded.
fn answered<T>(read: Result<T, FileError>) -> Result<Option<T>, FileError> {
    match read {
        Err(answer) if answer.is_of_the_system() => Err(answer),
        read => Ok(read.ok()),
    }
}

/// A plain tag file of a folder.
fn plain(folder: &Path, name: &str) -> Result<Option<Vec<u8>>, FileError> {
    let path = folder.join(name);
    if is_plain(&path)? { answered(fs::read_configuration(&path)) } else { Ok(None) }
}

fn results_of(folder: &Path) -> Result<Option<Results>, FileError> {
    let path = folder.join(RESULTS);
    if !is_plain(&path)? {
        return Ok(None);
    }
    let read = || {
        let (file, _) = opening::open(&path)?;
        Ok(serde_json::from_reader(BufReader::new(file.take(LARGEST_RESULTS)))?)
    };
    answered(read().map_err(FileError::read(&path)))
}

/// Whether a folder bears a mark of this program: in the payload, or in `bag-info.txt`. One of the two is enough, so that neither can be taken away unseen.
///
/// # Errors
/// [`FileError::Read`], where the system cannot say.
pub fn bears_mark(folder: &Path) -> Result<bool, FileError> {
    let is_ours = |line: &[u8]| line.starts_with(b"Bag-Software-Agent: chartroom ");
    Ok(results_of(folder)?.is_some()
        || plain(folder, "bag-info.txt")?.is_some_and(|text| text.split(|byte| *byte == b'\n').any(is_ours)))
}

impl Bag<'_> {
    /// Adds what is not as this program sealed it. What the RFC only warns of is an error: a sealed folder has nothing to warn of.
    pub(super) fn hold_to_own_seal(&mut self) {
        for fault in &mut self.faults {
            fault.severity = Severity::Error;
        }
        let told: BTreeSet<String> = self.faults.iter().filter_map(|fault| fault.path.clone()).collect();
        // Of what the system did not say nothing is said either.
        let is_told = |bag: &Bag<'_>, path: &str| told.contains(path) || bag.is_unknown(path);
        let seal = self.algorithms_of_seal();
        let tag_files = seal.tag_files();
        for name in tag_files.iter().map(String::as_str).chain([RESULTS]) {
            if self.files.contains_key(name) || is_told(self, name) {
                continue;
            }
            let is_tag_manifest = name.starts_with("tagmanifest-");
            let kind = if is_tag_manifest { FaultKind::MissingTagManifest } else { FaultKind::MissingFile };
            self.error(kind, Some(name), None, "this program sealed the folder with it, and it is gone");
        }
        let added: Vec<String> =
            self.files.keys().filter(|path| !path.starts_with("data/") && !tag_files.contains(path)).cloned().collect();
        for path in added.into_iter().filter(|path| !is_told(self, path)).collect::<Vec<_>>() {
            self.error(FaultKind::UnlistedTagFile, Some(&path), None, "it was added after the folder was sealed");
        }
        let holding: BTreeSet<&Path> = self.files.keys().flat_map(|path| Path::new(path).ancestors().skip(1)).collect();
        let empty = |folder: &&String| folder.as_str() != "data" && !holding.contains(Path::new(folder.as_str()));
        let empty: Vec<String> = self.folders.iter().filter(empty).cloned().collect();
        for path in empty.into_iter().filter(|path| !self.is_unknown(path)).collect::<Vec<_>>() {
            self.error(FaultKind::ExtraFolder, Some(&path), None, "it was added after the folder was sealed");
        }
        let is_declared =
            plain(self.root, "bagit.txt").map(|text| text.is_some_and(|text| text == DECLARATION.as_bytes()));
        if !is_told(self, "bagit.txt") {
            self.hold_as_written("bagit.txt", is_declared, "it is not the declaration that this program writes");
        }
        if !is_told(self, "bag-info.txt") && self.is_listed_whole {
            let detail = "it and the payload say different things of the run";
            self.hold_as_written("bag-info.txt", self.is_bag_info_as_written(), detail);
        }
        let manifests: Vec<(String, Result<bool, FileError>)> = self
            .manifests
            .iter()
            .map(|manifest| (manifest.name.clone(), self.is_as_written(manifest, &seal)))
            .collect();
        for (name, is_written) in manifests {
            self.hold_as_written(&name, is_written, "its lines are not as this program wrote them");
        }
    }

    /// By which algorithms the folder was sealed: those whose manifest a tag manifest vouches for. Where none does, those of which something is left.
    fn algorithms_of_seal(&self) -> SealAlgorithms {
        let asked = |is_of_seal: &dyn Fn(&str, &str) -> bool| {
            let of_seal = |one: &Algorithm| is_of_seal(&manifest_name(*one), &tag_manifest_name(*one));
            SealAlgorithms::of(&SealAlgorithms::ALL.into_iter().filter(of_seal).collect::<Vec<_>>())
        };
        let of_tags = || self.manifests.iter().filter(|manifest| !manifest.of_payload);
        let is_there = |name: &str| self.files.contains_key(name) || self.is_unknown(name);
        asked(&|manifest, _| of_tags().any(|tags| tags.entries.contains_key(manifest)))
            .or_else(|| asked(&|manifest, tag_manifest| is_there(manifest) && is_there(tag_manifest)))
            .or_else(|| asked(&|manifest, tag_manifest| is_there(manifest) || is_there(tag_manifest)))
            .unwrap_or_default()
    }

    fn hold_as_written(&mut self, name: &str, is_written: Result<bool, FileError>, detail: &str) {
        match is_written {
            Ok(true) => {}
            Ok(false) => self.error(FaultKind::NotAsWritten, Some(name), None, detail),
            Err(answer) => self.unanswered_file(&answer),
        }
    }

    /// Whether `bag-info.txt` says, byte for byte, what this program says of the run that stands in the payload. Folders were sealed before the organization stood
    /// there: of those it is taken from the line itself. Other versions may have said it in other words.
    fn is_bag_info_as_written(&self) -> Result<bool, FileError> {
        let results = results_of(self.root)?.filter(|own| own.chartroom_version == env!("CARGO_PKG_VERSION"));
        let Some(results) = results else { return Ok(true) };
        let Some(text) = plain(self.root, "bag-info.txt")?.and_then(|text| String::from_utf8(text).ok()) else {
            return Ok(false);
        };
        let Some(business_date) = Day::from_iso(&results.business_date) else { return Ok(false) };
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
        Ok(text == bag_info(&information, octets, files, &results.chartroom_version))
    }

    /// Whether a manifest has the bytes that this program writes for what it lists. The tag manifest has no other that vouches for it.
    fn is_as_written(&self, manifest: &Manifest, seal: &SealAlgorithms) -> Result<bool, FileError> {
        if !manifest.of_payload && !manifest.entries.keys().eq(&seal.vouched_for()) {
            return Ok(false);
        }
        let mut written = Sha256::new();
        for (path, (checksum, _)) in &manifest.entries {
            written.update(format!("{checksum}  {}\n", listed_path::encode(path)));
        }
        let found = answered(fs::digest(&self.root.join(&manifest.name)))?;
        Ok(found.is_some_and(|found| found.sha256 == fs::hexadecimal(&written.finalize())))
    }
}
