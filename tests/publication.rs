//! What a night leaves: sealed folders that nothing replaces unasked, the link to the newest, working copies of the worklists, and what is kept.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    command::{chartroom, printed, run},
    faults::trace::has_strace,
    files_due::{diagnoses, two_feeds},
};

const LAYOUT: &str = "title = \"Visits\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"visit\"\nsex = \"sex\"\n\
    admission_date = { column = \"admitted\", formats = [\"%Y-%m-%d\"] }\n\
    discharge_date = { column = \"left\", formats = [\"%Y-%m-%d\"] }\n";
pub const HEADING: &str = "visit,sex,admitted,left\n";

/// A site: `site/nightly.toml` reads `site/inbox`. Its one worklist of interest, `records_to_correct.csv`, names visits that end before they begin.
pub fn site(more: &str) -> tempfile::TempDir {
    let work = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(work.path().join("site/inbox")).expect("made");
    std::fs::write(work.path().join("site/visits.toml"), LAYOUT).expect("written");
    let pipeline = format!(
        "title = \"Nightly\"\n{more}\n[[ingest]]\nname = \"visits\"\nfiles = \"inbox/visits*.csv\"\nlayout = \"visits.toml\"\n"
    );
    std::fs::write(work.path().join("site/nightly.toml"), pipeline).expect("written");
    work
}

/// Visits of which each of `wrong` ends before it begins.
pub fn export(work: &Path, wrong: &[u32]) {
    let mut text = format!("{HEADING}1,F,2020-03-01,2020-03-04\n");
    for visit in wrong {
        text.push_str(&format!("{visit},M,2020-03-05,2020-03-01\n"));
    }
    std::fs::write(work.join("site/inbox/visits.csv"), text).expect("written");
}

pub fn night(work: &Path, day: &str, more: &[&str]) -> (String, String, i32) {
    let output = chartroom(work).args(["run", "site/nightly.toml", "--as-of", day]).args(more).output();
    printed(&output.expect("the program starts"))
}

/// Every file beneath a folder with its digest and the time it was written; of links what they name.
fn tree(folder: &Path) -> BTreeMap<PathBuf, (String, std::time::SystemTime)> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder").filter_map(Result::ok) {
            let path = entry.path();
            let written = entry.metadata().expect("told").modified().expect("a time");
            if path.is_symlink() {
                let names = std::fs::read_link(&path).expect("a link").to_string_lossy().into_owned();
                found.insert(path, (names, written));
            } else if path.is_dir() {
                open.push(path);
            } else {
                let digest = chartroom::fs::digest(&path).expect("a file").sha256;
                found.insert(path, (digest, written));
            }
        }
    }
    found
}

/// Names in the output folder, hidden ones too.
pub fn names(work: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(work.join("site/out")).expect("the output folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

pub fn latest(work: &Path) -> String {
    let link = std::fs::read_link(work.join("site/out/nightly-latest")).expect("a link");
    assert!(work.join("site/out/nightly-latest/data/findings.csv").is_file(), "the link leads somewhere");
    link.to_string_lossy().into_owned()
}

pub fn worklist(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("records_to_correct.csv")).expect("a worklist")
}

pub const FIRST: &str = "nightly-as-of-2020-03-10";

#[test]
fn the_same_bytes_are_not_written_twice_and_the_account_says_so() {
    let work = site("state = \"state\"");
    export(work.path(), &[7]);
    let (account, errors, code) = night(work.path(), "2020-03-10", &[]);
    assert_eq!((errors.as_str(), code), ("", 0), "{account}");
    // Printed as they are: relative to where the command was given, the outputs beside the pipeline file.
    assert!(account.contains(&format!("\n  site/out/{FIRST}/data/findings.csv ")), "{account}");
    assert!(!work.path().join("out").exists());
    let before = tree(&work.path().join("site/out"));
    let (account, errors, code) = night(work.path(), "2020-03-10", &[]);
    assert_eq!((errors.as_str(), code), ("", 0));
    assert!(account.contains(&format!("the same as what lies in site/out/{FIRST}; nothing to do\n")), "{account}");
    assert_eq!(tree(&work.path().join("site/out")), before, "not one file was written");
    // What the run finds is said all the same.
    let pipeline = std::fs::read_to_string(work.path().join("site/nightly.toml")).expect("read");
    let gated = pipeline.replace("state = ", "fail_on = \"info\"\nstate = ");
    std::fs::write(work.path().join("site/nightly.toml"), gated).expect("written");
    assert_eq!(night(work.path(), "2020-03-11", &[]).2, 1);
    let (account, _, code) = night(work.path(), "2020-03-11", &["--replace"]);
    assert!(account.contains("nothing to do"), "{account}");
    assert_eq!(code, 1);
}

#[test]
fn other_bytes_take_the_next_number_and_the_link_names_the_newest() {
    let work = site("");
    for (wrong, name) in
        [(vec![7], FIRST.to_owned()), (vec![7, 8], format!("{FIRST}-2")), (vec![], format!("{FIRST}-3"))]
    {
        export(work.path(), &wrong);
        let (account, errors, code) = night(work.path(), "2020-03-10", &[]);
        assert_eq!((errors.as_str(), code), ("", 0));
        assert!(account.contains(&format!("site/out/{name}/data/findings.csv")), "{account}");
        assert_eq!(latest(work.path()), name);
    }
    let kept = [FIRST, &format!("{FIRST}-2"), &format!("{FIRST}-3")].map(str::to_owned);
    assert_eq!(names(work.path()), [&kept[..], &["nightly-latest".to_owned(), "worklists".to_owned()]].concat());
    for (name, visits) in kept.iter().zip([1, 2, 0]) {
        let folder = work.path().join("site/out").join(name);
        assert_eq!(printed(&run(&["verify", folder.to_str().expect("a path")])).2, 0, "{name}");
        assert_eq!(worklist(&folder.join("data/worklists")).lines().count(), visits + 1, "{name}");
    }
    // A run for an earlier day does not turn the link back.
    let (account, _, _) = night(work.path(), "2020-03-09", &[]);
    assert_eq!(latest(work.path()), format!("{FIRST}-3"));
    let stays = format!("newest: site/out/nightly-latest stays with {FIRST}-3, which is of a later day\n");
    assert!(account.contains(&stays), "{account}");
    night(work.path(), "2020-03-11", &[]);
    assert_eq!(latest(work.path()), "nightly-as-of-2020-03-11");
}

#[test]
fn what_is_not_this_programs_or_no_longer_what_was_sealed_is_never_touched() {
    let bag: fn(&Path) = |folder| {
        std::fs::create_dir_all(folder.join("data")).expect("made");
        std::fs::write(folder.join("bagit.txt"), "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
            .expect("written");
        std::fs::write(folder.join("data/a-strangers-work.txt"), "dear").expect("written");
    };
    type Making = fn(&Path);
    let stands: [(&str, Making); 4] = [
        ("a stranger's bag", bag),
        ("an empty folder", |folder| std::fs::create_dir_all(folder).expect("made")),
        ("a file", |folder| std::fs::write(folder, "a letter").expect("written")),
        ("a link", |folder| std::os::unix::fs::symlink("elsewhere", folder).expect("linked")),
    ];
    for (what, make) in stands {
        let work = site("");
        export(work.path(), &[7]);
        std::fs::create_dir_all(work.path().join("site/out")).expect("made");
        make(&work.path().join("site/out").join(FIRST));
        let before = tree(&work.path().join("site/out"));
        let (_, errors, code) = night(work.path(), "2020-03-10", &["--replace"]);
        assert_eq!(code, 2, "{what}: {errors}");
        assert!(errors.contains("is not replaced: this program did not seal it"), "{what}: {errors}");
        assert_eq!(tree(&work.path().join("site/out")), before, "{what}");
        let (_, errors, code) = night(work.path(), "2020-03-10", &[]);
        assert_eq!((errors.as_str(), code), ("", 0), "{what}");
        assert_eq!(latest(work.path()), format!("{FIRST}-2"), "{what}");
        let after = tree(&work.path().join("site/out"));
        assert!(before.iter().all(|(path, kept)| after.get(path) == Some(kept)), "{what}");
    }
}

#[test]
fn a_sealed_folder_is_replaced_when_asked_for_and_only_while_it_is_what_was_sealed() {
    let work = site("");
    let folder = work.path().join("site/out").join(FIRST);
    export(work.path(), &[7]);
    assert_eq!(night(work.path(), "2020-03-10", &["--replace"]).2, 0, "nothing stands: nothing to replace");
    export(work.path(), &[7, 8]);
    let (account, errors, code) = night(work.path(), "2020-03-10", &["--replace"]);
    assert_eq!((errors.as_str(), code), ("", 0));
    assert!(account.contains(&format!("replaced what lay in site/out/{FIRST}\n")), "{account}");
    assert_eq!(names(work.path()), [FIRST, "nightly-latest", "worklists"]);
    assert_eq!(worklist(&folder.join("data/worklists")).lines().count(), 3);
    // A coder fills in the worklist in the sealed folder: it is the coder's now.
    let filled = worklist(&folder.join("data/worklists")) + "9,done\n";
    std::fs::write(folder.join("data/worklists/records_to_correct.csv"), &filled).expect("written");
    export(work.path(), &[8]);
    let (_, errors, code) = night(work.path(), "2020-03-10", &["--replace"]);
    assert_eq!(code, 2);
    assert!(errors.contains("no longer what was sealed (data/worklists/records_to_correct.csv"), "{errors}");
    assert_eq!(night(work.path(), "2020-03-10", &[]).2, 0);
    assert_eq!(worklist(&folder.join("data/worklists")), filled);
    assert_eq!(latest(work.path()), format!("{FIRST}-2"));
}

#[test]
fn an_output_of_whole_inputs_is_not_replaced_by_one_that_lacks_some() {
    let work = site("");
    export(work.path(), &[7]);
    assert_eq!(night(work.path(), "2020-03-10", &[]).2, 0);
    std::fs::write(work.path().join("site/inbox/visits-2.csv"), b"%PDF-1.7 \x00\x01").expect("written");
    let (account, _, code) = night(work.path(), "2020-03-10", &["--replace"]);
    assert_eq!(code, 65);
    assert!(account.contains(&format!("site/out/{FIRST} is not replaced: ")), "{account}");
    assert_eq!(names(work.path()), [FIRST, &format!("{FIRST}-2"), "nightly-latest", "worklists"]);
    assert_eq!(latest(work.path()), FIRST, "the newest of whole inputs");
    let stays = format!("newest: site/out/nightly-latest stays with {FIRST}, for which every input could be used\n");
    assert!(account.contains(&stays), "{account}");
    assert!(account.contains("on the same day, run again with --as-of 2020-03-10"), "{account}");
    // Of a night that lacks something when a later one has run already.
    std::fs::remove_file(work.path().join("site/inbox/visits-2.csv")).expect("removed");
    assert_eq!(night(work.path(), "2020-03-11", &[]).2, 0);
    std::fs::write(work.path().join("site/inbox/visits-2.csv"), b"%PDF-1.7 \x00\x01").expect("written");
    let (account, _, _) = night(work.path(), "2020-03-10", &[]);
    assert!(
        account.contains("when every file is there and can be read: run the next night, which takes the late file"),
        "{account}"
    );
    assert!(!account.contains("run again with --as-of"), "{account}");
}

/// A file that was cut off while it was sent lacks something too.
#[test]
fn an_output_of_a_whole_file_is_not_replaced_by_one_of_a_file_that_is_cut_short() {
    let work = site("");
    export(work.path(), &[7]);
    let export = work.path().join("site/inbox/visits.csv");
    let whole = std::fs::read_to_string(&export).expect("read");
    let cut = &whole[..whole.len() - "5,2020-03-01\n".len()];
    std::fs::write(&export, cut).expect("written");
    let (account, _, code) = night(work.path(), "2020-03-10", &[]);
    assert_eq!(code, 0, "{account}");
    std::fs::write(&export, &whole).expect("written");
    let (account, _, _) = night(work.path(), "2020-03-10", &["--replace"]);
    assert!(account.contains(&format!("replaced what lay in site/out/{FIRST}\n")), "{account}");
    std::fs::write(&export, cut).expect("written");
    let (account, _, _) = night(work.path(), "2020-03-10", &["--replace"]);
    assert!(account.contains(&format!("site/out/{FIRST} is not replaced: ")), "{account}");
    assert_eq!(names(work.path()), [FIRST, &format!("{FIRST}-2"), "nightly-latest", "worklists"]);
}

#[test]
fn another_pipeline_with_a_title_that_reads_alike_is_refused() {
    let work = site("");
    export(work.path(), &[7]);
    assert_eq!(night(work.path(), "2020-03-10", &[]).2, 0);
    let pipeline = std::fs::read_to_string(work.path().join("site/nightly.toml")).expect("read");
    std::fs::write(work.path().join("site/nightly.toml"), pipeline.replace("\"Nightly\"", "\"Nightly!\""))
        .expect("written");
    let before = tree(&work.path().join("site/out"));
    let (_, errors, code) = night(work.path(), "2020-03-10", &[]);
    assert_eq!(code, 2, "{errors}");
    assert!(errors.contains("another pipeline"), "{errors}");
    assert_eq!(tree(&work.path().join("site/out")), before);
}

#[test]
fn an_edited_worklist_is_found_and_kept_over_three_nights() {
    let work = site("worklists = \"desk\"");
    let desk = work.path().join("site/desk/nightly");
    export(work.path(), &[7]);
    let (account, _, _) = night(work.path(), "2020-03-10", &[]);
    assert!(account.contains("worklists to work on: site/desk/nightly\n"), "{account}");
    assert_eq!(worklist(&desk), worklist(&work.path().join("site/out").join(FIRST).join("data/worklists")));
    let edited = worklist(&desk).replace("7,", "7 (asked the ward),");
    std::fs::write(desk.join("records_to_correct.csv"), &edited).expect("written");
    for (day, wrong) in [("2020-03-11", vec![7, 8]), ("2020-03-12", vec![8]), ("2020-03-12", vec![8])] {
        export(work.path(), &wrong);
        let (account, errors, code) = night(work.path(), day, &[]);
        assert_eq!((errors.as_str(), code), ("", 0));
        let sealed = format!("site/out/nightly-as-of-{day}/data/worklists/records_to_correct.csv");
        let line = format!("edited since: site/desk/nightly/records_to_correct.csv (kept; the new one: {sealed})");
        assert!(account.contains(&line), "{account}");
        assert_eq!(worklist(&desk), edited);
        assert!(work.path().join(sealed).is_file());
    }
    // Taken away by whoever is done with it, it is made anew; untouched from then on, it is brought up to date.
    std::fs::remove_file(desk.join("records_to_correct.csv")).expect("removed");
    for (day, wrong) in [("2020-03-13", vec![7, 8]), ("2020-03-14", vec![7, 8, 9])] {
        export(work.path(), &wrong);
        let (account, _, _) = night(work.path(), day, &[]);
        assert!(!account.contains("edited since"), "{account}");
        assert_eq!(worklist(&desk).lines().count(), wrong.len() + 1);
    }
    // A run for an earlier day leaves the lists of the later one, edited or not, and says so.
    let of_the_fourteenth = worklist(&desk);
    export(work.path(), &[]);
    let (account, errors, code) = night(work.path(), "2020-03-13", &[]);
    assert_eq!((errors.as_str(), code), ("", 0));
    assert!(account.contains("\n  worklists stay as they are: those of 2020-03-14 are newer; "), "{account}");
    assert_eq!(worklist(&desk), of_the_fourteenth);
    let edited = of_the_fourteenth + "10,asked\n";
    std::fs::write(desk.join("records_to_correct.csv"), &edited).expect("written");
    let (account, _, _) = night(work.path(), "2020-03-12", &[]);
    assert!(account.contains("those of 2020-03-14 are newer") && !account.contains("edited since"), "{account}");
    assert_eq!(worklist(&desk), edited);
    // Sealed folders are what they were, whatever was done at the desk.
    let sealed = work.path().join("site/out/nightly-as-of-2020-03-11");
    assert_eq!(printed(&run(&["verify", sealed.to_str().expect("a path")])).2, 0);
}

#[test]
fn old_folders_go_where_they_are_this_pipelines_and_as_they_were_sealed() {
    let work = site("keep_outputs_days = 7");
    let out = work.path().join("site/out");
    let of = |day: &str| out.join(format!("nightly-as-of-2020-03-{day}"));
    for (day, wrong) in [("01", 7), ("02", 7), ("03", 7), ("08", 7), ("09", 7)] {
        export(work.path(), &[wrong]);
        assert_eq!(night(work.path(), &format!("2020-03-{day}"), &[]).2, 0);
    }
    assert!(!of("01").exists(), "eight days before the ninth");
    assert!(of("02").exists(), "seven days before it");
    // A coder's work in a sealed folder, a folder of somebody else's, and a link that names an old one keep them.
    std::fs::write(of("02").join("data/worklists/records_to_correct.csv"), "mine").expect("written");
    std::fs::create_dir(out.join("nightly-as-of-2020-01-01")).expect("made");
    std::os::unix::fs::symlink("nightly-as-of-2020-03-03", out.join("for-the-auditor")).expect("linked");
    let (account, errors, code) = night(work.path(), "2020-03-16", &[]);
    assert_eq!((errors.as_str(), code), ("", 0));
    assert!(account.contains("removed, older than 7 days: site/out/nightly-as-of-2020-03-08\n"), "{account}");
    assert!(account.contains("not removed, though older: site/out/nightly-as-of-2020-03-02: "), "{account}");
    let standing = ["01-01", "03-02", "03-03", "03-09", "03-16"].map(|day| format!("nightly-as-of-2020-{day}"));
    let others = ["for-the-auditor", "nightly-latest", "worklists"].map(str::to_owned);
    let mut expected = [&standing[..], &others[..]].concat();
    expected.sort();
    assert_eq!(names(work.path()), expected);
    // A business date in the future, which may be a slip of the pen, removes nothing.
    let (account, _, _) = night(work.path(), "2199-01-01", &[]);
    assert!(account.contains("no old folder was removed: the business date lies in the future"), "{account}");
    assert!(of("09").exists());
}

#[test]
fn what_a_killed_night_left_is_swept_by_the_next_of_another_day() {
    let work = site("");
    export(work.path(), &[7]);
    assert_eq!(night(work.path(), "2020-03-10", &[]).2, 0);
    // As a kill leaves it: the work folder with its lock, which nobody holds.
    let staging =
        chartroom::fs::staging::Staging::create(&work.path().join("site/out/nightly-as-of-2020-03-11")).expect("made");
    staging.write("data/findings.csv", b"a patient").expect("written");
    std::mem::forget(staging);
    // This process still lives and holds the lock: a living run is left alone, and its name is taken.
    let (_, errors, code) = night(work.path(), "2020-03-11", &[]);
    assert_eq!(code, 75, "{errors}");
    let left = work.path().join("site/out/.nightly-as-of-2020-03-11.at-work");
    let killed = work.path().join("site/out/.nightly-as-of-2020-03-09.at-work");
    crate::command::copy(&left, &killed);
    assert_eq!(night(work.path(), "2020-03-12", &[]).2, 0);
    assert!(left.is_dir() && !killed.exists());
}

#[test]
fn the_folders_of_the_command_line_are_relative_to_where_the_command_is_given() {
    let work = site("output = \"../sealed\"");
    export(work.path(), &[7]);
    let (account, _, code) = night(work.path(), "2020-03-10", &["--dry-run"]);
    assert_eq!(code, 0);
    assert!(account.contains(&format!("writes to sealed/{FIRST}\n")), "{account}");
    assert_eq!(night(work.path(), "2020-03-10", &[]).2, 0);
    assert!(work.path().join("sealed").join(FIRST).is_dir());
    let (account, _, _) = night(work.path(), "2020-03-10", &["--out", "elsewhere"]);
    assert!(account.contains(&format!("\n  elsewhere/{FIRST}/data/findings.csv ")), "{account}");
    assert!(work.path().join("elsewhere/worklists/nightly").is_dir());
}

/// The lines of a log as JSON objects; every line is one.
fn log(errors: &str) -> Vec<serde_json::Value> {
    let lines: Vec<serde_json::Value> =
        errors.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"))).collect();
    for line in &lines {
        let time = line["timestamp"].as_str().expect("a time");
        assert!(chrono::DateTime::parse_from_rfc3339(time).is_ok(), "{time}");
        assert!(["INFO", "WARN", "ERROR"].contains(&line["level"].as_str().expect("a level")), "{line}");
    }
    let last = lines.last().expect("a line");
    assert_eq!(last["message"], "ended");
    assert!(last["duration_seconds"].as_f64().is_some_and(|seconds| (0.0..600.0).contains(&seconds)), "{last}");
    lines
}

#[test]
fn the_log_is_json_objects_alone_whatever_goes_wrong() {
    let work = two_feeds("", "expect = \"daily\"");
    let of = |more: &[&str]| {
        let output = chartroom(work.path()).args(["run", "site/nightly.toml", "--log", "json"]).args(more).output();
        let (_, errors, code) = printed(&output.expect("the program starts"));
        let lines = log(&errors);
        assert_eq!(lines.last().expect("a line")["exit_code"], code, "{errors}");
        let errors: Vec<serde_json::Value> = lines.into_iter().filter(|line| line["level"] == "ERROR").collect();
        (code, errors)
    };
    // The command line: what clap refuses, and what we refuse.
    let (code, errors) = of(&["--as-off", "2020-03-10"]);
    assert_eq!(code, 2);
    assert!(errors[0]["message"].as_str().expect("words").contains("--as-off"), "{errors:?}");
    assert_eq!(of(&["--as-of", "March"]).0, 2);
    assert_eq!(of(&["--threads", "0", "--as-of", "2020-03-10"]).0, 2);
    // What did not come, what came, and what cannot be read.
    let (code, errors) = of(&["--as-of", "2020-03-10"]);
    assert_eq!((code, errors.len()), (66, 2));
    export(work.path(), &[7]);
    diagnoses(work.path(), "diagnoses.csv", "I10");
    let (code, errors) = of(&["--as-of", "2020-03-10", "--quiet"]);
    assert_eq!((code, errors.len()), (0, 0), "{errors:?}");
    std::fs::write(work.path().join("site/inbox/visits-2.csv"), b"%PDF-1.7 \x00\x01").expect("written");
    let (code, errors) = of(&["--as-of", "2020-03-11"]);
    // The reason, and what to do.
    assert_eq!((code, errors.len()), (65, 2), "{errors:?}");
    assert!(errors[0]["message"].as_str().expect("words").starts_with("visits-2.csv is no table"), "{errors:?}");
    // Configuration: a line for each problem, with its place.
    let path = work.path().join("site/nightly.toml");
    let pipeline = std::fs::read_to_string(&path).expect("read");
    std::fs::write(&path, format!("perod = \"2020-03\"\nstat = \"state\"\n{pipeline}")).expect("written");
    let (code, errors) = of(&["--as-of", "2020-03-10"]);
    assert_eq!((code, errors.len()), (2, 2), "{errors:?}");
    let place = |error: &serde_json::Value| (error["code"].clone(), error["line"].clone(), error["column"].clone());
    assert_eq!(place(&errors[1]), ("unknown-key".into(), 2.into(), 1.into()), "{errors:?}");
    assert_eq!(errors[0]["suggestion"], "did you mean `period`?");
}

/// A command with faults put into its calls of the operating system, as strace writes them: `renameat2:error=EINVAL`.
fn with_faults(work: &Path, faults: &[&str], arguments: &[&str]) -> (String, String, i32) {
    let mut command = Command::new("strace");
    command.current_dir(work).args(["-f", "-qq", "-o", "/dev/null"]);
    let calls: Vec<&str> = faults.iter().filter_map(|fault| fault.split(':').next()).collect();
    command.arg("-e").arg(format!("trace={}", calls.join(",")));
    for fault in faults {
        command.arg("-e").arg(format!("inject={fault}"));
    }
    printed(&command.arg(env!("CARGO_BIN_EXE_chartroom")).args(arguments).output().expect("strace starts"))
}

#[test]
fn a_file_system_that_cannot_exchange_two_names_never_shows_half_an_output_or_none() {
    if !has_strace() {
        return;
    }
    let run = ["run", "site/nightly.toml", "--as-of", "2020-03-10", "--replace"];
    for error in ["EINVAL", "ENOSYS", "EOPNOTSUPP"] {
        let work = site("");
        let cannot = format!("renameat2:error={error}");
        for wrong in [&[7][..], &[7, 8], &[]] {
            export(work.path(), wrong);
            let (account, errors, code) = with_faults(work.path(), &[&cannot], &run);
            assert_eq!((errors.as_str(), code), ("", 0), "{error}: {account}");
            let folder = work.path().join("site/out").join(FIRST);
            assert_eq!(worklist(&folder.join("data/worklists")).lines().count(), wrong.len() + 1, "{error}");
            assert_eq!(worklist(&work.path().join("site/out/worklists/nightly")).lines().count(), wrong.len() + 1);
        }
        assert_eq!(names(work.path()), [FIRST, "nightly-latest", "worklists"], "{error}");
    }
    // Killed or failed at each of the renames that take the place of one: the old output, the new one, and then the link and the lists.
    for fault in ["signal=KILL", "error=EIO"] {
        for at in 1..=3 {
            let work = site("");
            export(work.path(), &[7]);
            assert_eq!(night(work.path(), "2020-03-10", &[]).2, 0);
            export(work.path(), &[7, 8]);
            let rename = format!("rename:{fault}:when={at}");
            with_faults(work.path(), &["renameat2:error=EINVAL", &rename], &run);
            // The next run is one of another day.
            let (_, errors, code) = night(work.path(), "2020-03-11", &[]);
            assert_eq!((errors.as_str(), code), ("", 0), "{fault} {at}");
            let folder = work.path().join("site/out").join(FIRST);
            assert_eq!(
                printed(&crate::command::run(&["verify", folder.to_str().expect("a path")])).2,
                0,
                "{fault} {at}"
            );
            assert!([2, 3].contains(&worklist(&folder.join("data/worklists")).lines().count()), "{fault} {at}");
            assert_eq!(names(work.path()), [FIRST, "nightly-as-of-2020-03-11", "nightly-latest", "worklists"]);
        }
    }
}

#[test]
fn what_a_kill_left_anywhere_is_swept_by_the_next_run_whatever_it_makes() {
    if !has_strace() {
        return;
    }
    // Killed with everything written and nothing published; while a worklist is written; while the state is.
    for fault in ["renameat2:signal=KILL:when=1", "renameat2:signal=KILL:when=2", "rename:signal=KILL:when=1"] {
        let work = site("state = \"state\"\nperiod = \"2020-03\"");
        export(work.path(), &[7]);
        let arguments = ["run", "site/nightly.toml", "--as-of", "2020-03-10", "--period", "2020-02"];
        let (_, _, code) = with_faults(work.path(), &[fault], &arguments);
        assert_ne!(code, 0, "{fault}");
        let left = at_work(work.path());
        assert!(!left.is_empty(), "{fault}: a kill tidies nothing up");
        // Another day, another period, another name.
        let path = work.path().join("site/nightly.toml");
        let pipeline = std::fs::read_to_string(&path).expect("read").replace("\"Nightly\"", "\"Evening\"");
        std::fs::write(&path, pipeline).expect("written");
        let (_, errors, code) = night(work.path(), "2020-03-12", &[]);
        assert_eq!((errors.as_str(), code), ("", 0), "{fault}");
        assert_eq!(at_work(work.path()), Vec::<PathBuf>::new(), "{fault}");
    }
}

/// Every work folder beneath a folder.
pub fn at_work(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").filter_map(Result::ok) {
        if entry.file_name().to_string_lossy().ends_with(".at-work") {
            found.push(entry.path());
        } else if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.extend(at_work(&entry.path()));
        }
    }
    found
}

#[test]
fn a_passing_read_error_of_a_sealed_folder_is_74_and_no_sign_of_another_hand() {
    if !has_strace() {
        return;
    }
    let work = site("");
    export(work.path(), &[7]);
    assert_eq!(night(work.path(), "2020-03-10", &[]).2, 0);
    let before = tree(&work.path().join("site/out"));
    let sealed = format!("site/out/{FIRST}");
    let arguments = ["run", "site/nightly.toml", "--as-of", "2020-03-10"];
    for (name, call) in [
        ("data/run_results.json", "openat"),
        ("bag-info.txt", "openat"),
        ("tagmanifest-sha256.txt", "openat"),
        ("data/worklists/deficiencies.csv", "openat"),
        ("bagit.txt", "statx"),
    ] {
        let path = format!("{sealed}/{name}");
        // Once, and for as long as it lasts.
        for when in [":when=1", ""] {
            let mut command = Command::new("strace");
            command.current_dir(work.path()).args(["-f", "-qq", "-o", "/dev/null", "-P", &path, "-e"]);
            command.arg(format!("trace={call}")).arg("-e").arg(format!("inject={call}:error=EIO{when}"));
            let output = command.arg(env!("CARGO_BIN_EXE_chartroom")).args(arguments).output().expect("strace starts");
            let (account, errors, code) = printed(&output);
            assert!([0, 74].contains(&code), "{name}{when}: {account}{errors}");
            assert!(code == 74 || !when.is_empty(), "{name}: what lasts is told");
            assert_eq!(tree(&work.path().join("site/out")), before, "{name}{when}: nothing was published");
        }
    }
}
