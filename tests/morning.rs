//! The morning page, the figures for a monitor and the command of `after_run`: after every run, also one that failed, and without a change of the exit code.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use crate::{
    command::{chartroom, copy, printed, root},
    night_site,
};

const PIPELINE: &str = r#"
title = "Night"
state = "state"
[store]
[night]
metrics = "night.prom"
after_run = ["./hook", "records"]
after_run_seconds = 2
[[ingest]]
name = "discharges"
files = "inbox/discharges-*.csv"
layout = "discharges.toml"
delivery = "changes"
expect = "daily"
[statistics]
format = "text"
"#;
const DISCHARGES: &str = r#"
title = "Discharges"
table = "encounters"
[columns]
encounter_id = "STAY"
admission_date = { column = "ADMITTED", formats = ["%Y-%m-%d"] }
discharge_date = { column = "DISCHARGED", formats = ["%Y-%m-%d"] }
sex = "SEX"
"#;

fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    night_site::make(folder.path(), PIPELINE, DISCHARGES);
    hook(
        folder.path(),
        "echo \"$CHARTROOM_EXIT_CODE $1 $(basename \"$2\") $(basename \"$CHARTROOM_PAGE_HTML\")\" >> called\nexit 3",
    );
    folder
}

fn hook(folder: &Path, text: &str) {
    let path = folder.join("hook");
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("rights");
}

fn run(folder: &Path, day: &str) -> (String, i32) {
    let (_, errors, code) =
        printed(&chartroom(folder).args(["run", "night.toml", "--as-of", day]).output().expect("starts"));
    (errors, code)
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_default()
}

#[test]
fn every_night_leaves_a_page_and_calls_the_command_whatever_becomes_of_it() {
    let site = site();
    let folder = site.path();
    fs::write(
        folder.join("inbox/discharges-2026-10-05.csv"),
        "STAY,ADMITTED,DISCHARGED,SEX\nS1,2026-10-01,2026-10-02,F\n",
    )
    .expect("written");
    let (errors, code) = run(folder, "2026-10-05");
    assert_eq!(code, 0, "{errors}");
    assert!(errors.contains("after_run: ") && errors.contains("ended with exit status: 3"), "{errors}");
    let page = read(folder, "out/morning/night.txt");
    assert!(
        page.starts_with("Night, Monday 5 October 2026: finished with nothing to look at first (exit 0)\n"),
        "{page}"
    );
    assert!(page.contains("everything balances: 1 read = 1 accepted + 0 quarantined + 0 repeated"), "{page}");
    assert!(read(folder, "night.prom").contains("chartroom_run_exit_code{pipeline=\"Night\"} 0\n"));
    // A file that is due does not come: 66, and the page says it first.
    let (_, code) = run(folder, "2026-10-06");
    assert_eq!(code, 66);
    let page = read(folder, "out/morning/night.txt");
    assert!(page.contains("\n1  Missing      discharges: a new file is due every day, and none came; "), "{page}");
    assert!(page.contains("(ask the sender)") && page.contains("\nRows            none came\n"), "{page}");
    // A file that cannot be used.
    fs::write(folder.join("inbox/discharges-2026-10-07.csv"), "1\n").expect("written");
    let (_, code) = run(folder, "2026-10-07");
    assert_eq!(code, 65);
    assert!(read(folder, "out/morning/night.txt").contains("\n1  Not used     "));
    // The state is gone wrong: nothing is published, and the page says what stands.
    let catalogue = folder.join("state/catalogue.sqlite");
    let bytes = fs::read(&catalogue).expect("read");
    fs::write(&catalogue, b"not a catalogue at all").expect("written");
    let (_, code) = run(folder, "2026-10-08");
    assert_eq!(code, 74);
    let page = read(folder, "out/morning/night.txt");
    assert!(page.starts_with("Night, Thursday 8 October 2026: nothing was published (exit 74"), "{page}");
    assert!(read(folder, "night.prom").contains("chartroom_run_published{pipeline=\"Night\"} 0\n"));
    fs::write(&catalogue, bytes).expect("written");
    // A pipeline file that is none.
    fs::write(folder.join("night.toml"), format!("{PIPELINE}broken = = 1\n")).expect("written");
    let (_, code) = run(folder, "2026-10-08");
    assert_eq!(code, 2);
    assert!(read(folder, "out/morning/night.txt").contains("(exit 2: the pipeline file"));
    // One with a fault.
    fs::write(folder.join("night.toml"), PIPELINE.replace("[store]", "[stor]")).expect("written");
    let (_, code) = run(folder, "2026-10-09");
    assert_eq!(code, 2);
    let page = read(folder, "out/morning/night.txt");
    assert!(
        page.starts_with("Night, Friday 9 October 2026: nothing was published (exit 2: the pipeline file"),
        "{page}"
    );
    let called = read(folder, "called");
    let expected =
        ["0", "66", "65", "74", "2", "2"].map(|code| format!("{code} records night.txt night.html\n")).concat();
    assert_eq!(called, expected);
}

#[test]
fn a_command_that_hangs_is_ended_and_one_that_is_not_there_is_told() {
    let site = site();
    hook(site.path(), "sleep 60");
    fs::write(
        site.path().join("inbox/discharges-2026-10-05.csv"),
        "STAY,ADMITTED,DISCHARGED,SEX\nS1,2026-10-01,2026-10-02,F\n",
    )
    .expect("written");
    let begun = std::time::Instant::now();
    let (errors, code) = run(site.path(), "2026-10-05");
    assert_eq!(code, 0);
    assert!(errors.contains("took more than 2 s and was ended"), "{errors}");
    assert!(begun.elapsed().as_secs() < 30);
    fs::remove_file(site.path().join("hook")).expect("removed");
    let (errors, code) = run(site.path(), "2026-10-05");
    assert_eq!(code, 0);
    assert!(errors.contains("after_run: ") && errors.contains("cannot be started"), "{errors}");
}

#[test]
fn a_file_for_a_monitor_keeps_the_rights_that_somebody_gave_it() {
    let site = site();
    fs::write(
        site.path().join("inbox/discharges-2026-10-05.csv"),
        "STAY,ADMITTED,DISCHARGED,SEX\nS1,2026-10-01,2026-10-02,F\n",
    )
    .expect("written");
    let mode = |name: &str| fs::metadata(site.path().join(name)).expect("there").permissions().mode() & 0o777;
    run(site.path(), "2026-10-05");
    assert_eq!(
        [mode("night.prom"), mode("out/morning/night.txt"), mode("out/morning/night.html"), mode("out/morning")],
        [0o600, 0o600, 0o600, 0o700]
    );
    fs::set_permissions(site.path().join("night.prom"), fs::Permissions::from_mode(0o644)).expect("rights");
    run(site.path(), "2026-10-05");
    assert_eq!(mode("night.prom"), 0o644);
}

/// The pipeline that ships for the night, on the fixtures.
#[test]
fn the_night_that_ships_leaves_its_page() {
    let work = tempfile::tempdir().expect("a folder");
    for folder in ["pipelines", "fixtures"] {
        copy(&root().join(folder), &work.path().join(folder));
    }
    let output = chartroom(work.path()).args(["run", "pipelines/nightly.toml", "--as-of", "2026-11-02"]).output();
    let (account, errors, code) = printed(&output.expect("starts"));
    assert_eq!(code, 0, "{account} {errors}");
    let page = read(work.path(), "out/morning/nightly-examination.txt");
    assert!(page.lines().count() <= 24, "one screen: {page}");
    assert!(page.lines().all(|line| line.chars().count() <= 110), "{page}");
    let html = read(work.path(), "out/morning/nightly-examination.html");
    assert!(html.starts_with("<!DOCTYPE html>") && !html.contains("<script") && !html.contains("src="), "{html}");
}
