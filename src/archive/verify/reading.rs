//! Reading a bag's tag files: the declaration, the manifests and the fetch file.

use std::{collections::BTreeMap, io};

use super::{Bag, Manifest};
use crate::archive::algorithm::Algorithm;
use crate::archive::listed_path::{self, ListedPath, PathRefusal};
use crate::archive::manifest::{ManifestLineFault, read_fetch_line, read_line};
use crate::archive::tag_file::{BagVersion, TagEncoding, read_declaration};
use crate::archive::tag_lines::{Ended, LARGEST_LIST, TagLine, TagLines};
use crate::archive::verdict::FaultKind;
use crate::fs::{self, FileError, LARGEST_CONFIGURATION};
use crate::record::finding::Severity;

impl Bag<'_> {
    pub(super) fn read_declaration(&mut self) {
        const NAME: &str = "bagit.txt";
        if !self.files.contains_key(NAME) {
            if !self.is_unknown(NAME) {
                self.error(FaultKind::MissingDeclaration, Some(NAME), None, "the bag declaration is missing");
            }
            return;
        }
        let Some(octets) = self.read_octets(NAME) else { return };
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

    /// Says why a tag file is not read: what the system answered is no fault of the bag.
    fn not_read(&mut self, name: &str, error: &FileError) {
        match error {
            error if error.is_of_the_system() => self.unanswered_file(error),
            FileError::Read { source, .. } if source.kind() == io::ErrorKind::FileTooLarge => {
                self.too_large(name, LARGEST_CONFIGURATION);
            }
            _ => self.error(FaultKind::Unreadable, Some(name), None, "it cannot be read"),
        }
    }

    fn too_large(&mut self, name: &str, most: u64) {
        let detail = format!("it has more than {} MiB, which none of a bag has; it is not read", most >> 20);
        self.error(FaultKind::TooLarge, Some(name), None, &detail);
    }

    fn has_mark(&mut self, name: &str) {
        let severity = self.strict_since_1_0();
        self.fault(severity, FaultKind::ByteOrderMark, Some(name), None, "UTF-8 tag files have no byte-order mark");
    }

    fn undecodable(&mut self, name: &str) {
        self.error(FaultKind::UndecodableTagFile, Some(name), None, "it is not text in the declared encoding");
    }

    fn read_octets(&mut self, name: &str) -> Option<Vec<u8>> {
        fs::read_configuration(&self.root.join(name)).map_err(|error| self.not_read(name, &error)).ok()
    }

    pub(super) fn read_text(&mut self, name: &str) -> Option<String> {
        let octets = self.read_octets(name)?;
        if self.encoding == TagEncoding::Utf8 && octets.starts_with(b"\xef\xbb\xbf") {
            self.has_mark(name);
        }
        let text = self.encoding.decode(&octets).map(std::borrow::Cow::into_owned);
        if text.is_none() {
            self.undecodable(name);
        }
        text
    }

    /// Reads a manifest or fetch file line by line; whether it could be read to its end.
    fn read_lines(&mut self, name: &str, mut take: impl FnMut(&mut Self, usize, &str)) -> bool {
        let path = self.root.join(name);
        let mut lines = match TagLines::open(&path, self.encoding) {
            Ok(lines) => lines,
            Err(error) => {
                self.not_read(name, &error);
                return false;
            }
        };
        if self.encoding == TagEncoding::Utf8 && lines.has_mark {
            self.has_mark(name);
        }
        loop {
            match lines.next(&path) {
                Ok(None) => return true,
                Ok(Some((number, TagLine::Text(line)))) => take(self, number, &line),
                Ok(Some((number, TagLine::TooLong))) => {
                    self.line_fault(name, number, ManifestLineFault::Malformed("the line is longer than any path"));
                }
                Err(Ended::Undecodable) => {
                    self.undecodable(name);
                    return false;
                }
                Err(Ended::TooLarge) => {
                    self.too_large(name, LARGEST_LIST);
                    return false;
                }
                Err(Ended::File(error)) => {
                    self.not_read(name, &error);
                    return false;
                }
            }
        }
    }

    pub(super) fn read_manifests(&mut self) {
        let names: Vec<String> = self.files.keys().filter(|path| !path.contains('/')).cloned().collect();
        for name in names {
            let Some(stem) = name.strip_suffix(".txt") else { continue };
            let (of_payload, algorithm) = match (stem.strip_prefix("manifest-"), stem.strip_prefix("tagmanifest-")) {
                (Some(algorithm), _) => (true, algorithm),
                (_, Some(algorithm)) => (false, algorithm),
                _ => continue,
            };
            let algorithm = Algorithm::from_name(algorithm);
            if let Some(manifest) = self.read_manifest(name, algorithm, of_payload) {
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
        if !self.manifests.iter().any(|manifest| manifest.of_payload) && !self.is_manifest_unknown(true) {
            self.error(FaultKind::MissingPayloadManifest, None, None, "there is no payload manifest that can be read");
        }
    }

    fn read_manifest(&mut self, name: String, algorithm: Option<Algorithm>, of_payload: bool) -> Option<Manifest> {
        let mut entries: BTreeMap<String, (String, usize)> = BTreeMap::new();
        let is_read = self.read_lines(&name, |bag, number, line| {
            let line = match read_line(number, line, algorithm) {
                Ok(line) => line,
                Err(fault) => return bag.line_fault(&name, number, fault),
            };
            let place = || Some(format!("{name}:{}", line.number));
            let Some(path) = bag.listed(&line.path, of_payload, place()) else { return };
            if line.checksum_tool {
                let detail = "the line is as md5sum and its kin write it; strict readers refuse it";
                bag.warn(FaultKind::ChecksumToolFormat, Some(&path), place(), detail);
            }
            if !of_payload && path.starts_with("data/") {
                let detail = "a tag manifest lists no payload files";
                return bag.error(FaultKind::PayloadInTagManifest, Some(&path), place(), detail);
            }
            match entries.get(&path) {
                Some((checksum, _)) if *checksum == line.checksum => {
                    let severity = bag.strict_since_1_0();
                    bag.fault(severity, FaultKind::RepeatedEntry, Some(&path), place(), "it is listed twice");
                }
                Some(_) => {
                    let detail = "it is listed twice, with different checksums";
                    bag.error(FaultKind::RepeatedEntry, Some(&path), place(), detail);
                }
                None => drop(entries.insert(path, (line.checksum, line.number))),
            }
        });
        is_read.then_some(Manifest { name, algorithm, of_payload, entries })
    }

    fn line_fault(&mut self, file: &str, number: usize, fault: ManifestLineFault) {
        let (severity, detail) = match fault {
            ManifestLineFault::Blank => (Severity::Warning, "the line is blank"),
            ManifestLineFault::Malformed(detail) => (Severity::Error, detail),
        };
        self.fault(severity, FaultKind::MalformedLine, Some(file), Some(format!("{file}:{number}")), detail);
    }

    /// The path that a manifest or fetch line lists, if it may be followed.
    fn listed(&mut self, text: &str, of_payload: bool, place: Option<String>) -> Option<String> {
        let listed = match listed_path::read(text, self.version >= BagVersion::V1_0) {
            Ok(listed) => listed,
            Err(PathRefusal::Unsafe(reason)) => {
                let detail = format!("the path {reason}; it is not followed");
                self.error(FaultKind::UnsafePath, Some(text), place, &detail);
                return None;
            }
            Err(PathRefusal::NotAFile) => {
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

    pub(super) fn read_fetch(&mut self) {
        const NAME: &str = "fetch.txt";
        if !self.files.contains_key(NAME) {
            return;
        }
        let is_read = self.read_lines(NAME, |bag, number, line| match read_fetch_line(number, line) {
            Err(fault) => bag.line_fault(NAME, number, fault),
            Ok(line) => {
                let place = Some(format!("{NAME}:{}", line.number));
                if let Some(path) = bag.listed(line.path, true, place) {
                    bag.fetch.insert(path, (line.number, line.length));
                }
            }
        });
        if !is_read {
            self.fetch.clear();
        }
        for (path, (number, length)) in self.fetch.clone() {
            let place = Some(format!("{NAME}:{number}"));
            let listing = |manifest: &&Manifest| manifest.of_payload && !manifest.entries.contains_key(&path);
            let lacking = self.manifests.iter().filter(listing).count();
            let all = self.manifests.iter().filter(|manifest| manifest.of_payload).count();
            let is_known = !self.is_manifest_unknown(true);
            if is_known && lacking == all || (lacking > 0 && self.version >= BagVersion::V1_0) {
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
}
