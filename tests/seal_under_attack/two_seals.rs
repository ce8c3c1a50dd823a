//! Folders sealed with SHA-512, and with SHA-256 and SHA-512.

use std::{path::Path, process::Command};

use chartroom::archive::{own_seal::own_seal, verify::verify_by_rfc};

use super::{codes, files, folder::Folder, mutate, sealed_with, tag_files};
use crate::command::{chartroom, printed, run_folder};

const BOTH: &str = "checksum_algorithms = [\"sha512\", \"sha256\"]\n";
const SHA512: &str = "checksum_algorithms = \"sha512\"\n";

/// Mutations of each kind; a thousand are tried on a folder with one seal.
const OF_EACH_KIND: u64 = 30;

/// The names of the manifests in a folder.
fn manifests(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().expect("text")).collect();
    names.retain(|name| name.contains("manifest-"));
    names.sort();
    names
}

/// Each manifest is read by the tools of the system, which know nothing of this program: they find every file, and every file but the tag manifests is in one.
#[test]
fn the_tools_of_the_system_find_every_file_as_each_manifest_says() {
    for (more, algorithms) in [("", &["sha256"][..]), (SHA512, &["sha512"]), (BOTH, &["sha256", "sha512"])] {
        let work = tempfile::tempdir().expect("a folder");
        let root = sealed_with(work.path(), more);
        let names = |kind: &str| algorithms.iter().map(|name| format!("{kind}-{name}.txt")).collect::<Vec<_>>();
        assert_eq!(manifests(&root), [names("manifest"), names("tagmanifest")].concat());
        let folder = Folder::of(&root);
        for algorithm in algorithms {
            for (name, files) in [("manifest", folder.payload.len()), ("tagmanifest", 2 + algorithms.len())] {
                let name = format!("{name}-{algorithm}.txt");
                assert_eq!(folder.text(&name).lines().count(), files, "{name}");
                let tool = format!("{algorithm}sum");
                match Command::new(&tool).args(["--check", "--strict", "--quiet", &name]).current_dir(&root).output() {
                    Ok(checked) => assert!(checked.status.success(), "{name}: {checked:?}"),
                    Err(_) => eprintln!("skipped: {tool} is not on this machine"),
                }
            }
        }
        assert_eq!(codes(&root), (0, 0), "{more}");
        let found: Vec<String> = verify_by_rfc(&root).algorithms;
        assert_eq!(found, algorithms);
        assert!(own_seal(&root).is_some());
    }
}

#[test]
fn whatever_is_done_to_a_folder_with_two_seals_is_found() {
    let work = tempfile::tempdir().expect("a folder");
    let root = sealed_with(work.path(), BOTH);
    let outside = work.path().join("outside");
    std::fs::create_dir(&outside).expect("made");
    let folder = Folder::of(&root);
    let kinds = files::KINDS.iter().chain(tag_files::KINDS);
    let missed: Vec<String> = kinds.flat_map(|kind| mutate(&folder, *kind, &outside, OF_EACH_KIND)).collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// Whatever a folder was sealed with, a run with another setting knows it for this pipeline's own, leaves it, replaces it when asked, and removes it when it is old.
#[test]
fn a_folder_sealed_otherwise_before_is_this_programs_own() {
    let settings = ["", SHA512, BOTH];
    for before in settings {
        for now in settings.into_iter().filter(|now| *now != before) {
            let work = tempfile::tempdir().expect("a folder");
            let run = |more: &[&str]| {
                let mut command = chartroom(work.path());
                printed(&command.args(["run", "nightly.toml"]).args(more).output().expect("it starts"))
            };
            let first = sealed_with(work.path(), before);
            let pipeline = std::fs::read_to_string(work.path().join("nightly.toml")).expect("read");
            let pipeline = pipeline.replacen(before, "", 1).replace("[archive]\n", &format!("[archive]\n{now}"));
            std::fs::write(work.path().join("nightly.toml"), format!("keep_outputs_days = 2\n{pipeline}"))
                .expect("written");
            assert_eq!(codes(&first), (0, 0));
            let (text, errors, code) = run(&["--as-of", "2020-04-01", "--replace"]);
            assert_eq!(code, 0, "{text}{errors}");
            assert!(text.contains("replaced what lay in"), "{text}");
            assert_eq!((run_folder(&work.path().join("out")), codes(&first)), (first.clone(), (0, 0)));
            assert_eq!(manifests(&first).len(), if now == BOTH { 4 } else { 2 });
            // Once more the same: nothing to do.
            let (text, errors, code) = run(&["--as-of", "2020-04-01"]);
            assert!(code == 0 && text.contains("nothing to do"), "{text}{errors}");
            let (text, errors, code) =
                printed(&chartroom(work.path()).args(["doctor", "nightly.toml"]).output().expect("it starts"));
            assert!(!text.contains("no longer what was sealed"), "{code} {text}{errors}");
            let (text, errors, code) = run(&["--as-of", "2020-04-09"]);
            assert!(code == 0 && text.contains("removed, older than 2 days"), "{text}{errors}");
            assert!(!first.exists());
        }
    }
}

#[test]
fn a_wrong_algorithm_is_refused_with_advice() {
    let work = tempfile::tempdir().expect("a folder");
    sealed_with(work.path(), "");
    let pipeline = std::fs::read_to_string(work.path().join("nightly.toml")).expect("read");
    for (written, told) in [
        ("\"SHA-512\"", "did you mean `sha512`?"),
        ("\"md5\"", "write one of: sha256, sha512"),
        ("[]", "`checksum_algorithms` names nothing"),
        ("256", "must be a text in quotes or a list of them"),
    ] {
        let line = format!("[archive]\nchecksum_algorithms = {written}\n");
        std::fs::write(work.path().join("nightly.toml"), pipeline.replace("[archive]\n", &line)).expect("written");
        let (text, errors, code) =
            printed(&chartroom(work.path()).args(["check", "nightly.toml"]).output().expect("it starts"));
        assert_eq!(code, 2, "{written}: {text}{errors}");
        assert!(errors.contains(told), "{written}: {errors}");
    }
}
