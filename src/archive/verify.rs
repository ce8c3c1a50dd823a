//! Examining a bag of BagIt 0.93 to 1.0 (RFC 8493 and its drafts): every fault, not only the first.
//!
//! Nothing outside the bag is ever opened, nothing is fetched, nothing is changed. Where the versions differ, the bag's own
//! decides; a bag whose version cannot be read is examined by the rules of 0.97, so that its other faults are seen too.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use super::algorithm::Algorithm;
use super::tag_file::{BagVersion, TagEncoding};
use super::verdict::{BagFault, BagVerdict, FaultKind, Unanswered};
use crate::fs::{self, EntryKind, FileError, opening::is_systems_answer};
use crate::record::finding::Severity;

mod comparing;
pub mod own;
mod reading;

/// Examines the bag in a folder: by the RFC, and where it bears a mark of this program ([`own::bears_mark`]) by what its own seal promises as well.
pub fn verify(folder: &Path) -> BagVerdict {
    match own::bears_mark(folder) {
        Ok(true) => verify_as_own(folder),
        Ok(false) => verify_by_rfc(folder),
        // Whose it is cannot be said: what the RFC demands of any bag is.
        Err(answer) => {
            let mut bag = examine(folder);
            bag.unanswered_file(&answer);
            bag.verdict(None)
        }
    }
}

/// Examines the bag in a folder by the RFC alone.
pub fn verify_by_rfc(folder: &Path) -> BagVerdict {
    examine(folder).verdict(None)
}

/// Examines the bag in a folder that this program sealed: by the RFC, and by what its own seal promises.
pub fn verify_as_own(folder: &Path) -> BagVerdict {
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
    version: BagVersion,
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
    faults: Vec<BagFault>,
    /// Faults of each kind, and how many of them are counted only.
    told: BTreeMap<(Severity, FaultKind), u64>,
    unanswered: Vec<Unanswered>,
    /// Whether everything in the folder could be listed with what it is.
    is_listed_whole: bool,
}

/// Faults of one kind that are told one by one; a hostile manifest has millions.
const MOST_OF_A_KIND: u64 = 10_000;

impl<'a> Bag<'a> {
    fn open(root: &'a Path) -> Bag<'a> {
        let mut bag = Bag {
            root,
            files: BTreeMap::new(),
            folders: BTreeSet::new(),
            version: BagVersion::V0_97,
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
            told: BTreeMap::new(),
            unanswered: Vec::new(),
            is_listed_whole: true,
        };
        match fs::list(root) {
            Ok(entries) => entries.into_iter().for_each(|entry| bag.take_in(&entry)),
            Err(answer) if answer.is_of_the_system() => bag.unanswered_file(&answer),
            Err(_) => bag.error(FaultKind::NotAFolder, None, None, "there is no folder here that can be read"),
        }
        bag.is_listed_whole = bag.unanswered.is_empty();
        if !bag.folders.contains("data") && !bag.is_unknown("data") {
            bag.error(FaultKind::MissingPayloadFolder, Some("data"), None, "the folder is missing");
        }
        bag
    }

    fn take_in(&mut self, entry: &fs::FolderEntry) {
        let Some(path) = entry.path.to_str() else {
            let shown = entry.path.to_string_lossy();
            if let EntryKind::Unreadable(code) = entry.kind {
                self.unanswered(&shown, &io::Error::from_raw_os_error(code));
                return;
            }
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
            EntryKind::Unreadable(code) => self.unanswered(path, &io::Error::from_raw_os_error(code)),
            EntryKind::Link => match self.link_within(path) {
                Err(answer) => self.unanswered(path, &answer),
                Ok(Some(bytes)) => {
                    self.files.insert(path.to_owned(), bytes);
                    self.warn(FaultKind::SymbolicLink, Some(path), None, "it is a link to a file in the bag");
                }
                Ok(None) => {
                    self.error(FaultKind::SymbolicLink, Some(path), None, "it is a link, and not to a file in the bag");
                }
            },
        }
    }

    /// Octets of the regular file in the bag that a link leads to.
    ///
    /// # Errors
    /// The system's answer, where it cannot say.
    fn link_within(&self, path: &str) -> io::Result<Option<u64>> {
        let look = || {
            let root = self.root.canonicalize()?;
            let target = self.root.join(path).canonicalize()?;
            let metadata = target.metadata()?;
            Ok((target.starts_with(&root) && metadata.is_file()).then_some(metadata.len()))
        };
        match look() {
            Err(answer) if is_systems_answer(&answer) => Err(answer),
            found => Ok(found.unwrap_or_default()),
        }
    }

    fn fault(
        &mut self,
        severity: Severity,
        kind: FaultKind,
        path: Option<&str>,
        listed_in: Option<String>,
        detail: &str,
    ) {
        self.add(BagFault { severity, kind, path: path.map(str::to_owned), listed_in, detail: detail.to_owned() });
    }

    /// Adds a fault; of very many of a kind the further ones are counted.
    fn add(&mut self, fault: BagFault) {
        let told = self.told.entry((fault.severity, fault.kind)).or_default();
        *told += 1;
        if *told <= MOST_OF_A_KIND {
            self.faults.push(fault);
        }
    }

    /// Notes what the system did not say.
    fn unanswered(&mut self, path: &str, answer: &io::Error) {
        self.unanswered.push(Unanswered { path: path.to_owned(), detail: format!("cannot be read: {answer}") });
    }

    /// The same of a file or folder of the bag.
    fn unanswered_file(&mut self, answer: &FileError) {
        let FileError::Read { path, source } = answer else { return };
        let path = path.strip_prefix(self.root).unwrap_or(path).to_string_lossy().into_owned();
        self.unanswered(&path, source);
    }

    /// Whether the system did not say what stands at a path, or in a folder above it: that nothing is seen there shows nothing.
    fn is_unknown(&self, path: &str) -> bool {
        self.unanswered.iter().any(|unanswered| Path::new(path).starts_with(&unanswered.path))
    }

    /// Whether a manifest, of the payload or of the tag files, may stand there and could not be read.
    fn is_manifest_unknown(&self, of_payload: bool) -> bool {
        let prefix = if of_payload { "manifest-" } else { "tagmanifest-" };
        let is_it = |unanswered: &Unanswered| unanswered.path.is_empty() || unanswered.path.starts_with(prefix);
        self.unanswered.iter().any(is_it)
    }

    fn error(&mut self, kind: FaultKind, path: Option<&str>, listed_in: Option<String>, detail: &str) {
        self.fault(Severity::Error, kind, path, listed_in, detail);
    }

    fn warn(&mut self, kind: FaultKind, path: Option<&str>, listed_in: Option<String>, detail: &str) {
        self.fault(Severity::Warning, kind, path, listed_in, detail);
    }

    /// An error since version 1.0, a warning before.
    fn strict_since_1_0(&self) -> Severity {
        if self.version >= BagVersion::V1_0 { Severity::Error } else { Severity::Warning }
    }

    fn payload(&self) -> (u64, u64) {
        let sizes = self.files.range("data/".to_owned().."data0".to_owned()).map(|(_, bytes)| *bytes);
        sizes.fold((0, 0), |(count, octets), bytes| (count + 1, octets + bytes))
    }

    fn is_without_error(&self) -> bool {
        self.faults.iter().all(|fault| fault.severity != Severity::Error)
    }

    /// `own`: whether the folder, which this program sealed, is valid by the RFC alone; `None` where it is judged by that alone.
    fn verdict(self, own: Option<bool>) -> BagVerdict {
        let (payload_files, payload_bytes) = self.payload();
        let of_payload = self.manifests.iter().filter(|manifest| manifest.of_payload);
        let algorithms: BTreeSet<&str> =
            of_payload.filter_map(|manifest| manifest.algorithm.map(Algorithm::name)).collect();
        let sealed = self.manifests.iter().any(|manifest| !manifest.of_payload);
        let beside = self.files.keys().filter(|path| !sealed && !path.starts_with("data/"));
        let unvouched_tag_files = beside.cloned().collect();
        let mut faults = self.faults;
        for ((severity, kind), told) in self.told.into_iter().filter(|(_, told)| *told > MOST_OF_A_KIND) {
            let severity = if own.is_some() { Severity::Error } else { severity };
            let detail = format!("there are {} more of this kind", told - MOST_OF_A_KIND);
            faults.push(BagFault { severity, kind, path: None, listed_in: None, detail });
        }
        BagVerdict {
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
            unanswered: self.unanswered,
            faults,
        }
        .judge()
    }
}
