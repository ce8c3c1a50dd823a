//! What is remembered, under attack: damaged files of the state, folders that take no files, full disks, and runs that are killed while they publish.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    catalogue::{self, edit},
    command::{chartroom, printed},
    faults::trace::has_strace,
};

const LAYOUT: &str = "title = \"Visits\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"visit\"\nsex = \"sex\"\nfacility_id = \"ward\"\n\
    admission_date = { column = \"admitted\", formats = [\"%Y-%m-%d\"] }\n\
    discharge_date = { column = \"left\", formats = [\"%Y-%m-%d\"] }\n";

/// A site whose runs remember files and months.
fn site() -> tempfile::TempDir {
    let work = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(work.path().join("inbox")).expect("made");
    std::fs::write(work.path().join("visits.toml"), LAYOUT).expect("written");
    let pipeline = "title = \"Nightly\"\nstate = \"state\"\nperiod = \"2020-03\"\n[[ingest]]\nname = \"visits\"\nfiles = \"inbox/visits*.csv\"\nlayout = \"visits.toml\"\n\
        [statistics]\nformat = \"text\"\n";
    std::fs::write(work.path().join("nightly.toml"), pipeline).expect("written");
    export(work.path(), "visits-1.csv", 1);
    work
}

fn export(work: &Path, name: &str, visits: u32) {
    let mut text = "visit,sex,ward,admitted,left\n".to_owned();
    for visit in 0..visits {
        text.push_str(&format!("{name}-{visit},F,North,2020-03-01,2020-03-04\n"));
    }
    std::fs::write(work.join("inbox").join(name), text).expect("written");
}

fn night(work: &Path, day: &str) -> (String, String, i32) {
    printed(&chartroom(work).args(["run", "nightly.toml", "--as-of", day]).output().expect("the program starts"))
}

/// Names in a folder, hidden ones too.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

const STATE: &str = "state/catalogue.sqlite";

fn text(path: PathBuf) -> Vec<u8> {
    std::fs::read(path).unwrap_or_default()
}

/// Run, check and doctor say the same of a state that is damaged, once, and change nothing.
fn is_told(work: &Path, what: &str, words: &str) {
    let (damaged, outputs) = (text(work.join(STATE)), names(&work.join("out")));
    let mut sentence = String::new();
    for (command, expected) in [("run", 74), ("check", 74), ("doctor", 1)] {
        let day: &[&str] = if command == "check" { &[] } else { &["--as-of", "2020-04-03"] };
        let output = chartroom(work).args([command, "nightly.toml"]).args(day).output().expect("starts");
        let (account, errors, code) = printed(&output);
        let said = account + &errors;
        assert_eq!(code, expected, "{what}: {command}: {said}");
        assert!(said.contains(words) && said.contains("chartroom state restore"), "{what}: {command}: {said}");
        assert_eq!(said.matches(STATE).count(), 1, "{what}: {command}: said once: {said}");
        if command == "run" {
            sentence = errors.trim_start_matches("error: ").trim_end().to_owned();
        }
        assert!(said.contains(&sentence), "{command} says the same: {sentence}");
    }
    assert_eq!(text(work.join(STATE)), damaged, "{what}: it stands");
    assert_eq!(names(&work.join("out")), outputs, "{what}: nothing is published");
}

#[test]
fn a_catalogue_that_is_no_longer_one_is_74_said_alike_by_run_check_and_doctor_and_never_overwritten() {
    type Damage = fn(&mut Vec<u8>);
    let damages: [(&str, &str, Damage); 6] = [
        ("cut to no byte", "the file is empty", Vec::clear),
        ("a text", "it is no SQLite file", |octets| *octets = b"feed,sha256,part,file,run_id\n".repeat(40)),
        ("another heading", "it is no SQLite file", |octets| octets[3] = 0),
        ("cut in the middle", "SQLite says that the file is damaged", |octets| octets.truncate(octets.len() / 2)),
        ("zeros in the middle", "catalogue.sqlite: ", |octets| octets[4096..12_288].fill(0)),
        ("another program's", "chartroom state restore", |octets| octets[68..72].fill(7)),
    ];
    let work = site();
    assert_eq!(night(work.path(), "2020-04-01").2, 0);
    let sound = text(work.path().join(STATE));
    for (what, words, damage) in &damages {
        let mut damaged = sound.clone();
        damage(&mut damaged);
        std::fs::write(work.path().join(STATE), &damaged).expect("written");
        if *what == "another program's" {
            let (_, errors, code) = night(work.path(), "2020-04-02");
            assert!(code == 74 && errors.contains("catalogue.sqlite is not this program's"), "{errors}");
        } else {
            is_told(work.path(), what, words);
        }
        // With the file of a backup the night is what it would have been.
        std::fs::write(work.path().join(STATE), &sound).expect("written");
        assert_eq!(night(work.path(), "2020-04-01").2, 0, "{what}");
    }
}

/// What a person with `sqlite3` may do to it: a file that reads well, and is not what the last run left.
#[test]
fn a_catalogue_that_somebody_has_changed_is_74_said_alike_by_run_check_and_doctor_and_never_overwritten() {
    let work = site();
    assert_eq!(night(work.path(), "2020-04-01").2, 0);
    export(work.path(), "visits-2.csv", 2);
    assert_eq!(night(work.path(), "2020-04-02").2, 0);
    let sound = text(work.path().join(STATE));
    let digest = "its digest is not the one in the audit log";
    for (sql, words) in [
        ("DELETE FROM input_taken WHERE line = 2", digest),
        ("UPDATE input_taken SET file = 'visits-3.csv' WHERE line = 1", digest),
        ("UPDATE facility_month SET numerator = '1000' WHERE line = 1", digest),
        ("DELETE FROM facility_month", digest),
        ("DELETE FROM run WHERE sequence = 2", digest),
        ("UPDATE run SET seal_sha256 = 'x'", digest),
        ("DROP TABLE facility_month", "a table of it is not as this program makes it"),
        ("ALTER TABLE input_taken RENAME COLUMN feed TO source", "a table of it is not as this program makes it"),
        (
            "UPDATE audit_entry SET what = replace(what, '2020-04-01', '2020-04-03')",
            "the audit log is broken: entry 1 is not what was written",
        ),
        ("DELETE FROM audit_entry WHERE number = 1", "the audit log is broken: entry 1 is missing"),
        ("DELETE FROM audit_entry WHERE number = 2", "the audit log is broken: entries 2 to 2 are gone"),
        ("DELETE FROM audit_head", "the audit log is broken: the head is not that of entry 2"),
    ] {
        edit(&work.path().join(STATE), sql);
        is_told(work.path(), sql, words);
        std::fs::write(work.path().join(STATE), &sound).expect("written");
    }
    assert_eq!(night(work.path(), "2020-04-03").2, 0);
    // A newer edition of the program has been here.
    edit(&work.path().join(STATE), "PRAGMA user_version = 99");
    is_told(work.path(), "newer", "a newer edition of chartroom wrote it (tables of edition 99; this program knows");
    // An empty inbox hides nothing.
    for file in ["inbox/visits-1.csv", "inbox/visits-2.csv"] {
        std::fs::remove_file(work.path().join(file)).expect("removed");
    }
    let (_, errors, code) = night(work.path(), "2020-04-04");
    assert!(code == 74 && errors.contains(STATE), "{code} {errors}");
    // Without its folder the state begins anew, and that is said: an output is there that nobody remembers.
    std::fs::remove_dir_all(work.path().join("state")).expect("removed");
    export(work.path(), "visits-1.csv", 1);
    let (account, errors, code) = night(work.path(), "2020-04-04");
    assert_eq!((errors.as_str(), code), ("", 0));
    assert!(account.contains("the state remembers no run of out/nightly-2020-03-as-of-2020-04-03"), "{account}");
}

/// What stands in a state folder of edition 0.1 is taken over once; its files stay, and are not read again.
#[test]
fn a_state_of_edition_0_1_is_taken_over_by_the_first_run_that_publishes() {
    let work = site();
    let sha256 = chartroom::fs::digest(&work.path().join("inbox/visits-1.csv")).expect("a file").sha256;
    std::fs::create_dir(work.path().join("state")).expect("made");
    let ledger = format!(
        "feed,sha256,part,file,run_id,pipeline,period,business_date,sequence\nvisits,{sha256},,visits-0.csv,x,Nightly,2020-03,2020-03-31,7\n"
    );
    let months = "pipeline,facility_id,month,measure,of,numerator,denominator\nNightly,North,2020-02,discharges,,9,\nOther,X,2020-02,discharges,,3,\n";
    let old = [("state/inputs_taken.csv", ledger.as_str()), ("state/facility_months.csv", months)];
    for (file, text) in old {
        std::fs::write(work.path().join(file), text).expect("written");
    }
    // One that is damaged is told, and nothing is begun without it.
    std::fs::write(work.path().join(old[0].0), &ledger[..ledger.len() - 4]).expect("written");
    let (_, errors, code) = night(work.path(), "2020-04-01");
    assert!(code == 74 && errors.contains("inputs_taken.csv, line 2: "), "{errors}");
    for command in ["check", "doctor"] {
        let said = printed(&chartroom(work.path()).args([command, "nightly.toml"]).output().expect("starts"));
        assert!((said.0 + &said.1).contains("inputs_taken.csv, line 2: "), "{command}");
    }
    std::fs::write(work.path().join(old[0].0), &ledger).expect("written");
    let (account, errors, code) = night(work.path(), "2020-04-01");
    assert_eq!((errors.as_str(), code), ("", 0));
    assert!(account.contains("what chartroom 0.1 remembered is taken over"), "{account}");
    let findings = std::fs::read_to_string(work.path().join("out/nightly-2020-03-as-of-2020-04-01/data/findings.csv"));
    assert!(findings.expect("findings").contains("FIL003"), "the file was taken under another name");
    let kept = catalogue::months(&work.path().join(STATE));
    assert!(kept.contains("Nightly,North,2020-02,discharges,,9,") && kept.contains("Other,X,2020-02"), "{kept}");
    let own = |file: &str, day: &str, number| (file.to_owned(), day.to_owned(), number);
    let both = [own("visits-0.csv", "2020-03-31", 7), own("visits-1.csv", "2020-04-01", 8)];
    assert_eq!(ledger_of(work.path()), both);
    // They are not looked at any more.
    std::fs::write(work.path().join(old[0].0), "damaged").expect("written");
    let (account, _, code) = night(work.path(), "2020-04-02");
    assert!(code == 0 && !account.contains("0.1"), "{account}");
    assert_eq!(std::fs::read_to_string(work.path().join(old[1].0)).expect("there"), months);
    // A run of that edition that was cut off is for that edition.
    let work = site();
    let cut_off = work.path().join("state/.state.at-work");
    std::fs::create_dir_all(&cut_off).expect("made");
    std::fs::write(cut_off.join("lock"), MARK).expect("written");
    std::fs::write(cut_off.join("pending"), "{}").expect("written");
    let (_, errors, code) = night(work.path(), "2020-04-01");
    assert!(code == 74 && errors.contains("Run once more with chartroom 0.1"), "{code} {errors}");
}

/// The ledger of a site: files, business dates, numbers.
fn ledger_of(work: &Path) -> Vec<(String, String, i64)> {
    catalogue::ledger(&work.join(STATE))
}

/// What a state remembers of the files that could be used does not move those that could not.
#[test]
fn a_night_with_files_that_cannot_be_used_is_the_same_when_it_is_made_once_more() {
    let work = site();
    export(work.path(), "visits-3.csv", 2);
    std::os::unix::fs::symlink("/nowhere/visits.csv", work.path().join("inbox/visits-0.csv")).expect("linked");
    std::fs::write(work.path().join("inbox/visits-2.csv"), b"%PDF-1.7 \x00\x01").expect("written");
    std::fs::write(work.path().join("inbox/visits-4.csv"), "one\n2\n").expect("written");
    assert_eq!(night(work.path(), "2020-03-31").2, 65);
    let (account, errors, code) = night(work.path(), "2020-03-31");
    assert_eq!(code, 65, "{errors}");
    assert!(
        account.contains("the same as what lies in out/nightly-2020-03-as-of-2020-03-31; nothing to do\n"),
        "{account}"
    );
}

#[test]
fn what_has_the_name_of_the_catalogue_and_is_no_file_is_74() {
    let work = site();
    std::fs::create_dir(work.path().join("state")).expect("made");
    std::os::unix::fs::symlink("/an/unmounted/share", work.path().join(STATE)).expect("linked");
    let (_, errors, code) = night(work.path(), "2020-04-01");
    assert_eq!(code, 74, "{errors}");
    assert!(errors.contains(STATE), "{errors}");
    assert!(work.path().join(STATE).is_symlink() && names(&work.path().join("out")).is_empty());
}

/// What a disturbed night did, beside its folders.
const TRACE: &str = "trace";

/// A night in which the n-th call of a kind on a path that holds `path` meets a fault.
fn faulted(work: &Path, day: &str, calls: &str, path: Option<&Path>, fault: &str) -> (String, String, i32) {
    let mut command = Command::new("strace");
    command.current_dir(work).args(["-f", "-qq", "-o", TRACE, "-e", &format!("trace={calls}")]);
    if let Some(path) = path {
        command.arg("-P").arg(path);
    }
    command.args(["-e", &format!("inject={calls}:{fault}"), env!("CARGO_BIN_EXE_chartroom")]);
    printed(&command.args(["run", "nightly.toml", "--as-of", day]).output().expect("strace starts"))
}

#[test]
fn a_state_folder_that_takes_no_files_is_74_before_anything_is_published() {
    if !has_strace() {
        return;
    }
    // A state with the catalogue of earlier nights in it, on a disk that is read-only or full.
    for error in ["EROFS", "ENOSPC"] {
        let work = site();
        assert_eq!(night(work.path(), "2020-04-01").2, 0);
        let outputs = names(&work.path().join("out"));
        let before = catalogue::dump(&work.path().join(STATE));
        export(work.path(), "visits-2.csv", 2);
        let state = work.path().canonicalize().expect("a path").join("state");
        for (path, calls) in
            [("catalogue.sqlite-journal", "openat,pwrite64,fdatasync"), ("catalogue.sqlite", "pwrite64,fdatasync")]
        {
            let path = state.join(path);
            let (account, errors, code) =
                faulted(work.path(), "2020-04-02", calls, Some(&path), &format!("error={error}"));
            assert_eq!((account.as_str(), code), ("", 74), "{error} {}: {errors}", path.display());
            assert!(!errors.contains("published"), "{errors}");
            assert_eq!(names(&work.path().join("out")), outputs, "{error}: nothing is published");
            assert_eq!(catalogue::dump(&work.path().join(STATE)), before, "{error}");
        }
        let (_, errors, code) = night(work.path(), "2020-04-02");
        assert_eq!((errors.as_str(), code), ("", 0));
        assert_eq!(names(&work.path().join("state")), [".lock", "catalogue.sqlite"]);
    }
}

/// The renames of a night, in their order: each is failed in turn and killed at in turn, and the night is run again.
#[test]
fn a_night_that_fails_or_is_killed_at_any_rename_is_made_good_by_the_next() {
    if !has_strace() {
        return;
    }
    let undisturbed = site();
    assert_eq!(night(undisturbed.path(), "2020-04-01").2, 0);
    let right = catalogue::dump(&undisturbed.path().join(STATE));
    let (mut tried, mut published_and_told) = (0, 0);
    // The record, the catalogue, the link; the output, the first worklist; each work folder, when it is made and when it goes.
    for (fault, call) in
        ["error=EIO", "signal=KILL"].iter().flat_map(|fault| ["rename", "renameat2"].map(|call| (fault, call)))
    {
        for at in 1.. {
            let work = site();
            let (_, errors, code) = faulted(work.path(), "2020-04-01", call, None, &format!("{fault}:when={at}"));
            let out = work.path().join("out/nightly-2020-03-as-of-2020-04-01");
            let trace = String::from_utf8_lossy(&text(work.path().join(TRACE))).into_owned();
            if code == 0 && !trace.contains("INJECTED") {
                // A night has not that many.
                break;
            }
            tried += 1;
            if code == 74 {
                let is_committed = !ledger_of(work.path()).is_empty();
                assert_eq!(errors.contains("error: published"), is_committed, "{fault} {at}: {errors}");
                assert!(is_committed || !out.exists(), "{fault} {at}: an output that nobody remembers");
                published_and_told += u32::from(is_committed);
            }
            // Files on their way to their places are no damage to who looks on.
            let looked = chartroom(work.path()).args(["check", "nightly.toml"]).output().expect("starts");
            assert_eq!(printed(&looked).2, 0, "{fault} {at}: {}", printed(&looked).1);
            // The next night is one of another day, and brings to its end what was begun.
            let (_, errors, code) = night(work.path(), "2020-04-02");
            assert_eq!((errors.as_str(), code), ("", 0), "{fault} {at}");
            let (account, errors, code) = night(work.path(), "2020-04-01");
            assert_eq!((errors.as_str(), code), ("", 0), "{fault} {at}: {account}");
            let remembered = ledger_of(work.path());
            let is_first = remembered[0].1 == "2020-04-01";
            let hidden: Vec<String> = ["out", "state", "out/worklists/nightly-2020-03"]
                .iter()
                .flat_map(|folder| names(&work.path().join(folder)))
                .filter(|name| name.ends_with(".at-work") || name.starts_with(".chartroom-"))
                .collect();
            assert_eq!(hidden, Vec::<String>::new(), "{fault} {at}");
            assert_eq!(
                names(&work.path().join("out")),
                [
                    "nightly-2020-03-as-of-2020-04-01",
                    "nightly-2020-03-as-of-2020-04-02",
                    "nightly-2020-03-latest",
                    "worklists"
                ],
                "{fault} {at}"
            );
            if is_first {
                let own = catalogue::dump(&work.path().join(STATE));
                let of_first = |dump: &str| dump.lines().filter(|line| line.contains("2020-04-01")).count();
                assert_eq!(of_first(&own), of_first(&right), "{fault} {at}: the first night is remembered once");
            }
        }
    }
    println!("renames of a night: tried {tried}, published and told {published_and_told}");
    assert!(tried >= 16 && published_and_told >= 5, "{tried} {published_and_told}");
}

/// A run that cannot be followed up is told before it is begun, by the commands that are asked beforehand too.
#[test]
fn a_record_of_a_cut_off_publication_that_is_damaged_is_said_alike_by_run_check_and_doctor() {
    for damaged in ["", "{\"output\": \"/x", "[]"] {
        let work = site();
        assert_eq!(night(work.path(), "2020-04-01").2, 0);
        let cut_off = work.path().join("out/.nightly-2020-03-as-of-2020-04-02.at-work");
        std::fs::create_dir(&cut_off).expect("made");
        std::fs::write(cut_off.join("lock"), MARK).expect("written");
        std::fs::write(cut_off.join("pending"), damaged).expect("written");
        let (_, errors, code) = night(work.path(), "2020-04-02");
        assert_eq!(code, 74, "{errors}");
        let sentence = errors.trim_start_matches("error: ").trim_end();
        assert!(sentence.contains(".at-work/pending: the record of what was being published"), "{errors}");
        for (command, expected) in [("check", 74), ("doctor", 1)] {
            let output = chartroom(work.path()).args([command, "nightly.toml"]).output().expect("starts");
            let (said, errors, code) = printed(&output);
            assert_eq!(code, expected, "{command}: {said}{errors}");
            assert!((said + &errors).contains(sentence), "{command} says the same: {sentence}");
        }
        // What is said to be done helps.
        std::fs::remove_dir_all(&cut_off).expect("taken away");
        for command in ["check", "doctor"] {
            let output = chartroom(work.path()).args([command, "nightly.toml", "--as-of", "2020-04-02"]).output();
            let output = match command {
                "check" => chartroom(work.path()).args([command, "nightly.toml"]).output().expect("starts"),
                _ => output.expect("starts"),
            };
            assert_eq!(printed(&output).2, 0, "{command}");
        }
        assert_eq!(night(work.path(), "2020-04-02").2, 0);
    }
}

/// What the lock file of a work folder says (see the page `publication`).
const MARK: &str =
    "A run of chartroom is at work in this folder, or was killed; then the next run removes the folder.\n";

/// As `flock out chartroom run ...` does: who holds a folder that the run needs is waited for, and not without end.
#[test]
fn a_folder_that_another_program_holds_locked_is_75_with_its_name_and_nothing_is_published() {
    std::thread::scope(|scope| {
        for folder in ["out", "out/worklists/nightly-2020-03"] {
            scope.spawn(move || {
                let work = site();
                assert_eq!(night(work.path(), "2020-04-01").2, 0);
                let outputs = names(&work.path().join("out"));
                let held = std::fs::File::open(work.path().join(folder)).expect("opened");
                // A lock that others may share is in the way of a run as well.
                if folder == "out" { held.lock_shared() } else { held.lock() }.expect("locked");
                let begun = std::time::Instant::now();
                let (account, errors, code) = night(work.path(), "2020-04-02");
                assert_eq!((account.as_str(), code), ("", 75), "{folder}: {errors}");
                assert!(begun.elapsed().as_secs() < 60, "{folder}: {:?}", begun.elapsed());
                let words = format!("error: {folder} is held locked by another program, ");
                assert!(errors.starts_with(&words) && errors.contains("then run again"), "{errors}");
                assert_eq!(names(&work.path().join("out")), outputs, "{folder}: nothing is published");
                let doctor = chartroom(work.path()).args(["doctor", "nightly.toml"]).output().expect("starts");
                assert!(printed(&doctor).0.contains(&format!("{folder} is held locked by another program")));
                drop(held);
                let (_, errors, code) = night(work.path(), "2020-04-02");
                assert_eq!((errors.as_str(), code), ("", 0), "{folder}");
            });
        }
    });
}

#[test]
fn a_link_that_has_the_name_of_the_lock_is_not_followed() {
    let work = site();
    std::fs::create_dir(work.path().join("state")).expect("made");
    std::os::unix::fs::symlink("../elsewhere", work.path().join("state/.lock")).expect("linked");
    let (_, errors, code) = night(work.path(), "2020-04-01");
    assert!(code == 74 && errors.starts_with("error: state/.lock is not this program's"), "{code} {errors}");
    let check = printed(&chartroom(work.path()).args(["check", "nightly.toml"]).output().expect("starts"));
    assert!(check.2 == 74 && check.1 == errors, "{check:?}");
    assert!(!work.path().join("elsewhere").exists());
}

#[test]
fn nothing_of_a_run_lies_outside_its_folders() {
    let work = site();
    export(work.path(), "visits-2.csv", 20_000);
    let temporary = work.path().join("temporary");
    std::fs::create_dir(&temporary).expect("made");
    std::fs::set_permissions(&temporary, std::fs::Permissions::from_mode(0o000)).expect("closed");
    // Nobody could write there; nor does the folder that it names for a moment have to be there.
    for folder in [temporary.clone(), work.path().join("nowhere")] {
        for command in [&["check", "nightly.toml"][..], &["run", "nightly.toml", "--as-of", "2020-04-01"]] {
            let output = chartroom(work.path()).args(command).env("TMPDIR", &folder).output().expect("starts");
            let (account, errors, code) = printed(&output);
            assert_eq!((errors.as_str(), code), ("", 0), "{account}");
        }
    }
    std::fs::set_permissions(&temporary, std::fs::Permissions::from_mode(0o700)).expect("opened");
    assert_eq!(names(&temporary), Vec::<String>::new());
}
