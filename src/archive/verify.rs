//! Examining a bag of BagIt 0.93 to 1.0 (RFC 8493 and its drafts): every fault, not only the first.
//!
//! Nothing outside the bag is ever opened, nothing is fetched, nothing is changed. Where the versions differ, the bag's own
//! decides; a bag whose version cannot be read is examined by the rules of 0.97, so that its other faults are seen too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::algorithm::Algorithm;
use super::tag_file::{TagEncoding, Version};
use super::verdict::{Fault, FaultKind, Verdict};
use crate::fs::{self, EntryKind};
use crate::record::finding::Severity;

mod comparing;
pub mod own;
mod reading;

/// Examines the bag in a folder: by the RFC, and where it bears a mark of this program ([`own::bears_mark`]) by what its own seal promises as well.
pub fn verify(folder: &Path) -> Verdict {
    if own::bears_mark(folder) { verify_as_own(folder) } else { verify_by_rfc(folder) }
}

/// Examines the bag in a folder by the RFC alone.
pub fn verify_by_rfc(folder: &Path) -> Verdict {
    examine(folder).verdict(None)
}

/// Examines the bag in a folder that this program sealed: by the RFC, and by what its own seal promises.
pub fn verify_as_own(folder: &Path) -> Verdict {
    let mut bag = examine(folder);
    let valid_by_rfc = bag.is_without_error();
    bag.hold_to_own_seal();
    bag.verdict(Some(valid_by_rfc))
}

fn examine(folder: &Path) -> Bag<'_> {
    let mut bag = Bag::open(folder);
    bag.read_declaration();
    bag.read_manifests();
    bag.read_fetch();
    bag.resolve_entries();
    bag.check_coverage();
    bag.compare_checksums();
    bag.check_payload_oxum();
    bag.warn_of_names();
    bag
}

/// A payload or tag manifest as read.
struct Manifest {
    name: String,
    algorithm: Option<Algorithm>,
    of_payload: bool,
    /// By listed path: checksum and line.
    entries: BTreeMap<String, (String, usize)>,
}

/// A bag under examination.
struct Bag<'a> {
    root: &'a Path,
    /// Regular files by path relative to the bag, with their octets.
    files: BTreeMap<String, u64>,
    folders: BTreeSet<String>,
    version: Version,
    version_text: Option<String>,
    encoding: TagEncoding,
    manifests: Vec<Manifest>,
    /// Payload files that `fetch.txt` lists: line and stated length.
    fetch: BTreeMap<String, (usize, Option<u64>)>,
    /// By file present: the checksums it has to have, and where they are listed.
    expected: BTreeMap<String, Vec<(Algorithm, String, String)>>,
    /// Files present that some manifest entry stands for, by manifest.
    covered: Vec<BTreeSet<String>>,
    /// Listed files that are not there and are forgiven.
    forgiven: BTreeSet<String>,
    /// One of them may have had content.
    forgiven_content: bool,
    files_compared: u64,
    faults: Vec<Fault>,
}

impl<'a> Bag<'a> {
    fn open(root: &'a Path) -> Bag<'a> {
        let mut bag = Bag {
            root,
            files: BTreeMap::new(),
            folders: BTreeSet::new(),
            version: Version::V0_97,
            version_text: None,
            encoding: TagEncoding::Utf8,
            manifests: Vec::new(),
            fetch: BTreeMap::new(),
            expected: BTreeMap::new(),
            covered: Vec::new(),
            forgiven: BTreeSet::new(),
            forgiven_content: false,
            files_compared: 0,
            faults: Vec::new(),
        };
        match fs::list(root) {
            Ok(entries) => entries.into_iter().for_each(|entry| bag.take_in(&entry)),
            Err(_) => bag.error(FaultKind::NotAFolder, None, None, "there is no folder here that can be read"),
        }
        if !bag.folders.contains("data") {
            bag.error(FaultKind::MissingPayloadFolder, Some("data"), None, "the folder is missing");
        }
        bag
    }

    fn take_in(&mut self, entry: &fs::Entry) {
        let Some(path) = entry.path.to_str() else {
            let shown = entry.path.to_string_lossy();
            // A manifest is text and cannot name the file, so nothing can vouch for it.
            match entry.kind {
                EntryKind::Folder => drop(self.folders.insert(shown.into_owned())),
                _ => {
                    let detail = "its name is not UTF-8, so no manifest can list it";
                    self.error(FaultKind::ExtraFile, Some(&shown), None, detail);
                }
            }
            return;
        };
        match entry.kind {
            EntryKind::File(bytes) => drop(self.files.insert(path.to_owned(), bytes)),
            EntryKind::Folder => drop(self.folders.insert(path.to_owned())),
            EntryKind::Special => {
                self.error(FaultKind::SpecialFile, Some(path), None, "it is a device, socket or pipe");
            }
            EntryKind::Unreadable => self.error(FaultKind::Unreadable, Some(path), None, "it cannot be read"),
            EntryKind::Link => match self.link_within(path) {
                Some(bytes) => {
                    self.files.insert(path.to_owned(), bytes);
                    self.warn(FaultKind::SymbolicLink, Some(path), None, "it is a link to a file in the bag");
                }
                None => {
                    self.error(FaultKind::SymbolicLink, Some(path), None, "it is a link, and not to a file in the bag");
                }
            },
        }
    }

    /// Octets of the regular file in the bag that a link leads to.
    fn link_within(&self, path: &str) -> Option<u64> {
        let root = self.root.canonicalize().ok()?;
        let target = self.root.join(path).canonicalize().ok()?;
        let metadata = target.metadata().ok()?;
        (target.starts_with(&root) && metadata.is_file()).then_some(metadata.len())
    }

    fn fault(
        &mut self,
        severity: Severity,
        kind: FaultKind,
        path: Option<&str>,
        listed_in: Option<String>,
        detail: &str,
    ) {
        self.faults.push(Fault { severity, kind, path: path.map(str::to_owned), listed_in, detail: detail.to_owned() });
    }

    fn error(&mut self, kind: FaultKind, path: Option<&str>, listed_in: Option<String>, detail: &str) {
        self.fault(Severity::Error, kind, path, listed_in, detail);
    }

    fn warn(&mut self, kind: FaultKind, path: Option<&str>, listed_in: Option<String>, detail: &str) {
        self.fault(Severity::Warning, kind, path, listed_in, detail);
    }

    /// An error since version 1.0, a warning before.
    fn strict_since_1_0(&self) -> Severity {
        if self.version >= Version::V1_0 { Severity::Error } else { Severity::Warning }
    }

    fn payload(&self) -> (u64, u64) {
        let sizes = self.files.range("data/".to_owned().."data0".to_owned()).map(|(_, bytes)| *bytes);
        sizes.fold((0, 0), |(count, octets), bytes| (count + 1, octets + bytes))
    }

    fn is_without_error(&self) -> bool {
        self.faults.iter().all(|fault| fault.severity != Severity::Error)
    }

    /// `own`: whether the folder, which this program sealed, is valid by the RFC alone; `None` where it is judged by that alone.
    fn verdict(self, own: Option<bool>) -> Verdict {
        let (payload_files, payload_bytes) = self.payload();
        let of_payload = self.manifests.iter().filter(|manifest| manifest.of_payload);
        let algorithms: BTreeSet<&str> =
            of_payload.filter_map(|manifest| manifest.algorithm.map(Algorithm::name)).collect();
        let sealed = self.manifests.iter().any(|manifest| !manifest.of_payload);
        let beside = self.files.keys().filter(|path| !sealed && !path.starts_with("data/"));
        let unvouched_tag_files = beside.cloned().collect();
        Verdict {
            valid: false,
            complete: false,
            own_seal: own.is_some(),
            valid_by_rfc: own.unwrap_or(false),
            version: self.version_text,
            algorithms: algorithms.into_iter().map(str::to_owned).collect(),
            payload_files,
            payload_bytes,
            files_compared: self.files_compared,
            unvouched_tag_files,
            faults: self.faults,
        }
        .judge()
    }
}
