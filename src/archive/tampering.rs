//! Whatever files are sealed, the seal is valid; whatever is done to a file afterwards, that file and no other is named. By the RFC alone; what this program's own seal
//! promises beyond it is tried in `tests/seal_under_attack`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proptest::prelude::*;

use super::bag::{BagInformation, seal};
use super::seal_algorithms::SealAlgorithms;
use super::verdict::{BagVerdict, FaultKind};
use super::verify::verify_by_rfc as verify;
use crate::fs::commit::{Committed, Way, commit};
use crate::record::date::Day;

fn information() -> BagInformation<'static> {
    BagInformation {
        run_id: "run",
        business_date: Day::from_ymd(2026, 11, 1).expect("a day"),
        description: "A test",
        source_organization: None,
        period: None,
    }
}

fn write(root: &Path, path: &str, content: &[u8]) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("the folder can be made");
    std::fs::write(path, content).expect("the file can be written");
}

fn sealed(files: &BTreeMap<String, Vec<u8>>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, content) in files {
        write(folder.path(), path, content);
    }
    seal(folder.path(), &information(), &BTreeMap::new(), &SealAlgorithms::default())
        .expect("the folder can be sealed");
    folder
}

fn errors(verdict: &BagVerdict) -> BTreeSet<(FaultKind, String)> {
    verdict.errors().filter_map(|fault| Some((fault.kind, fault.path.clone()?))).collect()
}

/// Payload paths with everything that has ever upset a manifest, none a folder of another.
fn files() -> impl Strategy<Value = BTreeMap<String, Vec<u8>>> {
    let name = "[a-zA-Z0-9 %*~\\\\\"'\n\r\tàéñü\u{301}\u{4e00}.#:&=-]{1,12}|%0A|%25|%0D%0A|100%|\\*a| a |#a";
    let path = prop::collection::vec(name, 1..4);
    let content = prop::collection::vec(any::<u8>(), 1..200);
    prop::collection::vec((path, content), 1..8).prop_map(|files| {
        let mut found = BTreeMap::new();
        for (index, (path, content)) in files.into_iter().enumerate() {
            // A folder a file keeps the paths from standing in each other's way; a backslash before two full stops is a way
            // out of the bag on Windows and refused.
            let safe = |name: &String| !matches!(name.as_str(), "." | "..") && !name.contains("..");
            if path.iter().all(safe) {
                found.insert(format!("data/{index}/{}", path.join("/")), content);
            }
        }
        found.insert("data/plain.csv".to_owned(), b"plain".to_vec());
        found
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_sealed_folder_is_valid_and_seals_to_the_same_bytes(files in files()) {
        let (one, other) = (sealed(&files), sealed(&files));
        let verdict = verify(one.path());
        prop_assert!(verdict.valid && verdict.complete, "{verdict}");
        prop_assert_eq!(verdict.payload_files, files.len() as u64);
        for name in ["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"] {
            prop_assert_eq!(std::fs::read(one.path().join(name)).ok(), std::fs::read(other.path().join(name)).ok());
        }
    }

    #[test]
    fn a_flipped_bit_names_exactly_that_file(files in files(), choice in any::<prop::sample::Index>(), bit in 0_usize..8) {
        let folder = sealed(&files);
        let (path, content) = choice.get(&files.iter().collect::<Vec<_>>()).to_owned();
        let mut changed = content.clone();
        let place = choice.index(changed.len());
        changed[place] ^= 1 << bit;
        write(folder.path(), path, &changed);
        let verdict = verify(folder.path());
        prop_assert!(verdict.complete && !verdict.valid, "{verdict}");
        prop_assert_eq!(errors(&verdict), BTreeSet::from([(FaultKind::DigestMismatch, path.clone())]));
    }

    #[test]
    fn a_removed_file_is_named_and_no_other(files in files(), choice in any::<prop::sample::Index>()) {
        let folder = sealed(&files);
        let path = choice.get(&files.keys().collect::<Vec<_>>()).to_owned();
        std::fs::remove_file(folder.path().join(path)).expect("the file can be removed");
        let verdict = verify(folder.path());
        prop_assert!(!verdict.complete && !verdict.valid);
        prop_assert_eq!(errors(&verdict), BTreeSet::from([(FaultKind::MissingFile, path.clone())]));
    }

    #[test]
    fn an_added_file_is_named_and_no_other(files in files(), name in "[a-z%\n ]{1,8}") {
        let folder = sealed(&files);
        let path = format!("data/added/{name}");
        write(folder.path(), &path, b"");
        let verdict = verify(folder.path());
        prop_assert!(!verdict.complete && !verdict.valid);
        prop_assert_eq!(errors(&verdict), BTreeSet::from([(FaultKind::ExtraFile, path)]));
    }

    #[test]
    fn a_renamed_file_is_missing_under_its_old_name_and_extra_under_its_new(
        files in files(), choice in any::<prop::sample::Index>(),
    ) {
        let folder = sealed(&files);
        let path = choice.get(&files.keys().collect::<Vec<_>>()).to_owned();
        let renamed = "data/renamed".to_owned();
        std::fs::rename(folder.path().join(path), folder.path().join(&renamed)).expect("the file can be renamed");
        let expected = BTreeSet::from([(FaultKind::MissingFile, path.clone()), (FaultKind::ExtraFile, renamed)]);
        prop_assert_eq!(errors(&verify(folder.path())), expected);
    }
}

fn small() -> BTreeMap<String, Vec<u8>> {
    BTreeMap::from([("data/a.csv".to_owned(), b"one".to_vec()), ("data/b.csv".to_owned(), b"two".to_vec())])
}

/// The kinds of all faults after a change to a sound bag.
fn after(change: impl FnOnce(&Path)) -> BTreeSet<FaultKind> {
    let folder = sealed(&small());
    change(folder.path());
    verify(folder.path()).faults.into_iter().map(|fault| fault.kind).collect()
}

/// Replaces a manifest and leaves the tag manifest away, so that only the change itself is a fault.
fn relist(root: &Path, edit: impl FnOnce(String) -> String) {
    let text = std::fs::read_to_string(root.join("manifest-sha256.txt")).expect("the manifest can be read");
    std::fs::remove_file(root.join("tagmanifest-sha256.txt")).expect("the tag manifest can be removed");
    write(root, "manifest-sha256.txt", edit(text).as_bytes());
}

#[test]
fn a_changed_tag_file_is_named() {
    let folder = sealed(&small());
    write(folder.path(), "bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: utf-8\n");
    let expected = BTreeSet::from([(FaultKind::DigestMismatch, "bagit.txt".to_owned())]);
    assert_eq!(errors(&verify(folder.path())), expected);
}

#[test]
fn every_fault_is_reported_at_once() {
    let folder = sealed(&small());
    write(folder.path(), "data/a.csv", b"ONE");
    std::fs::remove_file(folder.path().join("data/b.csv")).unwrap();
    write(folder.path(), "data/c.csv", b"two");
    std::fs::remove_file(folder.path().join("bag-info.txt")).unwrap();
    let found = errors(&verify(folder.path()));
    let expected = [
        (FaultKind::DigestMismatch, "data/a.csv"),
        (FaultKind::MissingFile, "data/b.csv"),
        (FaultKind::MissingFile, "bag-info.txt"),
        (FaultKind::ExtraFile, "data/c.csv"),
    ];
    assert_eq!(found, expected.into_iter().map(|(kind, path)| (kind, path.to_owned())).collect());
}

#[test]
fn links_devices_and_files_beside_the_payload_are_seen() {
    let link = |target: &'static str| {
        move |root: &Path| {
            std::fs::remove_file(root.join("data/a.csv")).unwrap();
            std::os::unix::fs::symlink(target, root.join("data/a.csv")).unwrap();
        }
    };
    assert!(after(link("/etc/passwd")).contains(&FaultKind::SymbolicLink));
    assert!(after(link("b.csv")).contains(&FaultKind::DigestMismatch));
    let socket = after(|root| drop(std::os::unix::net::UnixListener::bind(root.join("data/socket")).unwrap()));
    assert_eq!(socket, BTreeSet::from([FaultKind::SpecialFile]));
    let note = after(|root| write(root, "notes.txt", b"beside"));
    assert_eq!(note, BTreeSet::from([FaultKind::UnlistedTagFile]));
}

#[test]
fn tag_files_that_nothing_vouches_for_are_named_and_the_bag_is_no_less_valid() {
    let folder = sealed(&small());
    assert!(verify(folder.path()).unvouched_tag_files.is_empty());
    std::fs::remove_file(folder.path().join("tagmanifest-sha256.txt")).unwrap();
    let verdict = verify(folder.path());
    assert!(verdict.valid && verdict.faults.is_empty(), "{verdict}");
    let told = "there is no tag manifest, so a change of these files would not be found: bag-info.txt, bagit.txt, manifest-sha256.txt\n";
    assert!(verdict.to_string().contains(told), "{verdict}");
}

#[test]
fn a_folder_that_is_no_bag_says_so() {
    let nothing = verify(Path::new("no/such/folder"));
    assert!(nothing.errors().any(|fault| fault.kind == FaultKind::NotAFolder));
    let folder = tempfile::tempdir().unwrap();
    let kinds: BTreeSet<_> = verify(folder.path()).faults.into_iter().map(|fault| fault.kind).collect();
    let expected = [FaultKind::MissingDeclaration, FaultKind::MissingPayloadFolder, FaultKind::MissingPayloadManifest];
    assert_eq!(kinds, expected.into_iter().collect());
}

#[test]
fn version_1_0_demands_what_earlier_versions_tolerated() {
    let twice = |text: String| text.lines().map(|line| format!("{line}\n{line}\n")).collect::<String>();
    let folder = sealed(&small());
    relist(folder.path(), twice);
    assert_eq!(errors(&verify(folder.path())).len(), 2);
    write(folder.path(), "bagit.txt", b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n");
    let verdict = verify(folder.path());
    assert!(verdict.valid && verdict.warnings().count() == 2, "{verdict}");
}

#[test]
fn versions_that_do_not_exist_are_refused() {
    for version in ["0.92", "1.1", "2.0", "99999999999.0"] {
        let kinds = after(|root| {
            relist(root, |text| text);
            let text = format!("BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n");
            write(root, "bagit.txt", text.as_bytes());
        });
        assert_eq!(kinds.len(), 1, "{version}: {kinds:?}");
    }
}

#[test]
fn a_file_to_be_fetched_is_not_simply_missing() {
    let kinds = after(|root| {
        relist(root, |text| text);
        std::fs::remove_file(root.join("bag-info.txt")).unwrap();
        std::fs::remove_file(root.join("data/a.csv")).unwrap();
        write(root, "fetch.txt", b"https://example.org/a.csv 3 data/a.csv\n");
    });
    assert_eq!(kinds, BTreeSet::from([FaultKind::NotFetched]));
    let stray = after(|root| {
        relist(root, |text| text);
        write(root, "fetch.txt", b"https://example.org/c.csv - data/c.csv\n");
    });
    assert_eq!(stray, BTreeSet::from([FaultKind::FetchNotInManifest]));
}

#[test]
fn a_wrong_payload_oxum_is_an_error_although_every_checksum_is_right() {
    for (oxum, kind) in [
        ("6.3", FaultKind::PayloadCount),
        ("7.2", FaultKind::PayloadSize),
        ("6", FaultKind::MalformedPayloadOxum),
        ("6.2.1", FaultKind::MalformedPayloadOxum),
        ("-6.2", FaultKind::MalformedPayloadOxum),
        (".", FaultKind::MalformedPayloadOxum),
    ] {
        let kinds = after(|root| {
            relist(root, |text| text);
            write(root, "bag-info.txt", format!("Payload-Oxum: {oxum}\n").as_bytes());
        });
        assert_eq!(kinds, BTreeSet::from([kind]), "{oxum}");
    }
}

#[test]
fn an_unknown_algorithm_alone_vouches_for_nothing() {
    let rename = |root: &Path| {
        relist(root, |text| text);
        std::fs::rename(root.join("manifest-sha256.txt"), root.join("manifest-blake3.txt")).unwrap();
    };
    let folder = sealed(&small());
    rename(folder.path());
    let verdict = verify(folder.path());
    assert!(!verdict.valid, "{verdict}");
    assert!(verdict.errors().all(|fault| fault.kind == FaultKind::UnsupportedAlgorithm), "{verdict}");
}

#[test]
fn the_two_forms_of_an_accented_name_are_the_same_file() {
    let files = BTreeMap::from([("data/Núñez.csv".to_owned(), b"x".to_vec())]);
    let folder = sealed(&files);
    std::fs::rename(folder.path().join("data/Núñez.csv"), folder.path().join("data/Nu\u{301}n\u{303}ez.csv")).unwrap();
    let verdict = verify(folder.path());
    assert!(verdict.valid, "{verdict}");
    assert!(verdict.warnings().any(|fault| fault.kind == FaultKind::NormalizationClash));
}

#[test]
fn version_1_0_misses_a_file_although_its_twin_in_other_case_is_there_and_an_unasked_one() {
    for (kept, removed) in [("data/a.csv", "data/A.csv"), ("data/a.csv", "data/.DS_Store")] {
        let files = [kept, removed].map(|path| (path.to_owned(), b"same".to_vec()));
        let folder = sealed(&BTreeMap::from(files));
        std::fs::remove_file(folder.path().join(removed)).unwrap();
        let expected = BTreeSet::from([(FaultKind::MissingFile, removed.to_owned())]);
        assert_eq!(errors(&verify(folder.path())), expected);
    }
}

#[test]
fn an_output_staged_sealed_and_published_is_a_valid_bag() {
    let place = tempfile::tempdir().unwrap();
    let staging = crate::fs::staging::Staging::create(&place.path().join("2026-10")).unwrap();
    let mut staging = staging.with_sha512(true);
    for path in ["data/findings.csv", "data/worklists/coders.csv"] {
        staging.write(path, path.as_bytes()).unwrap();
    }
    std::fs::write(staging.folder().join("data/statistics.xlsx"), "written by a seeking writer").unwrap();
    let algorithms = SealAlgorithms::of(&SealAlgorithms::ALL).unwrap();
    seal(&staging.folder(), &information(), &staging.written(), &algorithms).unwrap();
    let done = commit(&mut staging, ("2026-10", Way::FreeName), &algorithms.last_file(), None, &|| {});
    assert!(matches!(done, Ok(Committed::Published(None))));
    let verdict = verify(&place.path().join("2026-10"));
    assert!(verdict.valid && verdict.faults.is_empty(), "{verdict}");
    assert_eq!(
        (verdict.payload_files, verdict.algorithms.as_slice()),
        (3, &["sha256", "sha512"].map(str::to_owned)[..])
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_content_of_a_tag_file_stops_the_examination(
        name in "bagit\\.txt|bag-info\\.txt|manifest-(sha256|md5|x)\\.txt|tagmanifest-(sha256|sha1)\\.txt|fetch\\.txt",
        encoding in "UTF-8|UTF-16|ISO-8859-1|shift_jis|x",
        content in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "([0-9a-f]{64}|http:x|Payload-Oxum:) ?[*\\\\]?( |[0-9.]*|-) ?(data/|\\.\\./|~|%)[a-z%0A/.\r\n]*".prop_map(String::into_bytes),
        ],
    ) {
        let folder = sealed(&small());
        let declaration = format!("BagIt-Version: 0.97\nTag-File-Character-Encoding: {encoding}\n");
        write(folder.path(), "bagit.txt", declaration.as_bytes());
        write(folder.path(), &name, &content);
        let verdict = verify(folder.path());
        let seal_stands = name != "tagmanifest-sha256.txt";
        prop_assert!(!(verdict.valid && seal_stands), "the tag manifest seals the old declaration");
        prop_assert!(serde_json::to_string(&verdict).is_ok() && !verdict.to_string().is_empty());
    }
}
