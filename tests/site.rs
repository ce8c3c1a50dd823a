//! A new site, as `chartroom init` makes it: it works on the spot, and nothing of it is ever written over.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::command::{chartroom, printed, results};

/// Runs the program in a folder: what it printed, its errors, its exit code.
fn in_folder(folder: &Path, arguments: &[&str]) -> (String, String, i32) {
    printed(&chartroom(folder).args(arguments).output().expect("the program starts"))
}

/// A new site made on a day.
fn site(as_of: &str) -> tempfile::TempDir {
    let work = tempfile::tempdir().expect("a folder");
    let (_, errors, code) = in_folder(work.path(), &["init", "night", "--as-of", as_of]);
    assert_eq!((errors.as_str(), code), ("", 0));
    work
}

/// Every file below a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                open.push(entry)
            } else {
                drop(found.insert(entry.clone(), fs::read(entry).expect("read")))
            }
        }
    }
    found
}

#[test]
fn the_run_of_a_new_site_is_clean_on_any_day_and_its_account_alarms_nobody() {
    // Leap days, turns of the year and of the fiscal year, the ends of the shipped tables and a day long after them.
    for day in [
        "2016-01-01",
        "2024-02-29",
        "2024-03-01",
        "2026-10-01",
        "2026-11-29",
        "2027-01-01",
        "2027-04-02",
        "2027-10-02",
        "2031-07-15",
    ] {
        let work = site(day);
        let (account, errors, code) = in_folder(work.path(), &["run", "night/nightly.toml", "--as-of", day]);
        assert_eq!((errors.as_str(), code), ("", 0), "{day}: {account}");
        let (said, outputs) = account.split_once("\noutputs\n").expect("an account");
        let lines: Vec<&str> = said.lines().skip(2).collect();
        // The account has these lines and no other: no input that was not used, no condition that was not kept, nothing delinquent.
        let expected = [
            "files                2   rows read 17, accepted 17, quarantined 0, duplicate 0",
            "encounters           5   in statistics 5, rejected 0, outside the period 0, undated 0, undecided 0",
            "findings             0   fatal 0, error 0, warning 0, info 0",
            "conformity           5   passed 4, passed with failed rows 0, failed 0, not applicable 1",
            "codes               14   valid 14, mapped 0, for a coder 0, unresolved 0",
            "deficiencies         0   incomplete records 0, of them delinquent 0",
        ];
        assert_eq!(lines, expected, "{day}");
        assert!(outputs.contains("newest: night/out/nightly-examination-latest"), "{outputs}");
        assert_eq!(results(&work.path().join("night/out"))["encounters"]["examined"], 5);
        // The next night, with nothing new in the inbox, is as quiet.
        let next = chartroom::record::date::Day::from_iso(day).expect("a day").0 + 1;
        let next = chartroom::record::date::Day(next).to_string();
        let (account, errors, code) = in_folder(work.path(), &["run", "night/nightly.toml", "--as-of", &next]);
        assert_eq!((errors.as_str(), code), ("", 0), "{next}: {account}");
        assert!(account.contains(expected[2]), "{next}: {account}");
    }
}

#[test]
fn a_second_init_writes_over_nothing_and_names_what_was_there() {
    let work = site("2026-11-29");
    let night = work.path().join("night");
    fs::write(night.join("nightly.toml"), "title = \"Mine\"\n").expect("written");
    fs::remove_file(night.join("layouts/staff-file.toml")).expect("removed");
    let before = files(&night);
    let (said, errors, code) = in_folder(work.path(), &["init", "night", "--as-of", "2026-11-29"]);
    assert_eq!((errors.as_str(), code), ("", 0));
    let mut after = files(&night);
    after.remove(&night.join("layouts/staff-file.toml")).expect("made again");
    assert!(before == after, "a file was written over");
    for file in before.keys() {
        let name = file.strip_prefix(work.path()).expect("inside").display().to_string();
        assert!(said.lines().any(|line| line.contains("was there, left as it is") && line.ends_with(&name)), "{name}");
    }
    assert_eq!(said.matches("  made ").count(), 1, "{said}");
}

#[test]
fn invented_records_are_never_put_beside_others() {
    let work = site("2026-11-29");
    let (said, _, code) = in_folder(work.path(), &["init", "night", "--as-of", "2026-12-24"]);
    assert_eq!(code, 0);
    assert!(said.contains("no example records: night/inbox holds other files (2)"), "{said}");
    assert_eq!(fs::read_dir(work.path().join("night/inbox")).expect("the inbox").count(), 2);
}

#[test]
fn what_cannot_be_made_is_said_and_a_wrong_day_is_a_fault_of_the_command_line() {
    let work = tempfile::tempdir().expect("a folder");
    fs::write(work.path().join("night"), "a letter").expect("written");
    let (_, errors, code) = in_folder(work.path(), &["init", "night"]);
    assert_eq!(code, 74);
    assert!(errors.starts_with("error: cannot write night"), "{errors}");
    assert_eq!(fs::read_to_string(work.path().join("night")).expect("read"), "a letter");
    for day in ["yesterday", "2015-09-30", "2100-01-01"] {
        assert_eq!(in_folder(work.path(), &["init", "other", "--as-of", day]).2, 2, "{day}");
    }
    assert!(!work.path().join("other").exists());
}

#[test]
fn everything_of_a_site_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let work = site("2026-11-29");
    for (file, _) in files(&work.path().join("night")) {
        let mode = fs::metadata(&file).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.display());
        let folder = fs::metadata(file.parent().expect("a folder")).expect("there").permissions().mode() & 0o777;
        assert_eq!(folder, 0o700, "{}", file.display());
    }
}
