//! Runs that start at once on one site, without a state to hold them apart.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use crate::{
    catalogue,
    command::{chartroom, printed, run},
    faults::trace::has_strace,
    night_site,
    publication::{at_work, export, names, night, site},
};

/// Whether anything with a hidden name is there.
fn has_hidden(folder: &Path) -> bool {
    let mut entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.any(|entry| entry.file_name().to_string_lossy().starts_with('.') || has_hidden(&entry.path()))
}

#[test]
fn runs_that_start_at_once_without_a_state_publish_once_or_are_told_to_try_again() {
    for round in 0..6 {
        let work = site("");
        export(work.path(), &[7]);
        let days = if round % 3 == 2 { ["10", "11", "12"] } else { ["10"; 3] };
        let runs: Vec<_> = days
            .iter()
            .map(|day| {
                let mut command = chartroom(work.path());
                command.args(["run", "site/nightly.toml", "--quiet", "--as-of", &format!("2020-03-{day}")]);
                command.stderr(std::process::Stdio::piped()).spawn().expect("starts")
            })
            .collect();
        let ended: Vec<_> = runs.into_iter().map(|run| run.wait_with_output().expect("ends")).collect();
        for output in &ended {
            let (_, errors, code) = printed(output);
            assert!(code == 0 && errors.is_empty() || code == 75 && round % 3 != 2, "{code}: {errors}");
        }
        assert!(ended.iter().any(|output| output.status.success()));
        let expected = if round % 3 == 2 { 3 } else { 1 };
        let folders: Vec<String> = names(work.path()).into_iter().filter(|name| name.contains("as-of")).collect();
        assert_eq!(folders.len(), expected, "{folders:?}");
        for folder in folders {
            let folder = work.path().join("site/out").join(folder);
            assert_eq!(printed(&run(&["verify", folder.to_str().expect("a path")])).2, 0);
        }
        assert_eq!(at_work(work.path()), Vec::<PathBuf>::new());
    }
}

/// Sixteen processes on one inbox and one store: each file is taken once, and who comes while another is at work is told so.
#[test]
fn sixteen_runs_that_start_at_once_on_one_store_take_each_file_once() {
    let work = tempfile::tempdir().expect("a folder");
    let discharges = "title = \"Discharges\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"STAY\"\n";
    let pipeline = "title = \"Night\"\nstate = \"state\"\n[store]\n[[ingest]]\nname = \"discharges\"\nfiles = \"inbox/discharges-*.csv\"\n\
        layout = \"discharges.toml\"\ndelivery = \"changes\"\n[statistics]\nformat = \"text\"\n";
    night_site::make(work.path(), pipeline, discharges);
    for day in 1..=5 {
        let rows: String = (0..200).map(|row| format!("S{day}-{row}\n")).collect();
        std::fs::write(work.path().join(format!("inbox/discharges-2026-10-0{day}.csv")), format!("STAY\n{rows}"))
            .expect("written");
    }
    let start = || {
        let mut command = chartroom(work.path());
        command.args(["run", "night.toml", "--quiet", "--as-of", "2026-10-06"]);
        command.stderr(std::process::Stdio::piped()).spawn().expect("starts")
    };
    let runs: Vec<_> = (0..16).map(|_| start()).collect();
    let ended: Vec<_> = runs.into_iter().map(|run| printed(&run.wait_with_output().expect("ends"))).collect();
    for (_, errors, code) in &ended {
        assert!(
            *code == 0 && errors.is_empty() || *code == 75 && errors.contains("is in use by another run"),
            "{code}: {errors}"
        );
    }
    assert!(ended.iter().any(|(_, _, code)| *code == 0) && ended.iter().any(|(_, _, code)| *code == 75), "{ended:?}");
    let state = catalogue::dump(&work.path().join("state/catalogue.sqlite"));
    assert_eq!(state.matches("kept_input | ").count(), 5, "each file once");
    assert_eq!(
        (
            state.matches("\nrun | ").count(),
            std::fs::read_dir(work.path().join("state/segments"))
                .expect("segments")
                .filter(|entry| entry
                    .as_ref()
                    .is_ok_and(|entry| entry.path().extension().is_some_and(|end| end == "parquet")))
                .count()
        ),
        (1, 1),
        "{state}"
    );
    assert_eq!(
        std::fs::read_dir(work.path().join("out"))
            .expect("out")
            .filter(|entry| entry.as_ref().is_ok_and(|entry| entry.file_name().to_string_lossy().ends_with(".at-work")))
            .count(),
        0
    );
}

/// Between the making of a work folder and its locking another run starts: the first is stopped there, before each of its locks.
#[test]
fn a_run_that_starts_while_another_makes_its_work_folder_does_not_take_it_away() {
    if !has_strace() {
        return;
    }
    for (day, expected) in [("11", 0), ("10", 75)] {
        let work = site("");
        export(work.path(), &[7]);
        let mut first = Command::new("strace");
        first.current_dir(work.path()).args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=flock"]);
        first.args(["-e", "inject=flock:delay_enter=1000000", env!("CARGO_BIN_EXE_chartroom")]);
        first.args(["run", "site/nightly.toml", "--as-of", "2020-03-10"]).stderr(std::process::Stdio::piped());
        let first = first.stdout(std::process::Stdio::piped()).spawn().expect("strace starts");
        let begun = Instant::now();
        // Whatever its name ends in.
        while !has_hidden(work.path()) {
            assert!(begun.elapsed().as_secs() < 60, "a work folder is made");
            std::thread::sleep(Duration::from_millis(5));
        }
        let (_, errors, code) = night(work.path(), &format!("2020-03-{day}"), &[]);
        assert_eq!(code, expected, "{errors}");
        let (_, errors, code) = printed(&first.wait_with_output().expect("ends"));
        assert_eq!((errors.as_str(), code), ("", 0));
        let folders: Vec<String> = names(work.path()).into_iter().filter(|name| name.contains("as-of")).collect();
        assert_eq!(folders.len(), if expected == 0 { 2 } else { 1 }, "{folders:?}");
        for folder in folders {
            let folder = work.path().join("site/out").join(folder);
            assert_eq!(printed(&run(&["verify", folder.to_str().expect("a path")])).2, 0);
        }
        assert_eq!(at_work(work.path()), Vec::<PathBuf>::new());
    }
}
