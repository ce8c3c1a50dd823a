//! What others have put into the folder of the outputs: links, folders without a name of ours, and folders that no run made.

use std::{os::unix::fs::symlink, path::Path};

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

#[test]
fn an_old_folder_that_a_person_renamed_or_that_nobody_may_change_stays() {
    let work = site("keep_outputs_days = 1");
    let out = work.path().join("site/out");
    for day in ["01", "02"] {
        export(work.path(), &[day.parse().expect("a number")]);
        assert_eq!(night(work.path(), &format!("2020-03-{day}"), &["--out", &format!("site/{day}")]).2, 0);
    }
    std::fs::create_dir_all(&out).expect("made");
    let moved = |day: &str, name: &str| {
        let from = work.path().join(format!("site/{day}/nightly-as-of-2020-03-{day}"));
        std::fs::rename(from, out.join(name)).expect("moved");
        out.join(name)
    };
    let renamed = moved("01", "nightly-as-of-2020-03-01-legal-hold");
    let marked = moved("02", "nightly-as-of-2020-03-02");
    let file = marked.join("data/findings.csv");
    let mark = |sign: &str| {
        let set = std::process::Command::new("chattr").arg(sign).arg(&file).output();
        set.is_ok_and(|set| set.status.success())
    };
    let is_marked = mark("+i");
    let (account, errors, code) = night(work.path(), "2020-03-20", &[]);
    let stands = marked.join("bagit.txt").is_file();
    let _ = mark("-i");
    assert_eq!((errors.as_str(), code), ("", 0), "{account}");
    assert!(renamed.is_dir(), "{account}");
    match is_marked {
        true => assert!(stands && account.contains("03-02: it, or a folder in it, is read-only"), "{account}"),
        false => println!("skipped: the disk of the tests has no mark that keeps a file from change"),
    }
}

/// A link that cannot be followed may lead to any folder: none is removed, and the night is published.
#[test]
fn a_link_that_cannot_be_followed_keeps_every_old_folder_and_no_night_back() {
    let work = site("keep_outputs_days = 1");
    export(work.path(), &[7]);
    assert_eq!(night(work.path(), "2020-03-01", &[]).2, 0);
    symlink("x".repeat(300), work.path().join("site/out/for-anna")).expect("linked");
    let (account, errors, code) = night(work.path(), "2020-03-20", &[]);
    assert_eq!((errors.as_str(), code), ("", 0), "{account}");
    let words = "the link site/out/for-anna beside it cannot be followed, and may lead to it";
    assert!(account.contains(words), "{account}");
    assert!(work.path().join("site/out/nightly-as-of-2020-03-01").is_dir());
}

#[test]
fn a_number_that_no_run_comes_to_is_a_name_of_others() {
    let work = site("");
    export(work.path(), &[7]);
    let others = work.path().join("site/out/nightly-as-of-2020-03-11-4294967295");
    std::fs::create_dir_all(&others).expect("made");
    for wrong in [7, 8] {
        export(work.path(), &[wrong]);
        let (_, errors, code) = night(work.path(), "2020-03-11", &[]);
        assert_eq!((errors.as_str(), code), ("", 0));
    }
    let number = work.path().join("site/out/nightly-as-of-2020-03-11-2");
    assert!(number.is_dir() && others.is_dir() && !work.path().join("site/out/nightly-as-of-2020-03-11-0").exists());
}

/// Whatever is written into a sealed folder breaks its seal, be it by another option than the one that made it.
#[test]
fn nothing_is_written_into_a_sealed_folder_whatever_option_names_it() {
    let work = site("");
    export(work.path(), &[7]);
    assert_eq!(night(work.path(), "2020-03-10", &[]).2, 0);
    let sealed = format!("site/out/{FIRST}");
    let data = format!("{sealed}/data");
    let link = "site/out/nightly-latest";
    let list = work.path().join("list.csv");
    std::fs::write(&list, "code,title\n1,One\n").expect("written");
    let mut commands: Vec<(Vec<String>, i32)> = Vec::new();
    let words = |arguments: &[&str]| arguments.iter().map(|argument| (*argument).to_owned()).collect::<Vec<String>>();
    for place in [sealed.as_str(), data.as_str(), link] {
        let state = format!("{place}/state");
        commands.push((words(&["run", "site/nightly.toml", "--as-of", "2020-03-12", "--out", place]), 74));
        commands.push((words(&["run", "site/nightly.toml", "--as-of", "2020-03-12", "--state", &state]), 74));
        commands.push((words(&["codeset", "import", "--store", place, "--system", "local", "list.csv"]), 2));
        commands.push((words(&["init", place]), 2));
        commands.push((words(&["audit", "sample", &sealed, "--out", &format!("{place}/sample.csv")]), 2));
    }
    for (arguments, expected) in commands {
        let output = chartroom(work.path()).args(&arguments).output().expect("starts");
        let (_, errors, code) = printed(&output);
        assert_eq!(code, expected, "{arguments:?}: {errors}");
        assert!(errors.contains("is the sealed output of a run; name a place outside it"), "{arguments:?}: {errors}");
        let verify = printed(&chartroom(work.path()).args(["verify", &sealed]).output().expect("starts"));
        assert_eq!(verify.2, 0, "{arguments:?}: {}", verify.0);
    }
}

/// Whoever may write in a shared folder must not be able to lead a run to another: a link at the name that a work folder passes through is not followed.
#[test]
fn a_link_at_the_passing_name_of_a_work_folder_is_not_followed_and_what_it_leads_to_stays() {
    if !has_strace() {
        return;
    }
    for folder in ["out", "out/worklists/nightly"] {
        for is_link in [true, false] {
            let work = site("state = \"state\"");
            export(work.path(), &[7]);
            let passing = passing_names(work.path());
            let name = passing.iter().find(|name| Path::new(name).parent() == Some(Path::new(folder)));
            let name = work.path().join("site").join(name.unwrap_or_else(|| panic!("{folder}: {passing:?}")));
            let victim = work.path().join("victim");
            let filled = if is_link { &victim } else { &name };
            std::fs::create_dir_all(name.parent().expect("a folder")).expect("made");
            std::fs::create_dir_all(filled.join("letters")).expect("made");
            for file in ["a.txt", "letters/b.txt"] {
                std::fs::write(filled.join(file), "a letter").expect("written");
            }
            if is_link {
                symlink(&victim, &name).expect("linked");
            }
            for _ in 0..2 {
                let (account, errors, code) = night(work.path(), "2020-03-11", &[]);
                assert_eq!((account.as_str(), code), ("", 74), "{folder}: {errors}");
                assert!(errors.contains("is not this program's; move it away"), "{folder}: {errors}");
                assert!(filled.join("a.txt").is_file() && filled.join("letters/b.txt").is_file(), "{folder}");
                assert_eq!(
                    std::fs::read_dir(filled).expect("a folder").count(),
                    2,
                    "{folder}: nothing was written there"
                );
            }
            let check = printed(&chartroom(work.path()).args(["check", "site/nightly.toml"]).output().expect("starts"));
            assert!(folder == "out" || check.2 == 74, "{folder}: {check:?}");
            match is_link {
                true => std::fs::remove_file(&name).expect("removed"),
                false => std::fs::remove_dir_all(&name).expect("removed"),
            }
            assert_eq!(night(work.path(), "2020-03-11", &[]).2, 0, "{folder}");
        }
    }
}

/// The names, from `site` on, under which a night as of 2020-03-11 makes its work folders; the site is as it was before it.
fn passing_names(work: &Path) -> Vec<String> {
    let log = work.join("mkdir.log");
    let twin = tempfile::tempdir().expect("a folder");
    crate::command::copy(&work.join("site"), &twin.path().join("site"));
    let mut command = std::process::Command::new("strace");
    command.current_dir(twin.path()).args(["-f", "-qq", "-e", "trace=mkdir", "-o"]).arg(&log);
    command.arg(env!("CARGO_BIN_EXE_chartroom")).args(["run", "site/nightly.toml", "--as-of", "2020-03-11"]);
    assert_eq!(printed(&command.output().expect("strace starts")).2, 0);
    let log = std::fs::read_to_string(log).expect("a log");
    let made = log.split('"').filter(|name| name.ends_with(".at-work"));
    made.map(|name| name.trim_start_matches("site/").to_owned()).collect()
}
