//! Whether a folder is one that this program sealed, and whether it is still what it was then.
//!
//! Only such a folder may ever be replaced or removed. Whose it is stands in the payload, in `run_results.json`; the tag files have to
//! say the same. A file that a person added, filled in or took away makes the folder that person's.

use std::{
    collections::BTreeSet,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::verdict::{BagFault, BagVerdict, FaultKind};
use super::verify::{own::RESULTS as RESULTS_FILE, verify_as_own};
use super::{
    algorithm::Algorithm,
    bag::{manifest_name, tag_manifest_name},
    seal_algorithms::SealAlgorithms,
};
use crate::fs::{self, EntryKind, FileError};
use crate::record::{account::InputAccount, date::Day, shown::shown};

/// What a sealed folder of this program says of the run that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSeal {
    /// Title of the pipeline.
    pub pipeline: String,
    /// Period of the statistics; empty where there is none.
    pub period: String,
    /// The business date.
    pub business_date: Day,
    /// Whether every input could be used.
    pub whole: bool,
    /// Its inputs.
    pub inputs: Vec<SealedInput>,
}

/// An input of a sealed run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedInput {
    /// Its feed.
    pub feed: String,
    /// Name of its file.
    pub file: String,
    /// Member or sheet; blank for a plain file.
    pub part: String,
    /// Digest of the file; blank where nothing came.
    pub sha256: String,
}

impl SealedInput {
    /// Whether an input of another run is the same, byte for byte.
    pub fn is(&self, input: &InputAccount) -> bool {
        (&input.feed, &input.file, &input.part, &input.sha256) == (&self.feed, &self.file, &self.part, &self.sha256)
    }

    /// Whether it is among the inputs of another run; where nothing came, nothing is missing.
    pub fn is_among(&self, inputs: &[InputAccount]) -> bool {
        self.sha256.is_empty() || inputs.iter().any(|input| self.is(input))
    }

    /// Its name, as outputs have it.
    pub fn label(&self) -> String {
        if self.part.is_empty() { self.file.clone() } else { format!("{} [{}]", self.file, self.part) }
    }
}

#[derive(Deserialize)]
struct SealedResults {
    #[serde(rename = "schema_version")]
    _schema_version: u32,
    #[serde(rename = "chartroom_version")]
    _chartroom_version: String,
    run_id: String,
    pipeline: String,
    business_date: String,
    period: String,
    inputs: Vec<Input>,
}

#[derive(Deserialize)]
struct Input {
    #[serde(default)]
    feed: String,
    #[serde(default)]
    file: String,
    #[serde(default)]
    part: String,
    #[serde(default)]
    sha256: String,
    fault: String,
    #[serde(default)]
    read: u64,
    #[serde(default)]
    quarantined: u64,
    #[serde(default)]
    ends_in_mid_row: bool,
}

impl Input {
    /// Whether it could be used, and whole; one of which no row can be read could not.
    fn is_used(&self) -> bool {
        self.fault.is_empty() && !self.ends_in_mid_row && (self.read == 0 || self.quarantined < self.read)
    }
}

/// What a folder says of itself; `None` where it does not bear the marks of this program, or cannot be read. Nothing is verified.
pub fn own_seal(folder: &Path) -> Option<OwnSeal> {
    read_own_seal(folder).ok().flatten()
}

/// The same, where the system's faults are no sign of another's folder: a run that took its own folder for a stranger's would lay a second one beside it.
///
/// # Errors
/// [`FileError::Read`], but for what may not be read or is no longer there.
pub fn read_own_seal(folder: &Path) -> Result<Option<OwnSeal>, FileError> {
    for name in ["bag-info.txt", "bagit.txt", RESULTS_FILE] {
        if !is_file(folder, name)? {
            return Ok(None);
        }
    }
    let mut is_sealed = false;
    for algorithm in SealAlgorithms::ALL {
        is_sealed |= is_file(folder, &manifest_name(algorithm))? && is_file(folder, &tag_manifest_name(algorithm))?;
    }
    if !is_sealed {
        return Ok(None);
    }
    if !folder.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Ok(None);
    }
    let text_of = |name: &str| match fs::read_at_most(&folder.join(name), LARGEST) {
        Err(FileError::Read { path, source }) if is_fault_of_system(&source) => Err(FileError::Read { path, source }),
        read => Ok(read.ok()),
    };
    let Some(results) = text_of(RESULTS_FILE)? else { return Ok(None) };
    let Ok(results) = serde_json::from_slice::<SealedResults>(&results) else { return Ok(None) };
    let Some(Ok(information)) = text_of("bag-info.txt")?.map(String::from_utf8) else { return Ok(None) };
    let says = |line: &str| information.lines().any(|own| own == line);
    let ours = says(&format!("External-Identifier: {}", results.run_id))
        && information.lines().any(|line| line.starts_with("Bag-Software-Agent: chartroom "));
    let Some(business_date) = Day::from_iso(&results.business_date).filter(|_| ours) else { return Ok(None) };
    let whole = results.inputs.iter().all(Input::is_used);
    let sealed = |Input { feed, file, part, sha256, .. }: Input| SealedInput { feed, file, part, sha256 };
    let inputs = results.inputs.into_iter().map(sealed).collect();
    Ok(Some(OwnSeal { pipeline: results.pipeline, period: results.period, business_date, whole, inputs }))
}

/// Whether a file, and no link, stands in a folder.
fn is_file(folder: &Path, name: &str) -> Result<bool, FileError> {
    let path = folder.join(name);
    match path.symlink_metadata() {
        Ok(metadata) => Ok(metadata.is_file()),
        Err(error) if is_fault_of_system(&error) => Err(FileError::read(&path)(error)),
        Err(_) => Ok(false),
    }
}

/// Octets of a file that says whose a folder is; what is larger says nothing of the kind.
const LARGEST: u64 = 256 << 20;

/// Whether the system failed to answer. That something is not there, or may not be read, is an answer.
fn is_fault_of_system(error: &io::Error) -> bool {
    !matches!(
        error.kind(),
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::PermissionDenied | ErrorKind::FileTooLarge
    )
}

/// As [`changed`], where the system's faults are not taken for changes: where something seems changed, it is asked first whether everything can be read.
///
/// # Errors
/// [`FileError::Read`], but for what may not be read or is no longer there.
pub fn read_changed(folder: &Path) -> Result<Option<String>, FileError> {
    if changed(folder).is_none() {
        return Ok(None);
    }
    let may_be_read = is_readable(folder)?;
    let unread = |fault: &BagFault| matches!(fault.kind, FaultKind::Unreadable | FaultKind::NotAFolder);
    let verdict = verify_as_own(folder);
    if may_be_read && (!verdict.is_examined() || verdict.faults.iter().any(unread)) {
        return Err(FileError::read(folder)(io::Error::other("what lies in it can be read now and then only")));
    }
    Ok(changes_in(&verdict).into_iter().next())
}

/// Reads everything in a folder; whether all of it may be read.
fn is_readable(folder: &Path) -> Result<bool, FileError> {
    let mut may_be_read = true;
    for entry in fs::list(folder)? {
        let path = folder.join(&entry.path);
        let read = match entry.kind {
            EntryKind::File(_) => fs::digest(&path).map(drop),
            EntryKind::Unreadable(_) => fs::entries_of(&path).map(drop).map_err(FileError::read(&path)),
            _ => continue,
        };
        match read {
            Err(FileError::Read { path, source }) if is_fault_of_system(&source) => {
                return Err(FileError::Read { path, source });
            }
            read => may_be_read &= read.is_ok(),
        }
    }
    Ok(may_be_read)
}

/// The sealed folder that a path is, or would lie in. A folder above that may not be looked into is no folder of ours.
fn sealed_above(path: &Path) -> Result<Option<PathBuf>, FileError> {
    let Ok(at) = fs::probe::nearest(path).canonicalize() else { return Ok(None) };
    for folder in at.ancestors() {
        match read_own_seal(folder) {
            Ok(Some(_)) => return Ok(Some(folder.to_owned())),
            Ok(None) => {}
            Err(FileError::Read { source, .. }) if source.kind() == std::io::ErrorKind::PermissionDenied => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// Refuses a path where whatever is written breaks the seal of a folder.
///
/// # Errors
/// [`FileError::Write`], with what to do; [`FileError::Read`] where it cannot be told.
pub fn refuse_in_sealed(path: &Path) -> Result<(), FileError> {
    let Some(folder) = sealed_above(path)? else { return Ok(()) };
    let words = format!("{} is the sealed output of a run; name a place outside it", shown(&folder.to_string_lossy()));
    Err(FileError::write(path)(std::io::Error::other(words)))
}

/// Why a folder that this program sealed is not what it was then, in words; `None` where it is, to the byte and with nothing added.
pub fn changed(folder: &Path) -> Option<String> {
    changes_in(&verify_as_own(folder)).into_iter().next()
}

/// What is not shown to be as it was sealed, each file with what is the matter, and of that what cannot be read; both empty where the folder is what it was then,
/// to the byte and with nothing added.
pub fn changes_and_unread(folder: &Path) -> (Vec<String>, Vec<String>) {
    let verdict = verify_as_own(folder);
    (changes_in(&verdict), unread_in(&verdict))
}

fn unread_in(verdict: &BagVerdict) -> Vec<String> {
    let path = |path: &str| if path.is_empty() { "the folder".to_owned() } else { shown(path).into_owned() };
    verdict.unanswered.iter().map(|place| format!("{}: {}", path(&place.path), place.detail)).collect()
}

fn changes_in(verdict: &BagVerdict) -> Vec<String> {
    let mut changes: Vec<String> = Vec::new();
    // A file counts once; what is said of the folder as a whole follows from its files.
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for fault in &verdict.faults {
        let Some(path) = fault.path.as_deref().filter(|path| seen.insert(path)) else { continue };
        changes.push(format!("{}: {}", shown(path), fault.detail));
    }
    // What cannot be read is not shown to be what it was.
    changes.extend(unread_in(verdict));
    if changes.is_empty() {
        changes.extend(verdict.faults.iter().map(|fault| fault.detail.clone()));
    }
    changes
}

/// Whether two sealed folders are the same to the byte, by what their seals say. The seals themselves are not verified.
///
/// # Errors
/// [`FileError::Read`].
pub fn is_same(one: &Path, other: &Path) -> Result<bool, FileError> {
    let seal = |folder: &Path| -> Result<Vec<Option<Vec<u8>>>, FileError> {
        let of = |algorithm: Algorithm| fs::read_if_there(&folder.join(tag_manifest_name(algorithm)));
        SealAlgorithms::ALL.into_iter().map(of).collect()
    };
    let of = seal(one)?;
    Ok(of.iter().any(Option::is_some) && of == seal(other)?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::archive::bag::{BagInformation, seal};

    const RESULTS: &str = r#"{"schema_version": 1, "chartroom_version": "0.1.0", "run_id": "7f3a", "pipeline": "Nightly",
        "business_date": "2026-11-01", "period": "", "inputs": [{"fault": ""}], "outputs": []}"#;

    fn sealed(results: &str) -> tempfile::TempDir {
        sealed_with(results, &[Algorithm::Sha256])
    }

    fn sealed_with(results: &str, algorithms: &[Algorithm]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("data/worklists")).unwrap();
        std::fs::write(folder.path().join("data/run_results.json"), results).unwrap();
        std::fs::write(folder.path().join("data/worklists/deficiencies.csv"), "record\n1\n").unwrap();
        let information = BagInformation {
            run_id: "7f3a",
            business_date: Day::from_ymd(2026, 11, 1).unwrap(),
            description: "Nightly",
            source_organization: None,
            period: None,
        };
        let algorithms = SealAlgorithms::of(algorithms).unwrap();
        seal(folder.path(), &information, &BTreeMap::new(), &algorithms).unwrap();
        folder
    }

    /// By any of the three seals a folder is ours and unchanged, and the same as one that has the same seal.
    #[test]
    fn a_folder_is_ours_by_whichever_algorithms_it_was_sealed() {
        let kinds = [&[Algorithm::Sha256][..], &[Algorithm::Sha512], &SealAlgorithms::ALL];
        for (at, algorithms) in kinds.into_iter().enumerate() {
            let folder = sealed_with(RESULTS, algorithms);
            assert_eq!(own_seal(folder.path()).map(|seal| seal.pipeline).as_deref(), Some("Nightly"));
            assert_eq!(changed(folder.path()), None, "{algorithms:?}");
            for (other, algorithms) in kinds.into_iter().enumerate() {
                let same = is_same(folder.path(), sealed_with(RESULTS, algorithms).path()).unwrap();
                assert_eq!(same, at == other, "{algorithms:?}");
            }
        }
    }

    /// Of two manifests each must be there and right, whatever the other one says.
    #[test]
    fn a_folder_with_two_manifests_is_sound_only_if_both_are() {
        let folder = || sealed_with(RESULTS, &SealAlgorithms::ALL);
        for name in ["manifest-sha256.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt"] {
            let lost = folder();
            std::fs::remove_file(lost.path().join(name)).unwrap();
            let changes = changes_and_unread(lost.path()).0;
            assert!(changes.iter().any(|change| change.starts_with(name)), "{name}: {changes:?}");
            // A manifest that says of a file what is not true, where all that vouches for the manifest is written anew.
            let altered = folder();
            let path = altered.path().join(name);
            let text = std::fs::read_to_string(&path).unwrap();
            let first = if text.starts_with('0') { "1" } else { "0" };
            std::fs::write(&path, format!("{first}{}", &text[1..])).unwrap();
            if name.starts_with("manifest") {
                seal_tags_again(altered.path());
            }
            assert!(changed(altered.path()).is_some(), "{name}");
            assert!(!crate::archive::verify::verify_by_rfc(altered.path()).valid, "{name}");
        }
    }

    fn seal_tags_again(folder: &Path) {
        for algorithm in SealAlgorithms::ALL {
            let listed = SealAlgorithms::of(&SealAlgorithms::ALL).unwrap().vouched_for().into_iter().map(|name| {
                let checksum =
                    crate::archive::algorithm::checksums(&folder.join(&name), &[algorithm]).unwrap().remove(0);
                format!("{checksum}  {name}\n")
            });
            std::fs::write(folder.join(tag_manifest_name(algorithm)), listed.collect::<String>()).unwrap();
        }
    }

    /// A pair of manifests that nobody of the seal vouches for was laid in.
    #[test]
    fn a_manifest_that_was_added_is_seen() {
        let folder = sealed(RESULTS);
        for name in ["manifest-sha512.txt", "tagmanifest-sha512.txt"] {
            let other = sealed_with(RESULTS, &[Algorithm::Sha512]);
            std::fs::copy(other.path().join(name), folder.path().join(name)).unwrap();
            assert!(changed(folder.path()).is_some(), "{name}");
        }
    }

    #[test]
    fn a_folder_of_this_program_says_what_it_is_and_is_unchanged() {
        let folder = sealed(RESULTS);
        let seal = own_seal(folder.path()).expect("ours");
        assert_eq!((seal.pipeline.as_str(), seal.period.as_str(), seal.whole), ("Nightly", "", true));
        assert_eq!(seal.business_date, Day::from_ymd(2026, 11, 1).unwrap());
        assert_eq!(changed(folder.path()), None);
        for not_used in ["\"fault\": \"is damaged\"", "\"fault\": \"\", \"read\": 2, \"quarantined\": 2"] {
            let folder = sealed(&RESULTS.replace("\"fault\": \"\"", not_used));
            assert!(!own_seal(folder.path()).unwrap().whole, "{not_used}");
        }
    }

    #[test]
    fn a_bag_of_others_is_not_ours() {
        for results in ["{}", "", &RESULTS.replace("7f3a", "8888"), &RESULTS.replace("chartroom_version", "version")] {
            let folder = sealed(results);
            assert!(crate::archive::verify::verify_by_rfc(folder.path()).valid);
            assert_eq!(own_seal(folder.path()), None, "{results}");
        }
    }

    #[test]
    fn whatever_a_person_did_to_a_folder_is_seen() {
        type Deed = fn(&Path);
        let did: [(&str, Deed); 6] = [
            ("filled in", |folder| {
                std::fs::write(folder.join("data/worklists/deficiencies.csv"), "record\n2\n").unwrap()
            }),
            ("added to the payload", |folder| std::fs::write(folder.join("data/notes.txt"), "").unwrap()),
            ("added beside it", |folder| std::fs::write(folder.join("notes.txt"), "").unwrap()),
            ("a folder", |folder| std::fs::create_dir(folder.join("mine")).unwrap()),
            ("took away", |folder| std::fs::remove_file(folder.join("data/worklists/deficiencies.csv")).unwrap()),
            ("the seal's seal", |folder| std::fs::remove_file(folder.join("tagmanifest-sha256.txt")).unwrap()),
        ];
        for (what, done) in did {
            let folder = sealed(RESULTS);
            done(folder.path());
            assert!(changed(folder.path()).is_some(), "{what}");
        }
    }
}
