//! The Library of Congress conformance suite: every bag gets the verdict that its folder's name demands.
//!
//! The suites are the archives (`*.tar.gz`) under `samples/bagit` of the reference folder, or bags unpacked there. A bag is any
//! folder directly below one named `valid`, `invalid`, `warning`, `linux-only` or `windows-only`.

use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use super::verdict::FaultKind;
use super::verify::verify;
use crate::shared_folder;

/// The folder of the suites in the reference folder.
const SUITES: &str = "samples/bagit";

fn bags(folder: &Path, found: &mut Vec<(String, PathBuf)>) {
    const EXPECTATIONS: [&str; 5] = ["valid", "invalid", "warning", "linux-only", "windows-only"];
    let mut children: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder can be listed")
        .map(|child| child.expect("the entry can be read").path())
        .filter(|child| child.is_dir())
        .collect();
    children.sort();
    let expectation = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    for child in children {
        if EXPECTATIONS.contains(&&*expectation) {
            found.push((expectation.clone(), child));
        } else {
            bags(&child, found);
        }
    }
}

/// Unpacks every archive of the suites; `None` where there is no folder of them.
fn unpacked() -> Option<tempfile::TempDir> {
    let archives = std::fs::read_dir(shared_folder::path(SUITES)?).expect("listed");
    let place = tempfile::tempdir().expect("a temporary folder");
    for (number, entry) in archives.enumerate() {
        let path = entry.expect("the entry can be read").path();
        if path.to_string_lossy().ends_with(".tar.gz") {
            let file = std::fs::File::open(&path).expect("the archive can be opened");
            let target = place.path().join(number.to_string());
            tar::Archive::new(GzDecoder::new(file)).unpack(target).expect("the archive can be unpacked");
        }
    }
    Some(place)
}

#[test]
fn every_bag_of_the_conformance_suite_gets_the_right_verdict() {
    let Some(place) = unpacked() else { return };
    let mut found = Vec::new();
    bags(place.path(), &mut found);
    if let Some(suites) = shared_folder::path(SUITES) {
        bags(&suites, &mut found);
    }
    let mut wrong = Vec::new();
    for (expectation, bag) in &found {
        let verdict = verify(bag);
        let right = match expectation.as_str() {
            "valid" => verdict.valid && verdict.complete,
            "warning" => verdict.valid && verdict.warnings().next().is_some(),
            // Paths that lead out of the bag on one platform are refused on all.
            _ => !verdict.valid && verdict.errors().next().is_some(),
        };
        if !right {
            wrong.push(format!("{} should be {expectation}:\n{verdict}", bag.display()));
        }
    }
    shared_folder::total(SUITES, "bags", found.len(), found.len() - wrong.len(), 60);
    assert!(wrong.is_empty(), "{} of {} bags:\n{}", wrong.len(), found.len(), wrong.join("\n"));
}

/// The fault each invalid bag was made for, told by its name, is among those reported: it is not invalid by accident.
#[test]
fn invalid_bags_are_refused_for_the_fault_they_are_named_after() {
    let Some(place) = unpacked() else { return };
    let mut found = Vec::new();
    bags(place.path(), &mut found);
    let reasons = [
        ("missing-bagit.txt", FaultKind::MissingDeclaration),
        ("baginfo-missing-encoding", FaultKind::MalformedDeclaration),
        ("bom-in-bagit.txt", FaultKind::ByteOrderMark),
        ("corrupt-data-file", FaultKind::DigestMismatch),
        ("corrupt-tag-file", FaultKind::DigestMismatch),
        ("extra-file-in-bag", FaultKind::ExtraFile),
        ("invalid-version-number", FaultKind::MalformedDeclaration),
        ("missing-baginfo", FaultKind::MissingFile),
        ("out-of-scope", FaultKind::UnsafePath),
        ("bagit-with-invalid-whitespace", FaultKind::MalformedDeclaration),
        ("notAllManifestsListAllFiles", FaultKind::ExtraFile),
        ("duplicate-file-with-different-case", FaultKind::CaseClash),
        ("made-with-md5sum-tools", FaultKind::ChecksumToolFormat),
        ("relative-path", FaultKind::RelativePath),
        ("different-normalization", FaultKind::NormalizationClash),
        ("same-filename-listed-twice", FaultKind::RepeatedEntry),
        ("special-system-files", FaultKind::SystemFile),
    ];
    for (expectation, bag) in found.iter().filter(|(expectation, _)| expectation != "valid") {
        let name = bag.file_name().expect("a bag has a name").to_string_lossy();
        let verdict = verify(bag);
        if let Some((_, kind)) = reasons.iter().find(|(part, _)| name.contains(part)) {
            let reported = verdict.faults.iter().any(|fault| fault.kind == *kind);
            assert!(reported, "{expectation}/{name} lacks {}:\n{verdict}", kind.name());
        }
    }
}
