//! Places that a run cannot write to: whatever can fail for want of room or of a right fails before anything is published, and is said beforehand.

use std::{
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use crate::{
    command::{chartroom, printed},
    faults::{site::picture, trace::has_strace},
    publication::{export, night, site, worklist},
};

/// Names in the folder of the outputs, hidden ones too.
fn names(work: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(work.join("site/out")).into_iter().flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A night in which every call of a kind on a path meets a fault.
fn faulted(work: &Path, calls: &str, path: &Path, error: &str) -> (String, String, i32) {
    let mut command = Command::new("strace");
    command.current_dir(work).args(["-f", "-qq", "-o", "/dev/null", "-P"]).arg(path);
    command.args(["-e", &format!("trace={calls}"), "-e", &format!("inject={calls}:error={error}")]);
    command.arg(env!("CARGO_BIN_EXE_chartroom")).args(["run", "site/nightly.toml", "--as-of", "2020-03-11"]);
    printed(&command.output().expect("strace starts"))
}

/// The folder in which the copies of the worklists are written, as it is made: before it bears its mark its name ends in digits.
fn folder_of_copies(work: &Path) -> PathBuf {
    let log = work.join("mkdir.log");
    let mut command = Command::new("strace");
    command.current_dir(work).args(["-f", "-qq", "-e", "trace=mkdir", "-o"]).arg(&log);
    command.arg(env!("CARGO_BIN_EXE_chartroom")).args(["run", "site/nightly.toml", "--as-of", "2020-03-11"]);
    assert_eq!(printed(&command.output().expect("strace starts")).2, 0);
    let log = std::fs::read_to_string(log).expect("a log");
    let made = log.split('"').find(|name| name.contains("worklists/nightly/.files."));
    PathBuf::from(made.expect("a folder is made for the copies"))
}

#[test]
fn worklists_that_cannot_be_made_and_a_link_that_cannot_are_74_before_anything_is_published() {
    if !has_strace() {
        return;
    }
    let undisturbed = site("state = \"state\"\nkeep_outputs_days = 1");
    export(undisturbed.path(), &[7]);
    assert_eq!(night(undisturbed.path(), "2020-03-09", &[]).2, 0);
    export(undisturbed.path(), &[7, 8]);
    let made = folder_of_copies(undisturbed.path());
    let right = picture(&undisturbed.path().join("site/out"));
    let lists = PathBuf::from("site/out/worklists/nightly/.files.at-work");
    let at_work = PathBuf::from("site/out/.nightly-as-of-2020-03-11.at-work");
    // A copy, the record while the copies take their places, and the one after it; the folder that they are written in; the link; where old folders go.
    let mut places = vec![("mkdir", made), ("symlink", at_work.join("link")), ("mkdir", at_work.join("removed"))];
    places.extend(["file-0", "file-1", "file-2"].map(|name| ("openat", lists.join(name))));
    for error in ["EROFS", "ENOSPC", "EACCES"] {
        for (call, path) in &places {
            let work = site("state = \"state\"\nkeep_outputs_days = 1");
            export(work.path(), &[7]);
            assert_eq!(night(work.path(), "2020-03-09", &[]).2, 0);
            let before = ["out", "state"].map(|folder| picture(&work.path().join("site").join(folder)));
            export(work.path(), &[7, 8]);
            let (account, errors, code) = faulted(work.path(), call, path, error);
            let place = format!("{error} {call} {}: {errors}", path.display());
            assert_eq!((account.as_str(), code), ("", 74), "{place}");
            assert!(!errors.contains("error: published"), "{place}");
            if path.starts_with("site/out/worklists") {
                assert!(errors.contains("nothing was published"), "{place}");
                let to_do =
                    if error == "ENOSPC" { "make room on the disk of" } else { "name another folder: `worklists`" };
                assert!(errors.contains(to_do), "{place}");
            }
            let after = ["out", "state"].map(|folder| picture(&work.path().join("site").join(folder)));
            assert_eq!(after, before, "{place}");
            let (_, errors, code) = night(work.path(), "2020-03-11", &[]);
            assert_eq!((errors.as_str(), code), ("", 0), "{place}");
            assert_eq!(picture(&work.path().join("site/out")), right, "{place}");
        }
    }
}

#[test]
fn a_place_that_is_none_is_said_alike_by_run_check_and_doctor_and_nothing_is_published() {
    type Spoil = fn(&Path);
    let spoils: [(&str, &str, Spoil); 4] = [
        ("worklists = \"lists\"", "lists", |site| std::fs::write(site.join("lists"), "a letter").expect("written")),
        ("worklists = \"lists\"", "lists", |site| symlink("/an/unmounted/share", site.join("lists")).expect("linked")),
        ("", "out/worklists/nightly", |site| {
            std::fs::create_dir_all(site.join("out/worklists")).expect("made");
            std::fs::write(site.join("out/worklists/nightly"), "a letter").expect("written");
        }),
        ("", "out/nightly-latest", |site| std::fs::create_dir_all(site.join("out/nightly-latest")).expect("made")),
    ];
    for (top, place, spoil) in spoils {
        let work = site(top);
        export(work.path(), &[7]);
        spoil(&work.path().join("site"));
        let before = names(work.path());
        for (command, expected) in [("run", 74), ("check", 74), ("doctor", 1)] {
            let output = chartroom(work.path()).args([command, "site/nightly.toml"]).output().expect("starts");
            let (account, errors, code) = printed(&output);
            let said = account + &errors;
            assert_eq!(code, expected, "{command}: {said}");
            assert!(said.contains(&format!("site/{place}")), "{command}: {said}");
            assert!(said.contains("`worklists`") || said.contains(" away"), "{command}: what to do: {said}");
        }
        let after: Vec<String> = names(work.path()).into_iter().filter(|name| !before.contains(name)).collect();
        assert_eq!(after, Vec::<String>::new(), "{place}");
    }
}

/// Where the copies lie among the sealed folders, publishing needs the lock of the folder that the copies are written in.
#[test]
fn copies_that_lie_in_the_folder_of_the_outputs_do_not_make_a_run_wait_for_itself() {
    let work = site("output = \"lists/nightly\"\nworklists = \"lists\"");
    for (day, wrong) in [("2020-03-10", &[7][..]), ("2020-03-11", &[7, 8])] {
        export(work.path(), wrong);
        let mut command = chartroom(work.path());
        let mut child = command.args(["run", "site/nightly.toml", "--quiet", "--as-of", day]).spawn().expect("starts");
        let begun = Instant::now();
        let status = loop {
            match child.try_wait().expect("asked") {
                Some(status) => break status.code(),
                None if begun.elapsed() > Duration::from_secs(60) => {
                    child.kill().expect("killed");
                    break None;
                }
                None => std::thread::sleep(Duration::from_millis(20)),
            }
        };
        assert_eq!(status, Some(0), "{day}");
        assert_eq!(worklist(&work.path().join("site/lists/nightly")).lines().count(), wrong.len() + 1);
    }
}
