//! What is remembered, under attack: damaged files of the state, folders that take no files, full disks, and runs that are killed while they publish.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
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

const LEDGER: &str = "state/inputs_taken.csv";
const MONTHS: &str = "state/facility_months.csv";

fn text(path: PathBuf) -> Vec<u8> {
    std::fs::read(path).unwrap_or_default()
}

#[test]
fn a_state_that_cannot_be_read_whole_is_74_said_alike_by_run_check_and_doctor_and_never_overwritten() {
    type Damage = fn(Vec<u8>) -> Vec<u8>;
    let damages: [(&str, u64, Damage); 7] = [
        ("bytes that are no text", 2, |mut text| {
            let at = text.iter().position(|byte| *byte == b'\n').expect("a line") + 3;
            text[at] = 0xff;
            text
        }),
        ("a zero byte", 1, |mut text| {
            text[3] = 0;
            text
        }),
        ("empty", 1, |_| Vec::new()),
        ("another heading", 1, |text| [b"x", &text[..]].concat()),
        ("the heading twice", 2, |text| {
            let end = text.iter().position(|byte| *byte == b'\n').expect("a line") + 1;
            [&text[..end], &text[..]].concat()
        }),
        ("a cell too many", 2, |text| {
            let end = text.iter().rposition(|byte| *byte == b'\n').expect("a line");
            let start = text[..end].iter().position(|byte| *byte == b'\n').expect("a line") + 1;
            [&text[..start], b"x,", &text[start..]].concat()
        }),
        ("cut off", 0, |text| text[..text.len() - 1].to_vec()),
    ];
    let mut tried = 0;
    for file in [LEDGER, MONTHS] {
        let work = site();
        let (account, errors, code) = night(work.path(), "2020-04-01");
        assert_eq!((errors.as_str(), code), ("", 0), "{account}");
        let path = work.path().join(file);
        let sound = text(path.clone());
        assert!(sound.len() > 80, "the run remembers: {file}");
        for (what, line, damage) in &damages {
            let damaged = damage(sound.clone());
            assert_ne!(damaged, sound);
            std::fs::write(&path, &damaged).expect("written");
            let outputs = names(&work.path().join("out"));
            let (account, errors, code) = night(work.path(), "2020-04-02");
            assert_eq!((account.as_str(), code), ("", 74), "{file}: {what}: {errors}");
            let line = if *line == 0 { sound.iter().filter(|byte| **byte == b'\n').count() as u64 } else { *line };
            assert!(errors.starts_with(&format!("error: {file}, line {line}: ")), "{file}: {what}: {errors}");
            assert!(errors.contains("Put back the files of the newest backup"), "{errors}");
            assert_eq!(text(path.clone()), damaged, "{file}: {what}: it stands");
            assert_eq!(names(&work.path().join("out")), outputs, "{file}: {what}: nothing is published");
            let sentence = errors.trim_start_matches("error: ").trim_end();
            for command in ["check", "doctor"] {
                let output = chartroom(work.path()).args([command, "nightly.toml"]).output().expect("starts");
                let (said, errors, code) = printed(&output);
                assert!(code == if command == "check" { 74 } else { 1 }, "{command}: {code}");
                assert!((said + &errors).contains(sentence), "{command} says the same: {sentence}");
            }
            tried += 1;
        }
        // With the file of a backup the night is what it would have been.
        std::fs::write(&path, &sound).expect("written");
        assert_eq!(night(work.path(), "2020-04-02").2, 0);
    }
    assert_eq!(tried, 14);
}

const MANIFEST: &str = "state/manifest-sha256.txt";

/// What `sha256sum` says of a state folder.
fn sums(work: &Path) -> bool {
    let mut command = Command::new("sha256sum");
    let output = command.args(["--check", "--strict", "--quiet", "manifest-sha256.txt"]);
    output.current_dir(work.join("state")).output().expect("sha256sum starts").status.success()
}

/// Damage that leaves a file which reads well: it is told by its digest alone.
#[test]
fn a_state_that_lost_whole_lines_or_a_whole_file_is_74_said_alike_by_run_check_and_doctor_and_never_overwritten() {
    type Damage = fn(&Path);
    let cut = |path: &Path| {
        let text = std::fs::read_to_string(path).expect("read");
        std::fs::write(path, text.split_inclusive('\n').next().expect("a heading")).expect("written");
    };
    let damages: [(&str, &str, Damage); 6] = [
        ("the last line is gone", "its digest is not the one in manifest-sha256.txt", |path| {
            let text = std::fs::read_to_string(path).expect("read");
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            std::fs::write(path, lines[..lines.len() - 1].concat()).expect("written");
        }),
        ("cut to its heading", "its digest is not the one in manifest-sha256.txt", cut),
        ("cut to no byte", "the file is empty", |path| std::fs::write(path, "").expect("written")),
        ("gone", "and it is gone", |path| std::fs::remove_file(path).expect("removed")),
        ("the line ends of another system", "its digest is not the one in manifest-sha256.txt", |path| {
            let text = std::fs::read_to_string(path).expect("read");
            std::fs::write(path, text.replace('\n', "\r\n")).expect("written");
        }),
        ("a copy of an earlier night", "its digest is not the one in manifest-sha256.txt", |path| {
            std::fs::copy(path.with_extension("before"), path).expect("copied");
        }),
    ];
    for file in [LEDGER, MONTHS] {
        let work = site();
        assert_eq!(night(work.path(), "2020-04-01").2, 0);
        assert!(sums(work.path()));
        let path = work.path().join(file);
        std::fs::copy(&path, path.with_extension("before")).expect("copied");
        export(work.path(), "visits-2.csv", 2);
        assert_eq!(night(work.path(), "2020-04-02").2, 0);
        assert!(sums(work.path()));
        let sound = text(path.clone());
        for (what, words, damage) in &damages {
            damage(&path);
            let (damaged, outputs) = (text(path.clone()), names(&work.path().join("out")));
            assert_ne!(damaged, sound, "{file}: {what}");
            for (command, expected) in [("run", 74), ("check", 74), ("doctor", 1)] {
                let day: &[&str] = if command == "check" { &[] } else { &["--as-of", "2020-04-03"] };
                let output = chartroom(work.path()).args([command, "nightly.toml"]).args(day).output().expect("starts");
                let (account, errors, code) = printed(&output);
                let said = account + &errors;
                assert_eq!(code, expected, "{file}: {what}: {command}: {said}");
                assert!(said.contains(file) && said.contains(words), "{file}: {what}: {command}: {said}");
                assert!(said.contains("Put back the files of the newest backup"), "{said}");
                assert_eq!(said.matches(file).count(), 1, "{file}: {what}: {command}: said once: {said}");
            }
            assert_eq!(text(path.clone()), damaged, "{file}: {what}: it stands");
            assert_eq!(names(&work.path().join("out")), outputs, "{file}: {what}: nothing is published");
            std::fs::write(&path, &sound).expect("written");
            assert_eq!(night(work.path(), "2020-04-02").2, 0, "{file}: {what}: put back");
        }
    }
}

#[test]
fn a_change_of_the_state_that_is_meant_is_taken_where_its_line_is_taken_out_and_so_is_a_state_without_a_manifest() {
    let work = site();
    assert_eq!(night(work.path(), "2020-04-01").2, 0);
    let manifest = String::from_utf8(text(work.path().join(MANIFEST))).expect("text");
    assert_eq!(manifest.lines().count(), 2, "{manifest}");
    // The line of the ledger is taken out, and the ledger away: the files are new, and the months are held as before.
    std::fs::remove_file(work.path().join(LEDGER)).expect("removed");
    let of_months: String =
        manifest.lines().filter(|line| line.ends_with("months.csv")).map(|line| format!("{line}\n")).collect();
    std::fs::write(work.path().join(MANIFEST), of_months).expect("written");
    let (account, errors, code) = night(work.path(), "2020-04-02");
    assert_eq!((errors.as_str(), code), ("", 0), "{account}");
    assert!(sums(work.path()) && work.path().join(LEDGER).is_file());
    assert_eq!(text(work.path().join(MANIFEST)).iter().filter(|byte| **byte == b'\n').count(), 2);
    // As an earlier edition left it: the next night writes one, and holds to it from then on.
    std::fs::remove_file(work.path().join(MANIFEST)).expect("removed");
    assert_eq!(night(work.path(), "2020-04-03").2, 0);
    assert!(sums(work.path()));
    std::fs::remove_file(work.path().join(MONTHS)).expect("removed");
    assert_eq!(night(work.path(), "2020-04-04").2, 74);
    // An empty inbox hides nothing.
    std::fs::remove_file(work.path().join("inbox/visits-1.csv")).expect("removed");
    let (_, errors, code) = night(work.path(), "2020-04-04");
    assert!(code == 74 && errors.contains(MONTHS), "{code} {errors}");
    // Without its folder the state begins anew.
    std::fs::remove_dir_all(work.path().join("state")).expect("removed");
    export(work.path(), "visits-1.csv", 1);
    assert_eq!(night(work.path(), "2020-04-04").2, 0);
    assert!(sums(work.path()));
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
fn what_has_the_name_of_the_ledger_and_is_no_file_is_74() {
    let work = site();
    std::fs::create_dir(work.path().join("state")).expect("made");
    std::os::unix::fs::symlink("/an/unmounted/share", work.path().join(LEDGER)).expect("linked");
    let (_, errors, code) = night(work.path(), "2020-04-01");
    assert_eq!(code, 74, "{errors}");
    assert!(errors.contains(LEDGER), "{errors}");
    assert!(work.path().join(LEDGER).is_symlink() && names(&work.path().join("out")).is_empty());
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
    // A read-only state with the ledger of earlier nights in it.
    for error in ["EROFS", "ENOSPC"] {
        let work = site();
        assert_eq!(night(work.path(), "2020-04-01").2, 0);
        let outputs = names(&work.path().join("out"));
        let before = text(work.path().join(LEDGER));
        export(work.path(), "visits-2.csv", 2);
        // As the program names it: relative to where the command is given.
        let state = PathBuf::from("state/.state.at-work");
        for path in [state.clone(), state.join("inputs_taken.csv"), state.join("pending.new")] {
            let (account, errors, code) =
                faulted(work.path(), "2020-04-02", "mkdir,openat", Some(&path), &format!("error={error}"));
            assert_eq!((account.as_str(), code), ("", 74), "{error} {}: {errors}", path.display());
            assert!(!errors.contains("published"), "{errors}");
            assert_eq!(names(&work.path().join("out")), outputs, "{error}: nothing is published");
            assert_eq!(text(work.path().join(LEDGER)), before, "{error}");
            if error == "ENOSPC" {
                assert!(errors.contains("the disk is full; make room on the disk of "), "{errors}");
            }
        }
        let (_, errors, code) = night(work.path(), "2020-04-02");
        assert_eq!((errors.as_str(), code), ("", 0));
        assert_eq!(
            names(&work.path().join("state")),
            [".lock", "facility_months.csv", "inputs_taken.csv", "manifest-sha256.txt"]
        );
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
    let right = [LEDGER, MONTHS].map(|file| text(undisturbed.path().join(file)));
    let (mut tried, mut published_and_told) = (0, 0);
    // The record, the ledger, the months, the link; the output, the first worklist; each work folder, when it is made and when it goes.
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
                assert_eq!(errors.contains("error: published"), out.exists(), "{fault} {at}: {errors}");
                published_and_told += u32::from(out.exists());
            }
            // Files on their way to their places are no damage to who looks on.
            let looked = chartroom(work.path()).args(["check", "nightly.toml"]).output().expect("starts");
            assert_eq!(printed(&looked).2, 0, "{fault} {at}: {}", printed(&looked).1);
            // The next night is one of another day, and brings to its end what was begun.
            let (_, errors, code) = night(work.path(), "2020-04-02");
            assert_eq!((errors.as_str(), code), ("", 0), "{fault} {at}");
            let (account, errors, code) = night(work.path(), "2020-04-01");
            assert_eq!((errors.as_str(), code), ("", 0), "{fault} {at}: {account}");
            let remembered = String::from_utf8(text(work.path().join(LEDGER))).expect("text");
            let first = remembered.lines().nth(1).expect("a taking");
            let expected = if out_was_first(&remembered) { "2020-04-01" } else { "2020-04-02" };
            assert!(first.contains(expected), "{fault} {at}: {remembered}");
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
            if expected == "2020-04-01" {
                assert_eq!([LEDGER, MONTHS].map(|file| text(work.path().join(file))).as_slice(), right, "{fault} {at}");
            }
        }
    }
    println!("renames of a night: tried {tried}, published and told {published_and_told}");
    assert!(tried >= 24 && published_and_told >= 5, "{tried} {published_and_told}");
}

/// Whether the first night took the file: then the second one has nothing to remember.
fn out_was_first(ledger: &str) -> bool {
    ledger.contains(",2020-04-01,1\n")
}

/// A run that cannot be followed up is told before it is begun, by the commands that are asked beforehand too.
#[test]
fn a_record_of_a_cut_off_publication_that_is_damaged_is_said_alike_by_run_check_and_doctor() {
    for damaged in ["", "{\"output\": \"/x", "[]"] {
        let work = site();
        assert_eq!(night(work.path(), "2020-04-01").2, 0);
        let cut_off = work.path().join("state/.state.at-work");
        std::fs::create_dir(&cut_off).expect("made");
        std::fs::write(cut_off.join("lock"), MARK).expect("written");
        std::fs::write(cut_off.join("pending"), damaged).expect("written");
        let (_, errors, code) = night(work.path(), "2020-04-02");
        assert_eq!(code, 74, "{errors}");
        let sentence = errors.trim_start_matches("error: ").trim_end();
        assert!(
            sentence.starts_with("state/.state.at-work/pending: the record of what was being published"),
            "{errors}"
        );
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

#[test]
fn a_cell_that_no_run_writes_is_damage_also_where_no_figure_needs_it() {
    let work = site();
    assert_eq!(night(work.path(), "2020-04-01").2, 0);
    for (file, from, to) in [
        (MONTHS, ",discharges,,1,\n", ",discharges,,1,x\n"),
        (MONTHS, ",discharges,,1,\n", ",discharges,x,1,\n"),
        (MONTHS, ",discharges,,1,\n", ",discharges,,+1,\n"),
        (MONTHS, ",discharges,,1,\n", ",discharges,,01,\n"),
        (LEDGER, ",2020-04-01,1\n", ",2020-04-01,+1\n"),
    ] {
        let path = work.path().join(file);
        let sound = std::fs::read_to_string(&path).expect("text");
        let damaged = sound.replace(from, to);
        assert_ne!(damaged, sound, "{sound}");
        // The manifest would tell it as well, in other words; a state of before it has none.
        let _ = std::fs::remove_file(work.path().join("state/manifest-sha256.txt"));
        std::fs::write(&path, &damaged).expect("written");
        let (_, errors, code) = night(work.path(), "2020-04-02");
        assert!(code == 74 && errors.contains(file), "{to}: {code} {errors}");
        assert_eq!(std::fs::read_to_string(&path).expect("text"), damaged, "it stands");
        std::fs::write(&path, sound).expect("written");
    }
    assert_eq!(night(work.path(), "2020-04-02").2, 0);
}

/// As `flock out chartroom run ...` does: who holds a folder that the run needs is waited for, and not without end.
#[test]
fn a_folder_that_another_program_holds_locked_is_75_with_its_name_and_nothing_is_published() {
    std::thread::scope(|scope| {
        for folder in ["state", "out", "out/worklists/nightly-2020-03"] {
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
