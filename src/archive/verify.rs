//! Examining a bag of BagIt 0.93 to 1.0 (RFC 8493 and its drafts): every fault, not only the first.
//!
//! Nothing outside the bag is ever opened, nothing is fetched, nothing is changed. Where the versions differ, the bag's own
//! decides; a bag whose version cannot be read is examined by the rules of 0.97, so that its other faults are seen too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;

use super::algorithm::{Algorithm, checksums};
use super::listed_path::{self, ListedPath, Refusal};
use super::manifest::{LineFault, read_fetch, read_manifest};
use super::tag_file::{TagEncoding, Version, read_declaration, read_elements};
use super::verdict::{Fault, FaultKind, Verdict};
use crate::fs::{self, EntryKind};
use crate::record::finding::Severity;

/// Examines the bag in a folder.
pub fn verify(folder: &Path) -> Verdict {
    let mut bag = Bag::open(folder);
    bag.read_declaration();
    bag.read_manifests();
    bag.read_fetch();
    bag.resolve_entries();
    bag.check_coverage();
    bag.compare_checksums();
    bag.check_payload_oxum();
    bag.warn_of_names();
    bag.verdict()
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
            if entry.kind != EntryKind::Folder {
                self.error(FaultKind::ExtraFile, Some(&shown), None, "its name is not UTF-8, so no manifest can list it");
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

    fn fault(&mut self, severity: Severity, kind: FaultKind, path: Option<&str>, listed_in: Option<String>, detail: &str) {
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

    fn read_declaration(&mut self) {
        const NAME: &str = "bagit.txt";
        if !self.files.contains_key(NAME) {
            self.error(FaultKind::MissingDeclaration, Some(NAME), None, "the bag declaration is missing");
            return;
        }
        let Ok(octets) = fs::read(&self.root.join(NAME)) else {
            self.error(FaultKind::Unreadable, Some(NAME), None, "it cannot be read");
            return;
        };
        if octets.starts_with(b"\xef\xbb\xbf") {
            self.error(FaultKind::ByteOrderMark, Some(NAME), None, "it must not begin with a byte-order mark");
        }
        let Some(text) = TagEncoding::Utf8.decode(&octets) else {
            self.error(FaultKind::UndecodableTagFile, Some(NAME), None, "it is not UTF-8");
            return;
        };
        let declaration = read_declaration(&text);
        if let Some(version) = declaration.version {
            if version.is_supported() {
                self.version = version;
            } else {
                self.error(FaultKind::UnsupportedVersion, Some(NAME), None, "its version is none of 0.93 to 1.0");
            }
        }
        for wrong in &declaration.wrong {
            self.error(FaultKind::MalformedDeclaration, Some(NAME), None, wrong);
        }
        for irregular in &declaration.irregular {
            self.fault(self.strict_since_1_0(), FaultKind::MalformedDeclaration, Some(NAME), None, irregular);
        }
        if let Some(name) = declaration.encoding.filter(|name| !name.is_empty()) {
            match TagEncoding::from_name(&name) {
                Some(encoding) => self.encoding = encoding,
                None => self.error(
                    FaultKind::UnsupportedEncoding,
                    Some(NAME),
                    None,
                    "the encoding of the tag files is not known; they are read as UTF-8",
                ),
            }
        }
        self.version_text = declaration.version_text;
    }

    fn read_text(&mut self, name: &str) -> Option<String> {
        let Ok(octets) = fs::read(&self.root.join(name)) else {
            self.error(FaultKind::Unreadable, Some(name), None, "it cannot be read");
            return None;
        };
        if self.encoding == TagEncoding::Utf8 && octets.starts_with(b"\xef\xbb\xbf") {
            let severity = self.strict_since_1_0();
            self.fault(severity, FaultKind::ByteOrderMark, Some(name), None, "UTF-8 tag files have no byte-order mark");
        }
        let text = self.encoding.decode(&octets).map(std::borrow::Cow::into_owned);
        if text.is_none() {
            self.error(FaultKind::UndecodableTagFile, Some(name), None, "it is not text in the declared encoding");
        }
        text
    }

    fn read_manifests(&mut self) {
        let names: Vec<String> = self.files.keys().filter(|path| !path.contains('/')).cloned().collect();
        for name in names {
            let Some(stem) = name.strip_suffix(".txt") else { continue };
            let (of_payload, algorithm) = match (stem.strip_prefix("manifest-"), stem.strip_prefix("tagmanifest-")) {
                (Some(algorithm), _) => (true, algorithm),
                (_, Some(algorithm)) => (false, algorithm),
                _ => continue,
            };
            let algorithm = Algorithm::from_name(algorithm);
            if let Some(text) = self.read_text(&name) {
                let manifest = self.read_manifest(name, algorithm, of_payload, &text);
                self.manifests.push(manifest);
            }
        }
        let verifiable = |manifest: &Manifest| manifest.of_payload && manifest.algorithm.is_some();
        let any_verifiable = self.manifests.iter().any(verifiable);
        let unknown: Vec<_> = self
            .manifests
            .iter()
            .filter(|manifest| manifest.algorithm.is_none())
            .map(|manifest| (manifest.name.clone(), manifest.of_payload))
            .collect();
        for (name, of_payload) in unknown {
            let severity = if of_payload && !any_verifiable { Severity::Error } else { Severity::Warning };
            let detail = "its checksum algorithm is not known, its checksums were not compared";
            self.fault(severity, FaultKind::UnsupportedAlgorithm, Some(&name), None, detail);
        }
        if !self.manifests.iter().any(|manifest| manifest.of_payload) {
            self.error(FaultKind::MissingPayloadManifest, None, None, "there is no payload manifest that can be read");
        }
    }

    fn read_manifest(&mut self, name: String, algorithm: Option<Algorithm>, of_payload: bool, text: &str) -> Manifest {
        let mut entries: BTreeMap<String, (String, usize)> = BTreeMap::new();
        for line in read_manifest(text, algorithm) {
            let line = match line {
                Ok(line) => line,
                Err((number, fault)) => {
                    self.line_fault(&name, number, fault);
                    continue;
                }
            };
            let place = || Some(format!("{name}:{}", line.number));
            let Some(path) = self.listed(&line.path, of_payload, place()) else { continue };
            if line.checksum_tool {
                let detail = "the line is as md5sum and its kin write it; strict readers refuse it";
                self.warn(FaultKind::ChecksumToolFormat, Some(&path), place(), detail);
            }
            if !of_payload && path.starts_with("data/") {
                self.error(FaultKind::PayloadInTagManifest, Some(&path), place(), "a tag manifest lists no payload files");
                continue;
            }
            match entries.get(&path) {
                Some((checksum, _)) if *checksum == line.checksum => {
                    let severity = self.strict_since_1_0();
                    self.fault(severity, FaultKind::RepeatedEntry, Some(&path), place(), "it is listed twice");
                }
                Some(_) => {
                    let detail = "it is listed twice, with different checksums";
                    self.error(FaultKind::RepeatedEntry, Some(&path), place(), detail);
                }
                None => drop(entries.insert(path, (line.checksum, line.number))),
            }
        }
        Manifest { name, algorithm, of_payload, entries }
    }

    fn line_fault(&mut self, file: &str, number: usize, fault: LineFault) {
        let (severity, detail) = match fault {
            LineFault::Blank => (Severity::Warning, "the line is blank"),
            LineFault::Malformed(detail) => (Severity::Error, detail),
        };
        self.fault(severity, FaultKind::MalformedLine, Some(file), Some(format!("{file}:{number}")), detail);
    }

    /// The path that a manifest or fetch line lists, if it may be followed.
    fn listed(&mut self, text: &str, of_payload: bool, place: Option<String>) -> Option<String> {
        let listed = match listed_path::read(text, self.version >= Version::V1_0) {
            Ok(listed) => listed,
            Err(Refusal::Unsafe(reason)) => {
                let detail = format!("the path {reason}; it is not followed");
                self.error(FaultKind::UnsafePath, Some(text), place, &detail);
                return None;
            }
            Err(Refusal::NotAFile) => {
                self.error(FaultKind::FolderListed, Some(text), place, "only files are listed");
                return None;
            }
        };
        let ListedPath { path, relative, bare_percent } = listed;
        if relative {
            self.warn(FaultKind::RelativePath, Some(&path), place.clone(), "the path is written in a roundabout way");
        }
        if bare_percent {
            let detail = "a % stands bare that has to be written %25";
            self.warn(FaultKind::UnencodedPercent, Some(&path), place.clone(), detail);
        }
        if of_payload && !path.starts_with("data/") {
            let detail = "it lies outside the payload folder; it is not followed";
            self.error(FaultKind::OutsidePayload, Some(&path), place, detail);
            return None;
        }
        Some(path)
    }

    fn read_fetch(&mut self) {
        const NAME: &str = "fetch.txt";
        if !self.files.contains_key(NAME) {
            return;
        }
        let Some(text) = self.read_text(NAME) else { return };
        for line in read_fetch(&text) {
            match line {
                Err((number, fault)) => self.line_fault(NAME, number, fault),
                Ok(line) => {
                    let place = Some(format!("{NAME}:{}", line.number));
                    if let Some(path) = self.listed(line.path, true, place) {
                        self.fetch.insert(path, (line.number, line.length));
                    }
                }
            }
        }
        for (path, (number, length)) in self.fetch.clone() {
            let place = Some(format!("{NAME}:{number}"));
            let listing = |manifest: &&Manifest| manifest.of_payload && !manifest.entries.contains_key(&path);
            let lacking = self.manifests.iter().filter(listing).count();
            let all = self.manifests.iter().filter(|manifest| manifest.of_payload).count();
            if lacking == all || (lacking > 0 && self.version >= Version::V1_0) {
                let detail = "it is to be fetched, and not every payload manifest lists it";
                self.error(FaultKind::FetchNotInManifest, Some(&path), place.clone(), detail);
            }
            if let (Some(stated), Some(found)) = (length, self.files.get(&path))
                && stated != *found
            {
                let detail = format!("it has {found} octets, the fetch file says {stated}");
                self.warn(FaultKind::FetchLength, Some(&path), place, &detail);
            }
        }
    }

    /// Finds the file that each manifest entry stands for, and reports those that are missing.
    fn resolve_entries(&mut self) {
        let mut by_form: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut by_case: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for path in self.files.keys() {
            by_form.entry(listed_path::normalised(path)).or_default().push(path.clone());
            by_case.entry(listed_path::folded(path)).or_default().push(path.clone());
        }
        let manifests = std::mem::take(&mut self.manifests);
        for manifest in &manifests {
            let mut covered = BTreeSet::new();
            for (path, (checksum, line)) in &manifest.entries {
                let place = format!("{}:{line}", manifest.name);
                let same_form = by_form.get(&listed_path::normalised(path)).map_or(&[][..], Vec::as_slice);
                let same_case = by_case.get(&listed_path::folded(path)).map_or(&[][..], Vec::as_slice);
                let file = if self.files.contains_key(path) {
                    Some(path.clone())
                } else if let Some(decoded) = self.encoded_before_1_0(path) {
                    Some(decoded)
                } else if let [file] = same_form {
                    let detail = "the file's name is of another Unicode normalization than the listed one";
                    self.warn(FaultKind::NormalizationClash, Some(path), Some(place.clone()), detail);
                    Some(file.clone())
                } else {
                    // On a system that ignores case, both listed names are the one file that is there.
                    let twin = same_case.iter().find(|twin| {
                        manifest.entries.get(*twin).is_some_and(|(twin_checksum, _)| twin_checksum == checksum)
                    });
                    if twin.is_some() {
                        let detail = "it differs only in case from another listed file of the same content";
                        self.warn(FaultKind::CaseClash, Some(path), Some(place.clone()), detail);
                    }
                    twin.cloned()
                };
                match file {
                    None => self.missing(path, place, manifest.algorithm, checksum),
                    Some(file) => {
                        if let Some(algorithm) = manifest.algorithm {
                            let expected = self.expected.entry(file.clone()).or_default();
                            expected.push((algorithm, checksum.clone(), place));
                        }
                        covered.insert(file);
                    }
                }
            }
            self.covered.push(covered);
        }
        self.manifests = manifests;
    }

    /// Before 1.0 nothing is encoded by the book, yet many writers encoded line ends; the file itself decides.
    fn encoded_before_1_0(&self, path: &str) -> Option<String> {
        let decoded = path.replace("%0A", "\n").replace("%0a", "\n").replace("%0D", "\r").replace("%0d", "\r");
        (self.version < Version::V1_0 && self.files.contains_key(&decoded)).then_some(decoded)
    }

    fn missing(&mut self, path: &str, place: String, algorithm: Option<Algorithm>, checksum: &str) {
        if self.folders.contains(path) {
            self.error(FaultKind::FolderListed, Some(path), Some(place), "a folder is listed where files are");
        } else if self.fetch.contains_key(path) {
            self.error(FaultKind::NotFetched, Some(path), Some(place), "it is still to be fetched");
        } else if listed_path::is_system_file(path) {
            let detail = "it is missing; systems make and remove such files unasked";
            self.warn(FaultKind::SystemFile, Some(path), Some(place), detail);
            self.forgiven_content |= algorithm.is_none_or(|algorithm| algorithm.of_nothing() != checksum);
            self.forgiven.insert(path.to_owned());
        } else {
            self.error(FaultKind::MissingFile, Some(path), Some(place), "it is listed and missing");
        }
    }

    /// Reports files that the manifests do not list as they should.
    fn check_coverage(&mut self) {
        let covering = |path: &str, of_payload: bool| -> (usize, Vec<String>) {
            let (mut listing, mut lacking) = (0, Vec::new());
            for (manifest, covered) in self.manifests.iter().zip(&self.covered) {
                if manifest.of_payload == of_payload {
                    if covered.contains(path) { listing += 1 } else { lacking.push(manifest.name.clone()) }
                }
            }
            (listing, lacking)
        };
        let mut found = Vec::new();
        for path in self.files.keys() {
            let of_payload = path.starts_with("data/");
            let (listing, lacking) = covering(path, of_payload);
            let lacking_names = lacking.join(" and ");
            if of_payload && listing == 0 {
                let detail = "it is there and no payload manifest lists it".to_owned();
                found.push((Severity::Error, FaultKind::ExtraFile, path.clone(), detail));
            } else if of_payload && !lacking.is_empty() {
                let detail = format!("{lacking_names} does not list it");
                found.push((self.strict_since_1_0(), FaultKind::NotInEveryManifest, path.clone(), detail));
            } else if !of_payload && path.starts_with("manifest-") && !lacking.is_empty() {
                let detail = format!("{lacking_names} does not list it");
                found.push((self.strict_since_1_0(), FaultKind::ManifestNotSealed, path.clone(), detail));
            } else if !of_payload && listing == 0 && !lacking.is_empty() && !path.starts_with("tagmanifest-") {
                let detail = "no tag manifest lists it; nothing vouches for its content".to_owned();
                found.push((Severity::Warning, FaultKind::UnlistedTagFile, path.clone(), detail));
            }
        }
        for (severity, kind, path, detail) in found {
            self.fault(severity, kind, Some(&path), None, &detail);
        }
    }

    /// Reads every listed file once and compares its checksums.
    fn compare_checksums(&mut self) {
        let compared: Vec<(u64, Vec<Fault>)> = self
            .expected
            .par_iter()
            .map(|(path, expected)| compare(self.root, path, expected))
            .collect();
        for (read, faults) in compared {
            self.files_compared += read;
            self.faults.extend(faults);
        }
    }

    fn payload(&self) -> (u64, u64) {
        let sizes = self.files.range("data/".to_owned().."data0".to_owned()).map(|(_, bytes)| *bytes);
        sizes.fold((0, 0), |(count, octets), bytes| (count + 1, octets + bytes))
    }

    fn check_payload_oxum(&mut self) {
        let name = self.version.metadata_file();
        if !self.files.contains_key(name) {
            return;
        }
        let Some(text) = self.read_text(name) else { return };
        let (elements, malformed) = read_elements(&text);
        let strict = self.strict_since_1_0();
        for line in malformed {
            let detail = "the line is not a label, a colon and a value";
            self.fault(strict, FaultKind::MalformedLine, Some(name), Some(format!("{name}:{line}")), detail);
        }
        // Earlier versions allow whitespace around the colon.
        for element in elements.iter().filter(|element| element.irregular && strict == Severity::Error) {
            let detail = "the label has whitespace beside it, or none follows the colon";
            self.error(FaultKind::MalformedLine, Some(name), Some(format!("{name}:{}", element.line)), detail);
        }
        let oxums = elements.iter().filter(|element| element.label.eq_ignore_ascii_case("Payload-Oxum"));
        for (index, element) in oxums.enumerate() {
            let place = Some(format!("{name}:{}", element.line));
            if index > 0 {
                let detail = "Payload-Oxum stands more than once";
                self.fault(strict, FaultKind::MalformedPayloadOxum, Some(name), place.clone(), detail);
            }
            self.compare_payload_oxum(name, &element.value, place);
        }
    }

    fn compare_payload_oxum(&mut self, name: &str, stated: &str, place: Option<String>) {
        let number = |text: &str| -> Option<u64> {
            text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
        };
        let parts = stated.split_once('.').and_then(|(octets, count)| Some((number(octets)?, number(count)?)));
        let Some((stated_octets, stated_count)) = parts else {
            let detail = "Payload-Oxum is not octets, a full stop and files";
            self.error(FaultKind::MalformedPayloadOxum, Some(name), place, detail);
            return;
        };
        let (present, octets) = self.payload();
        let count = present + self.forgiven.len() as u64;
        // A forgiven file counts, and where it had content its octets are not known.
        if present != stated_count && count != stated_count {
            let detail = format!("the payload is {present} files, Payload-Oxum says {stated_count}");
            self.error(FaultKind::PayloadCount, None, place.clone(), &detail);
        }
        let forgiven = self.forgiven_content && count == stated_count && octets < stated_octets;
        if octets != stated_octets && !forgiven {
            let detail = format!("the payload is {octets} octets, Payload-Oxum says {stated_octets}");
            self.error(FaultKind::PayloadSize, None, place, &detail);
        }
    }

    fn warn_of_names(&mut self) {
        let mut names: BTreeSet<String> = self.files.keys().cloned().collect();
        names.extend(self.manifests.iter().flat_map(|manifest| manifest.entries.keys().cloned()));
        let mut first_by_fold: BTreeMap<String, String> = BTreeMap::new();
        for name in &names {
            if let Some(reason) = listed_path::unportable(name) {
                self.warn(FaultKind::UnportableName, Some(name), None, &format!("the name has {reason}"));
            }
            if listed_path::is_system_file(name) && self.files.contains_key(name) {
                let detail = "an operating system makes and removes such files unasked";
                self.warn(FaultKind::SystemFile, Some(name), None, detail);
            }
            match first_by_fold.get(&listed_path::folded(name)) {
                None => drop(first_by_fold.insert(listed_path::folded(name), name.clone())),
                Some(other) if listed_path::normalised(other) == listed_path::normalised(name) => {
                    let detail = "its name differs from another only in Unicode normalization";
                    self.warn(FaultKind::NormalizationClash, Some(name), None, detail);
                }
                Some(_) => {
                    self.warn(FaultKind::CaseClash, Some(name), None, "its name differs from another only in case");
                }
            }
        }
    }

    fn verdict(self) -> Verdict {
        let (payload_files, payload_bytes) = self.payload();
        let of_payload = self.manifests.iter().filter(|manifest| manifest.of_payload);
        let algorithms: BTreeSet<&str> = of_payload.filter_map(|manifest| manifest.algorithm.map(Algorithm::name)).collect();
        Verdict {
            valid: false,
            complete: false,
            version: self.version_text,
            algorithms: algorithms.into_iter().map(str::to_owned).collect(),
            payload_files,
            payload_bytes,
            files_compared: self.files_compared,
            faults: self.faults,
        }
        .judge()
    }
}

/// Compares the checksums of one file: 1 if it could be read, and the faults.
fn compare(root: &Path, path: &str, expected: &[(Algorithm, String, String)]) -> (u64, Vec<Fault>) {
    let error = |kind, listed_in, detail| Fault {
        severity: Severity::Error,
        kind,
        path: Some(path.to_owned()),
        listed_in,
        detail,
    };
    let algorithms: BTreeSet<Algorithm> = expected.iter().map(|(algorithm, ..)| *algorithm).collect();
    let algorithms: Vec<Algorithm> = algorithms.into_iter().collect();
    let Ok(found) = checksums(&root.join(path), &algorithms) else {
        return (0, vec![error(FaultKind::Unreadable, None, "it cannot be read".to_owned())]);
    };
    let found: BTreeMap<_, _> = algorithms.into_iter().zip(found).collect();
    let faults = expected
        .iter()
        .filter(|(algorithm, checksum, _)| found[algorithm] != *checksum)
        .map(|(algorithm, checksum, place)| {
            let detail = format!("its {} is {}, listed is {checksum}", algorithm.name(), found[algorithm]);
            error(FaultKind::DigestMismatch, Some(place.clone()), detail)
        })
        .collect();
    (1, faults)
}
