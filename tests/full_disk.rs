//! A disk that is full, and a folder that cannot be written: the night says so and loses nothing, and the next one makes it good.
//!
//! The state folder lies on a small disk in memory, which an ordinary user may mount in a name space of his own. Where the system does not allow that, the tests say that they
//! were skipped.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use crate::{
    catalogue::dump,
    command::{chartroom, printed},
    night_site,
    shared_folder::say,
};

const NIGHT: &str = r#"
title = "Night"
state = "state"
[store]
[[ingest]]
name = "discharges"
files = "inbox/discharges-*.csv"
layout = "discharges.toml"
delivery = "changes"
[statistics]
format = "text"
"#;
const DISCHARGES: &str = r#"
title = "Discharges"
table = "encounters"
[columns]
encounter_id = "STAY"
patient_id = "PATIENT"
sex = "SEX"
discharge_date = { column = "DISCHARGED", formats = ["%Y-%m-%d"] }
"#;

/// A site whose state has one night, and the file of the next in its inbox.
fn site() -> tempfile::TempDir {
    let work = tempfile::tempdir().expect("a folder");
    night_site::make(work.path(), NIGHT, DISCHARGES);
    let comes = |day: u32| {
        let row = |number: u32| format!("S{number},P{},F,2026-10-0{day}\n", number % 900);
        let rows: String = (day * 1000..day * 1000 + 900).map(row).collect();
        let path = work.path().join(format!("inbox/discharges-2026-10-0{day}.csv"));
        fs::write(path, format!("STAY,PATIENT,SEX,DISCHARGED\n{rows}")).expect("written");
    };
    comes(1);
    let first = chartroom(work.path()).args(["run", "night.toml", "--quiet", "--as-of", "2026-10-02"]).output();
    let (_, errors, code) = printed(&first.expect("starts"));
    assert_eq!((errors.as_str(), code), ("", 0));
    comes(2);
    work
}

/// Runs lines of a shell with the state folder on a disk in memory; `None` where the system does not allow it. In the lines `NIGHT` is the run of the second night.
fn on_small_disk(work: &Path, lines: &str) -> Option<Output> {
    let program = chartroom(work);
    let night = format!("'{}' run night.toml --quiet --as-of 2026-10-03", program.get_program().to_string_lossy());
    let lines = lines.replace("NIGHT", &night);
    // What the disk holds is gone with it: the state is put on it before, and what is left of it is copied away.
    let script = format!(
        "set -e; mv state kept; mkdir state; mount -t tmpfs -o size=64m tmpfs state; cp -a kept/. state/; {lines}; rm -rf kept; mkdir kept; cp -a state/. kept/"
    );
    let mut shell = Command::new("unshare");
    shell.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script]).current_dir(work);
    let allowed = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"])
        .output();
    match allowed {
        Ok(output) if output.status.success() => Some(shell.output().expect("a shell")),
        _ => None,
    }
}

#[test]
fn a_night_on_a_full_disk_ends_with_74_and_the_next_one_makes_it_good() {
    let undisturbed = site();
    let run = chartroom(undisturbed.path()).args(["run", "night.toml", "--quiet", "--as-of", "2026-10-03"]).output();
    assert!(run.expect("starts").status.success());
    let expected = dump(&undisturbed.path().join("state/catalogue.sqlite"));
    let (mut full, mut room) = (0, 0);
    for free in [4, 24, 48, 96, 160, 240, 320, 4000] {
        let work = site();
        let lines = format!(
            "used=$(df -k --output=used state | tail -1 | tr -d ' '); mount -o remount,size=$((used + {free}))k state; code=0; NIGHT 2> said || code=$?; echo $code > code; \
             mount -o remount,size=64m state; NIGHT"
        );
        let Some(output) = on_small_disk(work.path(), &lines) else {
            say("skipped: a small disk cannot be mounted here");
            return;
        };
        assert!(output.status.success(), "{free} KiB: {}", String::from_utf8_lossy(&output.stderr));
        let [said, code] = ["said", "code"].map(|name| fs::read_to_string(work.path().join(name)).expect("kept"));
        match code.trim() {
            "0" => room += 1,
            code => {
                full += 1;
                assert_eq!(code, "74", "{free} KiB: {said}");
                assert!(
                    said.contains("the disk is full; make room") && said.lines().count() <= 3,
                    "{free} KiB: {said}"
                );
            }
        }
        assert!(dump(&work.path().join("kept/catalogue.sqlite")) == expected, "{free} KiB: another state");
    }
    assert!(full >= 3 && room >= 1, "{full} of the disks were full, {room} had room");
    say(&format!("full disks: {full} nights ended with 74, and the next one left the state of an undisturbed night"));
}

#[test]
fn a_state_folder_that_cannot_be_written_is_told_and_stays_as_it_is() {
    let work = site();
    let before = dump(&work.path().join("state/catalogue.sqlite"));
    let lines =
        "mount -o remount,ro state; code=0; NIGHT 2> said || code=$?; echo $code > code; mount -o remount,rw state";
    let Some(output) = on_small_disk(work.path(), lines) else {
        say("skipped: a small disk cannot be mounted here");
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let [said, code] = ["said", "code"].map(|name| fs::read_to_string(work.path().join(name)).expect("kept"));
    assert_eq!(code.trim(), "74", "{said}");
    assert!(said.contains("Read-only file system") && said.contains("state"), "{said}");
    assert!(dump(&work.path().join("kept/catalogue.sqlite")) == before, "nothing is lost");
}
