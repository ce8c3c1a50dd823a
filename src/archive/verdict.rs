//! What the examination of a bag found: the verdict, its faults, and how a person reads them.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;

use crate::record::{account::counted, finding::Severity, listed, shown::shown};

/// What can be wrong with a bag. The names are stable: scripts match on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// There is no folder to examine.
    NotAFolder,
    /// `bagit.txt` is missing.
    MissingDeclaration,
    /// `bagit.txt` is not the two lines it has to be.
    MalformedDeclaration,
    /// `bagit.txt` or a UTF-8 tag file begins with a byte-order mark.
    ByteOrderMark,
    /// The bag's version is not one of 0.93 to 1.0.
    UnsupportedVersion,
    /// The encoding of the tag files is not known.
    UnsupportedEncoding,
    /// A tag file is not text in the stated encoding.
    UndecodableTagFile,
    /// The folder `data` is missing.
    MissingPayloadFolder,
    /// There is no payload manifest.
    MissingPayloadManifest,
    /// A manifest uses a checksum algorithm that is not known here.
    UnsupportedAlgorithm,
    /// A line of a manifest, fetch file or bag-info file cannot be read.
    MalformedLine,
    /// A listed path leads out of the bag.
    UnsafePath,
    /// A payload manifest or fetch file lists a file outside `data`.
    OutsidePayload,
    /// A tag manifest lists a payload file.
    PayloadInTagManifest,
    /// A folder is listed where files are.
    FolderListed,
    /// A manifest lists a file twice.
    RepeatedEntry,
    /// A listed file is not there.
    MissingFile,
    /// A listed file is not there and is still to be fetched.
    NotFetched,
    /// A payload file that no payload manifest lists.
    ExtraFile,
    /// A payload file that some payload manifest does not list.
    NotInEveryManifest,
    /// A file's checksum is not the listed one: its content has changed.
    DigestMismatch,
    /// A tag manifest does not list a payload manifest.
    ManifestNotSealed,
    /// A tag file that no tag manifest lists: nothing vouches for it.
    UnlistedTagFile,
    /// A folder that this program sealed has no tag manifest any more.
    MissingTagManifest,
    /// A folder that this program sealed has an empty folder more.
    ExtraFolder,
    /// A tag file of a folder that this program sealed was written anew: a manifest in other order, with other letters or doubled lines, a `bag-info.txt` that says
    /// something else than the payload.
    NotAsWritten,
    /// `Payload-Oxum` is malformed or repeated.
    MalformedPayloadOxum,
    /// The payload is not so many files as `Payload-Oxum` says.
    PayloadCount,
    /// The payload is not so many octets as `Payload-Oxum` says.
    PayloadSize,
    /// The fetch file lists a file that no payload manifest lists.
    FetchNotInManifest,
    /// A fetched file has another length than the fetch file says.
    FetchLength,
    /// A symbolic link.
    SymbolicLink,
    /// A device, socket or pipe.
    SpecialFile,
    /// A file changed into something that cannot be read while the bag was examined.
    Unreadable,
    /// A tag file has more than any of a bag.
    TooLarge,
    /// A path was listed in a roundabout way (`./data/a`).
    RelativePath,
    /// A manifest has the marks of md5sum and its kin, which strict readers refuse.
    ChecksumToolFormat,
    /// A `%` that BagIt 1.0 demands to be encoded stands bare.
    UnencodedPercent,
    /// Two names differ only in case.
    CaseClash,
    /// Two names differ only in Unicode normalization.
    NormalizationClash,
    /// A file that an operating system makes and removes unasked.
    SystemFile,
    /// A name that some system in use cannot store.
    UnportableName,
}

impl FaultKind {
    /// The name in reports and in JSON.
    pub fn name(self) -> String {
        let mut name = String::new();
        for letter in format!("{self:?}").chars() {
            if letter.is_ascii_uppercase() && !name.is_empty() {
                name.push('-');
            }
            name.push(letter.to_ascii_lowercase());
        }
        name
    }

    /// Whether the bag, for this fault, is still complete: everything is in its place, only its content is not as listed.
    fn leaves_complete(self) -> bool {
        matches!(self, FaultKind::DigestMismatch | FaultKind::PayloadSize)
    }
}

/// One thing found wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct BagFault {
    /// [`Severity::Error`] makes the bag invalid, [`Severity::Warning`] does not.
    pub severity: Severity,
    /// What it is.
    pub kind: FaultKind,
    /// The file at fault, relative to the bag; `None` where it is the bag as a whole.
    pub path: Option<String>,
    /// The tag file and 1-based line that led to it.
    pub listed_in: Option<String>,
    /// In words.
    pub detail: String,
}

/// A file or folder of which the system did not say what it is or holds: a disk that fails, no permission. Nothing can be said of it, nor of what lies in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unanswered {
    /// Relative to the bag; empty where it is the bag itself.
    pub path: String,
    /// What the system answered.
    pub detail: String,
}

/// The result of an examination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BagVerdict {
    /// Complete, and every checksum right.
    pub valid: bool,
    /// Everything listed is there, everything there is listed, and the structure is sound.
    pub complete: bool,
    /// Whether the folder bears a mark of this program, so that it was held to more than RFC 8493 demands.
    pub own_seal: bool,
    /// Whether it is valid by RFC 8493 alone.
    pub valid_by_rfc: bool,
    /// The version in `bagit.txt`, as far as it could be read.
    pub version: Option<String>,
    /// Checksum algorithms of the payload manifests.
    pub algorithms: Vec<String>,
    /// Payload files found.
    pub payload_files: u64,
    /// Their octets.
    pub payload_bytes: u64,
    /// Files whose checksums were computed and compared, tag files included.
    pub files_compared: u64,
    /// Where the bag has no tag manifest: the tag files, whose content nothing vouches for. Files that a tag manifest leaves out are warnings.
    pub unvouched_tag_files: Vec<String>,
    /// What could not be examined. Where there is any, no verdict is given: the bag is not shown to be valid, and not shown to be damaged by it either.
    pub unanswered: Vec<Unanswered>,
    /// Everything found wrong: errors first, then by kind and path.
    pub faults: Vec<BagFault>,
}

impl BagVerdict {
    /// Judges the faults found: orders them and draws the conclusion.
    pub(super) fn judge(mut self) -> BagVerdict {
        self.faults.sort();
        self.faults.dedup();
        self.unanswered.sort();
        self.unanswered.dedup();
        let is_examined = self.is_examined();
        let valid = is_examined && self.errors().next().is_none();
        let complete = is_examined && self.errors().all(|fault| fault.kind.leaves_complete());
        let valid_by_rfc = if self.own_seal { is_examined && self.valid_by_rfc } else { valid };
        BagVerdict { valid, complete, valid_by_rfc, ..self }
    }

    /// Whether the system answered all that was asked, so that there is a verdict.
    pub fn is_examined(&self) -> bool {
        self.unanswered.is_empty()
    }

    /// Whether there is nothing of a bag here: neither its declaration nor a payload manifest.
    pub fn is_no_bag(&self) -> bool {
        let has = |kind: FaultKind| self.faults.iter().any(|fault| fault.kind == kind);
        has(FaultKind::MissingDeclaration) && has(FaultKind::MissingPayloadManifest)
    }

    /// The faults that make the bag invalid.
    pub fn errors(&self) -> impl Iterator<Item = &BagFault> {
        self.faults.iter().filter(|fault| fault.severity == Severity::Error)
    }

    /// What is wrong with a bag that is not complete, in a few words behind a colon.
    fn what_is_wrong(&self) -> String {
        let has = |kinds: &[FaultKind]| self.errors().any(|fault| kinds.contains(&fault.kind));
        let said = [
            (has(&CHANGED), "a file was changed"),
            (has(&MISSING), "something is missing"),
            (has(&ADDED), "something was added"),
        ];
        let said: Vec<&str> = said.into_iter().filter(|(is_so, _)| *is_so).map(|(_, words)| words).collect();
        if said.is_empty() { ": it is not built as a bag".to_owned() } else { format!(": {}", said.join(", ")) }
    }

    /// The faults that do not.
    pub fn warnings(&self) -> impl Iterator<Item = &BagFault> {
        self.faults.iter().filter(|fault| fault.severity != Severity::Error)
    }
}

/// Faults of a file whose content is another.
const CHANGED: [FaultKind; 3] = [FaultKind::DigestMismatch, FaultKind::NotAsWritten, FaultKind::PayloadSize];
/// Faults of what is not there.
const MISSING: [FaultKind; 6] = [
    FaultKind::MissingDeclaration,
    FaultKind::MissingPayloadFolder,
    FaultKind::MissingPayloadManifest,
    FaultKind::MissingFile,
    FaultKind::NotFetched,
    FaultKind::MissingTagManifest,
];
/// Faults of what was not there when the bag was made.
const ADDED: [FaultKind; 3] = [FaultKind::ExtraFile, FaultKind::ExtraFolder, FaultKind::UnlistedTagFile];

/// Tag files that are named one by one.
const MOST_NAMES: usize = 10;

impl Display for BagFault {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.kind.name())?;
        if let Some(path) = &self.path {
            write!(formatter, "{}: ", shown(path))?;
        }
        write!(formatter, "{}", shown(&self.detail))?;
        match &self.listed_in {
            Some(place) => write!(formatter, " ({})", shown(place)),
            None => Ok(()),
        }
    }
}

impl Display for BagVerdict {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let conclusion = match (self.valid, self.complete) {
            _ if !self.is_examined() => "NO VERDICT: not everything could be read",
            (true, _) => "valid",
            _ if self.valid_by_rfc => "NOT VALID: a bag by RFC 8493, but not as this program sealed it",
            (false, true) => "NOT VALID: complete, but changed",
            (false, false) => "NOT VALID",
        };
        let what = if conclusion == "NOT VALID" { self.what_is_wrong() } else { String::new() };
        writeln!(formatter, "{conclusion}{what}")?;
        let version = self.version.as_deref().unwrap_or("of unknown version");
        writeln!(
            formatter,
            "BagIt {}, {}, {} bytes of payload, {} compared by {}",
            shown(version),
            counted(self.payload_files, "payload file"),
            self.payload_bytes,
            counted(self.files_compared, "file"),
            if self.algorithms.is_empty() { "nothing".to_owned() } else { self.algorithms.join(" and ") },
        )?;
        if !self.unvouched_tag_files.is_empty() {
            let names: Vec<_> = self.unvouched_tag_files.iter().take(MOST_NAMES).map(|name| shown(name)).collect();
            let more = self.unvouched_tag_files.len() - names.len();
            let more = if more == 0 { String::new() } else { format!(" and {}", counted(more as u64, "other file")) };
            writeln!(
                formatter,
                "there is no tag manifest, so a change of these files would not be found: {}{more}",
                names.join(", ")
            )?;
        }
        if !self.is_examined() {
            let places = counted(self.unanswered.len() as u64, "place");
            writeln!(
                formatter,
                "{places} could not be read; see to the disk, the share or the permissions, then verify again"
            )?;
            let lines = self.unanswered.iter().map(|Unanswered { path, detail }| {
                let path = if path.is_empty() { "." } else { path };
                format!("{}: {}", shown(path), shown(detail))
            });
            for line in listed::lines(lines) {
                writeln!(formatter, "  {line}")?;
            }
        }
        for (noun, faults) in
            [("error", self.errors().collect::<Vec<_>>()), ("warning", self.warnings().collect::<Vec<_>>())]
        {
            if !faults.is_empty() {
                writeln!(formatter, "{}", counted(faults.len() as u64, noun))?;
            }
            for line in listed::lines(faults.iter().map(ToString::to_string)) {
                writeln!(formatter, "  {line}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(faults: Vec<BagFault>) -> BagVerdict {
        BagVerdict {
            valid: false,
            complete: false,
            own_seal: false,
            valid_by_rfc: false,
            version: Some("1.0".into()),
            algorithms: vec!["sha256".into()],
            payload_files: 1,
            payload_bytes: 12,
            files_compared: 4,
            unvouched_tag_files: Vec::new(),
            unanswered: Vec::new(),
            faults,
        }
        .judge()
    }

    fn fault(severity: Severity, kind: FaultKind) -> BagFault {
        BagFault { severity, kind, path: Some("data/a\nb\u{1b}[2J".into()), listed_in: None, detail: "text".into() }
    }

    #[test]
    fn a_changed_file_leaves_the_bag_complete_and_a_missing_one_does_not() {
        let changed = verdict(vec![fault(Severity::Error, FaultKind::DigestMismatch)]);
        assert!(changed.complete && !changed.valid);
        let missing = verdict(vec![fault(Severity::Error, FaultKind::MissingFile)]);
        assert!(!missing.complete && !missing.valid);
        let warned = verdict(vec![fault(Severity::Warning, FaultKind::UnportableName)]);
        assert!(warned.complete && warned.valid);
    }

    #[test]
    fn a_hostile_name_cannot_write_to_the_terminal() {
        let text = verdict(vec![fault(Severity::Error, FaultKind::ExtraFile)]).to_string();
        assert!(text.contains("extra-file: data/a\\u{a}b\\u{1b}[2J: text"), "{text}");
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn the_name_in_reports_is_the_name_in_json() {
        for kind in [FaultKind::NotAFolder, FaultKind::DigestMismatch, FaultKind::MissingPayloadFolder] {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.name()));
        }
    }
}
