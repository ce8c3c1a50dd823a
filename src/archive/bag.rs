//! Sealing an output folder as a BagIt 1.0 bag (RFC 8493) with SHA-256, SHA-512 or both.
//!
//! The payload stands under `data/` before. Sealing adds `bagit.txt`, `bag-info.txt`, a manifest of the payload for each
//! algorithm (`manifest-sha256.txt`) and, last, a manifest of these files for each (`tagmanifest-sha256.txt`): a folder that
//! has the last one is whole. The same payload, information and algorithms give the same bytes.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{
    algorithm::{Algorithm, checksums, checksums_of},
    listed_path,
    seal_algorithms::SealAlgorithms,
};
use crate::fs::{self, EntryKind, FileError, FolderEntry, staged_file::WrittenFile};
use crate::record::date::Day;
use crate::record::period::Period;
use crate::record::shown;

/// The name of the payload's manifest (RFC 8493, section 2.1.3).
pub fn manifest_name(algorithm: Algorithm) -> String {
    format!("manifest-{}.txt", algorithm.name())
}

/// The name of the manifest of the tag files (RFC 8493, section 2.2.1).
pub fn tag_manifest_name(algorithm: Algorithm) -> String {
    format!("tagmanifest-{}.txt", algorithm.name())
}

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

/// A file with its checksums, in the order of the algorithms.
#[derive(Debug)]
struct Listed {
    bytes: u64,
    checksums: Vec<String>,
}

/// Seals a folder whose payload stands under `data/`; other files in it become tag files. `known` holds the digests of files
/// that were hashed while they were written, by path relative to the folder; only the others are read.
///
/// # Errors
/// See [`SealError`].
pub fn seal(
    folder: &Path,
    information: &BagInformation<'_>,
    known: &BTreeMap<String, WrittenFile>,
    algorithms: &SealAlgorithms,
) -> Result<(), SealError> {
    fs::create_private_folder(&folder.join("data"))?;
    let files = regular_files(folder)?;
    if let Some(gone) = known.keys().find(|path| !files.contains_key(*path)) {
        return Err(SealError::Gone { path: folder.join(gone) });
    }
    let algorithms = algorithms.as_slice();
    let listed = files
        .into_par_iter()
        .map(|(path, bytes)| listed(folder, &path, bytes, known, algorithms).map(|listed| (path, listed)))
        .collect::<Result<BTreeMap<_, _>, SealError>>()?;
    let (payload, mut tags): (BTreeMap<_, _>, BTreeMap<_, _>) =
        listed.into_iter().partition(|(path, _)| path.starts_with("data/"));

    let octets = payload.values().map(|listed| listed.bytes).sum();
    let information = bag_info(information, octets, payload.len() as u64, env!("CARGO_PKG_VERSION"));
    let beside = [("bagit.txt".to_owned(), DECLARATION.to_owned()), ("bag-info.txt".to_owned(), information)];
    let manifests = algorithms.iter().enumerate().map(|(at, one)| (manifest_name(*one), manifest(&payload, at)));
    for (name, text) in beside.into_iter().chain(manifests) {
        write_tag_file(folder, &name, &text)?;
        let checksums = checksums_of(text.as_bytes(), algorithms);
        tags.insert(name, Listed { bytes: text.len() as u64, checksums });
    }
    for (at, algorithm) in algorithms.iter().enumerate() {
        write_tag_file(folder, &tag_manifest_name(*algorithm), &manifest(&tags, at))?;
    }
    Ok(())
}

fn write_tag_file(folder: &Path, name: &str, text: &str) -> Result<(), FileError> {
    let path = folder.join(name);
    let mut file = fs::create_private_file(&path)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(FileError::write(&path))
}

fn regular_files(folder: &Path) -> Result<BTreeMap<String, u64>, SealError> {
    let mut files = BTreeMap::new();
    for FolderEntry { path, kind } in fs::list(folder)? {
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

fn listed(
    folder: &Path,
    path: &str,
    bytes: u64,
    known: &BTreeMap<String, WrittenFile>,
    algorithms: &[Algorithm],
) -> Result<Listed, SealError> {
    let known = known.get(path);
    if known.is_some_and(|written| written.digest.bytes != bytes) {
        return Err(SealError::Changed { path: folder.join(path) });
    }
    let of_known = known.and_then(|written| algorithms.iter().map(|one| hashed_with(written, *one)).collect());
    let checksums = match of_known {
        Some(checksums) => checksums,
        None => checksums(&folder.join(path), algorithms)?,
    };
    Ok(Listed { bytes, checksums })
}

/// The checksum that was made while a file was written; `None` where that one was not.
fn hashed_with(written: &WrittenFile, algorithm: Algorithm) -> Option<String> {
    match algorithm {
        Algorithm::Sha256 => Some(written.digest.sha256.clone()),
        Algorithm::Sha512 => written.sha512.clone(),
        _ => None,
    }
}

/// The text of a manifest by one of the algorithms: the place of it in their order is `at`.
fn manifest(files: &BTreeMap<String, Listed>, at: usize) -> String {
    files.iter().map(|(path, listed)| format!("{}  {}\n", listed.checksums[at], listed_path::encode(path))).collect()
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

    fn with(algorithms: &[Algorithm]) -> SealAlgorithms {
        SealAlgorithms::of(algorithms).expect("algorithms of a seal")
    }

    #[test]
    fn a_sealed_folder_has_the_files_of_the_rfc() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        std::fs::write(folder.path().join("data/100%.csv"), "abc").unwrap();
        let period = Period::parse("2026-10").unwrap();
        let information = BagInformation { period: Some(&period), ..information() };
        seal(folder.path(), &information, &BTreeMap::new(), &SealAlgorithms::default()).unwrap();
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
        assert_eq!(
            listed_in(folder.path(), "tagmanifest-sha256.txt"),
            ["bag-info.txt", "bagit.txt", "manifest-sha256.txt"]
        );
    }

    fn listed_in(folder: &Path, name: &str) -> Vec<String> {
        read(folder, name).lines().map(|line| line.split_once("  ").expect("two columns").1.to_owned()).collect()
    }

    /// The checksums of `abc` are those of FIPS 180-4.
    #[test]
    fn every_algorithm_has_a_manifest_of_all_files() {
        const SHA512_OF_ABC: &str = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
            2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
        const SHA256_OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        for (algorithms, lines) in [
            (&[Algorithm::Sha512][..], &[("sha512", SHA512_OF_ABC)][..]),
            (&SealAlgorithms::ALL, &[("sha256", SHA256_OF_ABC), ("sha512", SHA512_OF_ABC)]),
        ] {
            let folder = tempfile::tempdir().unwrap();
            std::fs::create_dir(folder.path().join("data")).unwrap();
            std::fs::write(folder.path().join("data/a.csv"), "abc").unwrap();
            seal(folder.path(), &information(), &BTreeMap::new(), &with(algorithms)).unwrap();
            let manifests = lines.iter().map(|(name, _)| format!("manifest-{name}.txt"));
            let beside: Vec<String> =
                ["bag-info.txt", "bagit.txt"].map(str::to_owned).into_iter().chain(manifests).collect();
            for (name, checksum) in lines {
                assert_eq!(read(folder.path(), &format!("manifest-{name}.txt")), format!("{checksum}  data/a.csv\n"));
                assert_eq!(listed_in(folder.path(), &format!("tagmanifest-{name}.txt")), beside);
            }
            let seals = fs::list(folder.path())
                .unwrap()
                .iter()
                .filter(|entry| entry.path.to_string_lossy().contains("manifest-"))
                .count();
            assert_eq!(seals, 2 * algorithms.len());
        }
    }

    fn written(bytes: u64, sha256: &str, sha512: Option<&str>) -> BTreeMap<String, WrittenFile> {
        let digest = fs::FileDigest { bytes, sha256: sha256.to_owned() };
        BTreeMap::from([("data/a".to_owned(), WrittenFile { digest, sha512: sha512.map(str::to_owned) })])
    }

    #[test]
    fn a_known_digest_is_taken_and_a_wrong_length_is_noticed() {
        let sealed = |known: &BTreeMap<String, WrittenFile>, algorithms: &SealAlgorithms| {
            let folder = tempfile::tempdir().unwrap();
            std::fs::create_dir(folder.path().join("data")).unwrap();
            std::fs::write(folder.path().join("data/a"), "abc").unwrap();
            seal(folder.path(), &information(), known, algorithms).map(|()| folder)
        };
        let (zeros, ones) = ("0".repeat(64), "1".repeat(128));
        let default = SealAlgorithms::default();
        assert!(matches!(sealed(&written(4, &zeros, None), &default), Err(SealError::Changed { .. })));
        let folder = sealed(&written(3, &zeros, None), &default).unwrap();
        assert_eq!(read(folder.path(), "manifest-sha256.txt"), format!("{zeros}  data/a\n"));
        let folder = sealed(&written(3, &zeros, Some(&ones)), &with(&SealAlgorithms::ALL)).unwrap();
        assert_eq!(read(folder.path(), "manifest-sha256.txt"), format!("{zeros}  data/a\n"));
        assert_eq!(read(folder.path(), "manifest-sha512.txt"), format!("{ones}  data/a\n"));
        // What was not hashed so while it was written is read.
        let folder = sealed(&written(3, &zeros, None), &with(&[Algorithm::Sha512])).unwrap();
        assert!(read(folder.path(), "manifest-sha512.txt").starts_with("ddaf35a193617aba"));
    }

    #[test]
    fn what_a_manifest_cannot_list_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |known: &BTreeMap<String, WrittenFile>| {
            seal(folder.path(), &information(), known, &SealAlgorithms::default()).unwrap_err()
        };
        assert!(matches!(refused(&written(0, "", None)), SealError::Gone { .. }));
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("data/link")).unwrap();
        assert!(matches!(refused(&BTreeMap::new()), SealError::NotRegular { .. }));
    }
}
