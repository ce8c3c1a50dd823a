//! Sealing an output folder as a BagIt 1.0 bag (RFC 8493) with SHA-256.
//!
//! The payload stands under `data/` before. Sealing adds `bagit.txt`, `bag-info.txt`, `manifest-sha256.txt` and, last,
//! `tagmanifest-sha256.txt`: a folder that has the last one is whole. The same payload and the same information give the
//! same bytes.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::listed_path;
use crate::fs::{self, Entry, EntryKind, FileDigest, FileError};
use crate::record::date::Day;
use crate::record::period::Period;
use crate::record::shown;

/// The file that is written last: it has the digest of everything that has one, so it tells a sealed folder from every other.
pub const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";

/// What `bagit.txt` says, in every edition of this program.
pub const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// Why a folder could not be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A name cannot stand in a manifest, which is UTF-8.
    #[error("the name of {} is not UTF-8", shown::path(path))]
    Name {
        /// The file.
        path: PathBuf,
    },
    /// Something that is neither file nor folder, or cannot be read, lies in the folder.
    #[error("{} is not a regular file", shown::path(path))]
    NotRegular {
        /// Where.
        path: PathBuf,
    },
    /// A file has not the length that was counted while it was written.
    #[error("{} has changed since it was written", shown::path(path))]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// A file that was written and hashed is no longer there.
    #[error("{} was written and is gone", shown::path(path))]
    Gone {
        /// The file.
        path: PathBuf,
    },
}

/// What `bag-info.txt` says of the bag.
#[derive(Debug, Clone)]
pub struct BagInformation<'a> {
    /// `External-Identifier`: the run.
    pub run_id: &'a str,
    /// `Bagging-Date`: the business date of the run, never the clock.
    pub business_date: Day,
    /// `Internal-Sender-Description`: what the bag holds, in words.
    pub description: &'a str,
    /// `Source-Organization`: the facility.
    pub source_organization: Option<&'a str>,
    /// `Reporting-Period` and its first and last day.
    pub period: Option<&'a Period>,
}

/// Seals a folder whose payload stands under `data/`; other files in it become tag files. `known` holds the digests of files
/// that were hashed while they were written, by path relative to the folder; only the others are read. Gives the digest of
/// every payload file.
///
/// # Errors
/// See [`SealError`].
pub fn seal(
    folder: &Path,
    information: &BagInformation<'_>,
    known: &BTreeMap<String, FileDigest>,
) -> Result<BTreeMap<String, FileDigest>, SealError> {
    fs::create_private_folder(&folder.join("data"))?;
    let files = regular_files(folder)?;
    if let Some(gone) = known.keys().find(|path| !files.contains_key(*path)) {
        return Err(SealError::Gone { path: folder.join(gone) });
    }
    let digests = files
        .into_par_iter()
        .map(|(path, bytes)| digest_of(folder, &path, bytes, known).map(|digest| (path, digest)))
        .collect::<Result<BTreeMap<_, _>, SealError>>()?;
    let (payload, mut tags): (BTreeMap<_, _>, BTreeMap<_, _>) =
        digests.into_iter().partition(|(path, _)| path.starts_with("data/"));

    let octets = payload.values().map(|digest| digest.bytes).sum();
    for (name, text) in [
        ("bagit.txt", DECLARATION.to_owned()),
        ("bag-info.txt", bag_info(information, octets, payload.len() as u64, env!("CARGO_PKG_VERSION"))),
        ("manifest-sha256.txt", manifest(&payload)),
    ] {
        tags.insert(name.to_owned(), write_tag_file(folder, name, &text)?);
    }
    write_tag_file(folder, TAG_MANIFEST, &manifest(&tags))?;
    Ok(payload)
}

fn write_tag_file(folder: &Path, name: &str, text: &str) -> Result<FileDigest, FileError> {
    let path = folder.join(name);
    let mut file = fs::create_private_file(&path)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(FileError::write(&path))?;
    fs::digest(&path)
}

fn regular_files(folder: &Path) -> Result<BTreeMap<String, u64>, SealError> {
    let mut files = BTreeMap::new();
    for Entry { path, kind } in fs::list(folder)? {
        match kind {
            EntryKind::Folder => {}
            EntryKind::File(bytes) => {
                let name = path.to_str().ok_or_else(|| SealError::Name { path: folder.join(&path) })?;
                files.insert(name.to_owned(), bytes);
            }
            EntryKind::Link | EntryKind::Special => return Err(SealError::NotRegular { path: folder.join(path) }),
            EntryKind::Unreadable(code) => {
                let answer = std::io::Error::from_raw_os_error(code);
                return Err(FileError::read(&folder.join(path))(answer).into());
            }
        }
    }
    Ok(files)
}

fn digest_of(
    folder: &Path,
    path: &str,
    bytes: u64,
    known: &BTreeMap<String, FileDigest>,
) -> Result<FileDigest, SealError> {
    match known.get(path) {
        Some(digest) if digest.bytes == bytes => Ok(digest.clone()),
        Some(_) => Err(SealError::Changed { path: folder.join(path) }),
        None => Ok(fs::digest(&folder.join(path))?),
    }
}

fn manifest(files: &BTreeMap<String, FileDigest>) -> String {
    files.iter().map(|(path, digest)| format!("{}  {}\n", digest.sha256, listed_path::encode(path))).collect()
}

/// The text of `bag-info.txt`: what is said of the bag, the octets and number of its payload files, and the version of this program.
pub fn bag_info(information: &BagInformation<'_>, octets: u64, files: u64, version: &str) -> String {
    let mut elements = Vec::new();
    if let Some(organization) = information.source_organization {
        elements.push(("Source-Organization", organization.to_owned()));
    }
    elements.push(("External-Identifier", information.run_id.to_owned()));
    elements.push(("Bagging-Date", iso(information.business_date)));
    if let Some(period) = information.period {
        elements.push(("Reporting-Period", period.name.clone()));
        elements.push(("Reporting-Period-First-Day", iso(period.first)));
        elements.push(("Reporting-Period-Last-Day", iso(period.last)));
    }
    elements.push(("Payload-Oxum", format!("{octets}.{files}")));
    elements.push(("Internal-Sender-Description", information.description.to_owned()));
    elements.push(("Bag-Software-Agent", format!("chartroom {version}")));
    elements.iter().map(|(label, value)| format!("{label}: {}\n", on_one_line(value))).collect()
}

fn iso(day: Day) -> String {
    let (year, month, day) = day.ymd();
    format!("{year:04}-{month:02}-{day:02}")
}

fn on_one_line(value: &str) -> String {
    shown::shown(&value.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn information<'a>() -> BagInformation<'a> {
        BagInformation {
            run_id: "2026-11-01-7f3a",
            business_date: Day::from_ymd(2026, 11, 1).expect("a day"),
            description: "Inpatient discharges,\n  monthly",
            source_organization: Some("General Hospital"),
            period: None,
        }
    }

    fn read(folder: &Path, name: &str) -> String {
        std::fs::read_to_string(folder.join(name)).expect("the file can be read")
    }

    #[test]
    fn a_sealed_folder_has_the_files_of_the_rfc() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        std::fs::write(folder.path().join("data/100%.csv"), "abc").unwrap();
        let period = Period::parse("2026-10").unwrap();
        let information = BagInformation { period: Some(&period), ..information() };
        let payload = seal(folder.path(), &information, &BTreeMap::new()).unwrap();
        assert_eq!(payload["data/100%.csv"].bytes, 3);
        assert_eq!(read(folder.path(), "bagit.txt"), "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
        assert_eq!(
            read(folder.path(), "manifest-sha256.txt"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  data/100%25.csv\n"
        );
        let text = read(folder.path(), "bag-info.txt");
        for line in [
            "Source-Organization: General Hospital\n",
            "External-Identifier: 2026-11-01-7f3a\n",
            "Bagging-Date: 2026-11-01\n",
            "Reporting-Period: 2026-10\n",
            "Reporting-Period-Last-Day: 2026-10-31\n",
            "Payload-Oxum: 3.1\n",
            "Internal-Sender-Description: Inpatient discharges, monthly\n",
        ] {
            assert!(text.contains(line), "{text}");
        }
        let listed: Vec<_> = read(folder.path(), "tagmanifest-sha256.txt")
            .lines()
            .map(|line| line.split_once("  ").expect("two columns").1.to_owned())
            .collect();
        assert_eq!(listed, ["bag-info.txt", "bagit.txt", "manifest-sha256.txt"]);
    }

    #[test]
    fn a_known_digest_is_taken_and_a_wrong_length_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        std::fs::write(folder.path().join("data/a"), "abc").unwrap();
        let known = |bytes| BTreeMap::from([("data/a".to_owned(), FileDigest { bytes, sha256: "0".repeat(64) })]);
        assert!(matches!(seal(folder.path(), &information(), &known(4)), Err(SealError::Changed { .. })));
        let payload = seal(folder.path(), &information(), &known(3)).unwrap();
        assert_eq!(payload["data/a"].sha256, "0".repeat(64));
    }

    #[test]
    fn what_a_manifest_cannot_list_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let gone = BTreeMap::from([("data/a".to_owned(), FileDigest { bytes: 0, sha256: String::new() })]);
        assert!(matches!(seal(folder.path(), &information(), &gone), Err(SealError::Gone { .. })));
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("data/link")).unwrap();
        assert!(matches!(seal(folder.path(), &information(), &BTreeMap::new()), Err(SealError::NotRegular { .. })));
    }
}
