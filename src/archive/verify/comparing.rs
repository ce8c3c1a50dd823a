//! Comparing what a bag lists with what is there: presence, checksums, the payload's sum, and names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;

use super::Bag;
use crate::archive::algorithm::{Algorithm, checksums};
use crate::archive::listed_path;
use crate::archive::tag_file::{BagVersion, read_elements};
use crate::archive::verdict::{BagFault, FaultKind};
use crate::fs::FileError;
use crate::record::finding::Severity;

impl Bag<'_> {
    /// Finds the file that each manifest entry stands for, and reports those that are missing.
    pub(super) fn resolve_entries(&mut self) {
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
                    // On a system that ignores case, both listed names are the one file that is there. Version 1.0 demands
                    // every listed file and knows no such leniency.
                    let twin = same_case.iter().filter(|_| self.version < BagVersion::V1_0).find(|twin| {
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
        (self.version < BagVersion::V1_0 && self.files.contains_key(&decoded)).then_some(decoded)
    }

    fn missing(&mut self, path: &str, place: String, algorithm: Option<Algorithm>, checksum: &str) {
        if self.folders.contains(path) {
            self.error(FaultKind::FolderListed, Some(path), Some(place), "a folder is listed where files are");
        } else if self.fetch.contains_key(path) {
            self.error(FaultKind::NotFetched, Some(path), Some(place), "it is still to be fetched");
        } else if self.is_unknown(path) {
            // Whether it is there the system did not say.
        } else if self.version < BagVersion::V1_0 && listed_path::is_system_file(path) {
            let detail = "it is missing; systems make and remove such files unasked";
            self.warn(FaultKind::SystemFile, Some(path), Some(place), detail);
            self.forgiven_content |= algorithm.is_none_or(|algorithm| algorithm.of_nothing() != checksum);
            self.forgiven.insert(path.to_owned());
        } else {
            self.error(FaultKind::MissingFile, Some(path), Some(place), "it is listed and missing");
        }
    }

    /// Reports files that the manifests do not list as they should.
    pub(super) fn check_coverage(&mut self) {
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
            if self.is_manifest_unknown(of_payload) {
                continue;
            }
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
                let detail = "no tag manifest lists it, so a change of it would not be found".to_owned();
                found.push((Severity::Warning, FaultKind::UnlistedTagFile, path.clone(), detail));
            }
        }
        for (severity, kind, path, detail) in found {
            self.fault(severity, kind, Some(&path), None, &detail);
        }
    }

    /// Reads every listed file once and compares its checksums.
    pub(super) fn compare_checksums(&mut self) {
        let compared: Vec<Result<Vec<BagFault>, FileError>> =
            self.expected.par_iter().map(|(path, expected)| compare(self.root, path, expected)).collect();
        let paths: Vec<String> = self.expected.keys().cloned().collect();
        for (path, compared) in paths.iter().zip(compared) {
            match compared {
                Ok(faults) => {
                    self.files_compared += 1;
                    faults.into_iter().for_each(|fault| self.add(fault));
                }
                Err(answer) if answer.is_of_the_system() => self.unanswered_file(&answer),
                Err(_) => self.error(FaultKind::Unreadable, Some(path), None, "it cannot be read"),
            }
        }
    }

    pub(super) fn check_payload_oxum(&mut self) {
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
            // What could not be listed may be what is lacking.
            if self.is_listed_whole {
                self.compare_payload_oxum(name, &element.value, place);
            }
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

    pub(super) fn warn_of_names(&mut self) {
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
}

/// Compares the checksums of one file.
///
/// # Errors
/// It cannot be read.
fn compare(root: &Path, path: &str, expected: &[(Algorithm, String, String)]) -> Result<Vec<BagFault>, FileError> {
    let algorithms: BTreeSet<Algorithm> = expected.iter().map(|(algorithm, ..)| *algorithm).collect();
    let algorithms: Vec<Algorithm> = algorithms.into_iter().collect();
    let found = checksums(&root.join(path), &algorithms)?;
    let found: BTreeMap<_, _> = algorithms.into_iter().zip(found).collect();
    let differing = expected.iter().filter(|(algorithm, checksum, _)| found[algorithm] != *checksum);
    let fault = |(algorithm, checksum, place): &(Algorithm, String, String)| BagFault {
        severity: Severity::Error,
        kind: FaultKind::DigestMismatch,
        path: Some(path.to_owned()),
        listed_in: Some(place.clone()),
        detail: format!(
            "it was changed: its {} is {}, the manifest says {checksum}",
            algorithm.name(),
            found[algorithm]
        ),
    };
    Ok(differing.map(fault).collect())
}
