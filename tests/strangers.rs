//! What others have put into the folder of the outputs: links, folders without a name of ours, and folders that no run made.

use std::os::unix::fs::symlink;

use crate::{
    command::{chartroom, printed},
    faults::trace::has_strace,
    publication::{FIRST, export, latest, night, site},
};

#[test]
fn a_link_of_others_at_the_name_of_the_newest_is_left_and_said_before_anything_is_published() {
    let work = site("");
    export(work.path(), &[7]);
    assert_eq!(night(work.path(), "2020-03-10", &[]).2, 0);
    let link = work.path().join("site/out/nightly-latest");
    let elsewhere = work.path().join("report");
    std::fs::create_dir(&elsewhere).expect("made");
    std::fs::create_dir(work.path().join("site/out/mine")).expect("made");
    for target in [elsewhere.to_str().expect("a path"), "../../report", "mine", "/nowhere", "nightly-as-of-monday"] {
        std::fs::remove_file(&link).expect("removed");
        symlink(target, &link).expect("linked");
        let (account, errors, code) = night(work.path(), "2020-03-11", &[]);
        assert_eq!((account.as_str(), code), ("", 74), "{target}: {errors}");
        assert!(errors.starts_with("error: site/out/nightly-latest is not this program's; move it away"), "{errors}");
        assert_eq!(std::fs::read_link(&link).expect("a link").to_str(), Some(target), "it is left");
        assert!(!work.path().join("site/out/nightly-as-of-2020-03-11").exists(), "{target}: nothing is published");
        let check = printed(&chartroom(work.path()).args(["check", "site/nightly.toml"]).output().expect("starts"));
        assert!(check.2 == 74 && check.1 == errors, "{check:?}");
    }
    // However it is written, a link to a folder of this pipeline is moved on: there or not.
    let absolute = work.path().join("site/out").join(FIRST);
    for (target, day) in [
        (format!("./{FIRST}"), "11"),
        (absolute.to_string_lossy().into_owned(), "12"),
        ("nightly-as-of-2020-02-01".to_owned(), "13"),
    ] {
        std::fs::remove_file(&link).expect("removed");
        symlink(&target, &link).expect("linked");
        let (_, errors, code) = night(work.path(), &format!("2020-03-{day}"), &[]);
        assert_eq!((errors.as_str(), code), ("", 0), "{target}");
        assert_eq!(latest(work.path()), format!("nightly-as-of-2020-03-{day}"), "{target}");
    }
}

#[test]
fn an_old_folder_that_a_link_names_stays_however_the_link_is_written() {
    let work = site("keep_outputs_days = 1");
    let out = work.path().join("site/out");
    let of = |day: &str| out.join(format!("nightly-as-of-2020-03-{day}"));
    for (day, wrong) in [("01", 1), ("02", 2), ("03", 3), ("04", 4), ("05", 5)] {
        export(work.path(), &[wrong]);
        // Each is the newest in its turn: none is older than a day but those before.
        assert_eq!(night(work.path(), &format!("2020-03-{day}"), &["--out", &format!("site/{day}")]).2, 0);
        std::fs::create_dir_all(&out).expect("made");
        let name = format!("nightly-as-of-2020-03-{day}");
        std::fs::rename(work.path().join(format!("site/{day}")).join(&name), of(day)).expect("moved");
    }
    let text = |path: std::path::PathBuf| path.to_str().expect("a path").to_owned();
    for (target, link) in [
        (text(of("01")), "absolute"),
        ("./nightly-as-of-2020-03-02".to_owned(), "dotted"),
        ("../../way".to_owned(), "over-another-link"),
        ("nightly-as-of-2020-03-04/data".to_owned(), "into-it"),
        ("nightly-as-of-2019-01-01".to_owned(), "to-nothing"),
    ] {
        symlink(target, out.join(link)).expect("linked");
    }
    symlink(of("03"), work.path().join("way")).expect("linked");
    let (account, errors, code) = night(work.path(), "2020-03-20", &[]);
    assert_eq!((errors.as_str(), code), ("", 0));
    for day in ["01", "02", "03", "04"] {
        assert!(of(day).is_dir(), "{day}: {account}");
    }
    assert!(!of("05").exists(), "no link names it: {account}");
}

/// Whoever makes an old folder read-only wants it to stay. Who runs the tests may write everywhere, so the answer of the system is put in.
#[test]
fn an_old_folder_that_is_read_only_stays_and_is_no_fault() {
    if !has_strace() {
        return;
    }
    let work = site("keep_outputs_days = 1");
    export(work.path(), &[7]);
    assert_eq!(night(work.path(), "2020-03-01", &[]).2, 0);
    let old = "site/out/nightly-as-of-2020-03-01";
    for (day, inner) in [("10", ""), ("11", "/data/worklists")] {
        let mut command = std::process::Command::new("strace");
        command.current_dir(work.path()).args(["-f", "-qq", "-o", "/dev/null", "-P", &format!("{old}{inner}")]);
        command.args(["-e", "inject=access,faccessat,faccessat2:error=EACCES", env!("CARGO_BIN_EXE_chartroom"), "run"]);
        command.args(["site/nightly.toml", "--as-of", &format!("2020-03-{day}")]);
        let (account, errors, code) = printed(&command.output().expect("strace starts"));
        let errors: Vec<&str> = errors.lines().filter(|line| !line.starts_with("strace: ")).collect();
        assert!(errors.is_empty() && code == 0, "{code} {errors:?} {account}");
        let words = format!("not removed, though older: {old}: it, or a folder in it, is read-only");
        assert!(account.contains(&words), "{account}");
        assert!(work.path().join(old).is_dir());
    }
    let (account, errors, code) = night(work.path(), "2020-03-12", &[]);
    assert_eq!((errors.as_str(), code), ("", 0));
    assert!(account.contains(&format!("removed, older than 1 days: {old}")), "{account}");
    assert!(!work.path().join(old).exists());
}

#[test]
fn an_empty_folder_of_others_with_the_name_of_a_work_folder_is_left() {
    let work = site("");
    export(work.path(), &[7]);
    let out = work.path().join("site/out");
    std::fs::create_dir_all(out.join(".mine.at-work")).expect("made");
    std::fs::create_dir_all(out.join(".locked.at-work")).expect("made");
    std::fs::write(out.join(".locked.at-work/lock"), "").expect("written");
    for day in ["2020-03-10", "2020-03-11"] {
        let (_, errors, code) = night(work.path(), day, &[]);
        assert_eq!((errors.as_str(), code), ("", 0));
        assert!(out.join(".mine.at-work").is_dir() && out.join(".locked.at-work/lock").is_file(), "{day}");
    }
}

#[test]
fn what_a_killed_night_left_beside_its_worklists_is_swept_after_these_were_moved() {
    let work = site("");
    export(work.path(), &[7]);
    assert_eq!(night(work.path(), "2020-03-10", &[]).2, 0);
    // As a kill leaves it: copied from a living writer, whose lock nobody holds in the copy.
    let former = work.path().join("site/out/worklists/nightly");
    let living = tempfile::tempdir().expect("a folder");
    let files = chartroom::fs::whole_file::WholeFiles::of(living.path()).expect("begun");
    crate::command::copy(&living.path().join(".files.at-work"), &former.join(".files.at-work"));
    drop(files);
    std::fs::write(former.join(".files.at-work/file"), "a patient").expect("written");
    let path = work.path().join("site/nightly.toml");
    let pipeline = std::fs::read_to_string(&path).expect("read").replacen('\n', "\nworklists = \"to-do\"\n", 1);
    std::fs::write(&path, pipeline).expect("written");
    assert_eq!(night(work.path(), "2020-03-11", &[]).2, 0);
    assert!(work.path().join("site/to-do/nightly/records_to_correct.csv").is_file());
    assert!(!former.join(".files.at-work").exists());
    assert!(former.join("records_to_correct.csv").is_file(), "what people fill in is never removed");
}
