//! What is named on the command line or in a configuration and is no file, is endless, or is absurd: it is refused with words, and nothing waits for it.

use std::{
    os::unix::fs::symlink,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    command::{chartroom, printed},
    visits_site::{NIGHT, export, put, site},
};

#[test]
fn an_absurd_number_of_threads_is_a_slip_of_the_command_line() {
    let site = site("\"inbox/*.csv\"");
    put(site.path(), "a.csv", export(3));
    for threads in ["0", "1025", "100000", "18446744073709551615"] {
        let output = chartroom(site.path()).args(NIGHT).args(["--threads", threads]).output().expect("starts");
        let (_, errors, code) = printed(&output);
        assert_eq!(code, 2, "{errors}");
        assert!(errors.contains("from 1 to 1024"), "{errors}");
    }
    let output = chartroom(site.path()).args(NIGHT).env("RAYON_NUM_THREADS", "100000").output().expect("starts");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn of_twenty_thousand_unknown_keys_the_first_hundred_are_shown() {
    let site = site("\"inbox/*.csv\"");
    let keys: String = (0..20_000).map(|number| format!("unknown_{number} = 1\n")).collect();
    let pipeline = std::fs::read_to_string(site.path().join("nightly.toml")).expect("a pipeline");
    std::fs::write(site.path().join("nightly.toml"), keys + &pipeline).expect("written");
    let begun = Instant::now();
    for more in [&[][..], &["--log", "json"]] {
        let output = chartroom(site.path()).args(NIGHT).args(more).output().expect("starts");
        let (_, errors, code) = printed(&output);
        assert_eq!(code, 2);
        assert!(errors.len() < 60_000, "{} bytes", errors.len());
        assert!(errors.contains("19,900 more"), "{}", &errors[errors.len().saturating_sub(300)..]);
    }
    assert!(begun.elapsed() < Duration::from_secs(60));
}

#[test]
fn what_is_no_file_is_refused_as_configuration_without_waiting() {
    let inbox = site("\"inbox/*.csv\"");
    put(inbox.path(), "a.csv", export(3));
    let fifo = inbox.path().join("pipe.toml");
    assert!(Command::new("mkfifo").arg(&fifo).status().expect("mkfifo starts").success());
    let named = [
        "layout = PLACE\n",
        "\n[deficiency]\nmatrix = PLACE\n",
        "\n[edits]\nprofile = PLACE\n",
        "\n[edits]\nhistory = PLACE\n",
        "expect = \"working_days\"\nholidays = PLACE\n",
        "\n[[coding.diagnoses]]\nfrom = \"icd9cm\"\nto = \"icd10cm\"\nby = \"site_map\"\nsite_map = PLACE\n",
    ];
    let pipeline = std::fs::read_to_string(inbox.path().join("nightly.toml")).expect("a pipeline");
    let ended = |arguments: &[&str]| {
        let begun = Instant::now();
        let output = chartroom(inbox.path()).args(arguments).output().expect("starts");
        assert!(begun.elapsed() < Duration::from_secs(20), "{arguments:?}");
        printed(&output)
    };
    symlink("/dev/zero", inbox.path().join("device.toml")).expect("linked");
    for (place, words) in [("pipe.toml", "is a pipe (FIFO), not a file"), ("device.toml", "is a device, not a file")] {
        for line in named {
            let text = match line.strip_prefix("layout") {
                Some(_) => pipeline.replace("\"visits.toml\"", &format!("\"{place}\"")),
                None => pipeline.clone() + &line.replace("PLACE", &format!("\"{place}\"")),
            };
            std::fs::write(inbox.path().join("other.toml"), text).expect("written");
            let (text, errors, code) = ended(&["check", "other.toml"]);
            assert!(code == 2 && errors.contains(&format!("{place} {words}")), "{place} {line}: {text}{errors}");
        }
        for arguments in [
            &["run", place][..],
            &["check", place],
            &["doctor", place],
            &["layout", "draft", place],
            &["codeset", "import", "--store", "store", place],
            &["audit", "score", place],
        ] {
            let (text, errors, code) = ended(arguments);
            let said = text + &errors;
            assert!([1, 2, 65, 74].contains(&code) && said.contains("not a file"), "{arguments:?}: {code} {said}");
        }
    }
    // What is far larger than any configuration is another file.
    std::fs::write(inbox.path().join("large.toml"), vec![b'#'; 17 << 20]).expect("written");
    let (_, errors, code) = ended(&["check", "large.toml"]);
    assert_eq!(code, 2, "{errors}");
    assert!(errors.contains("more than 16 MiB"), "{errors}");
}

/// What is no file and no folder, by its name in a folder of its own: a pipe, a socket, a link to nothing, one in a circle, and a device where the system lets one be
/// made (never one of the system's own: what is asked for here may replace it).
fn put_no_files(folder: &Path) -> Vec<(&'static str, &'static str)> {
    let at = |name: &str| folder.join(name);
    assert!(Command::new("mkfifo").arg(at("pipe")).status().expect("mkfifo starts").success());
    drop(std::os::unix::net::UnixListener::bind(at("socket")).expect("bound"));
    symlink("gone/away", at("dangling")).expect("linked");
    symlink("circle", at("circle")).expect("linked");
    let mut put =
        vec![("pipe", "a pipe (FIFO)"), ("socket", "a socket"), ("dangling", "a link to"), ("circle", "a link")];
    // 1, 3 is the device that reads as empty and takes all.
    let made =
        Command::new("mknod").arg(at("device")).args(["c", "1", "3"]).output().is_ok_and(|made| made.status.success());
    if made {
        put.push(("device", "a device"));
    } else {
        println!("skipped: no device may be made here");
    }
    put
}

/// What stands at a path, links not followed, in a form that changes when anything replaces it.
fn stands(path: &Path) -> (u64, u64, u32) {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = path.symlink_metadata().expect("it stands");
    (metadata.dev(), metadata.ino(), metadata.mode())
}

/// Runs the program, which must end within 20 seconds.
fn ended(folder: &Path, arguments: &[&str], input: Stdio) -> (String, String, i32) {
    let begun = Instant::now();
    let output = chartroom(folder).args(arguments).stdin(input).output().expect("starts");
    assert!(begun.elapsed() < Duration::from_secs(20), "{arguments:?}");
    printed(&output)
}

#[test]
fn a_list_of_codes_is_a_file_or_standard_input_and_each_of_its_rows_has_an_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut named = put_no_files(folder.path());
    // Reading these changes nothing: endless, and never answering.
    symlink("/dev/zero", folder.path().join("zero")).expect("linked");
    named.push(("zero", "a device"));
    named.push((".", "a folder"));
    for (name, words) in named {
        let (text, errors, code) = ended(folder.path(), &["code", "--file", name], Stdio::null());
        assert_eq!((text.as_str(), code), ("", 74), "{name}: {errors}");
        assert!(errors.contains(words), "{name}: {errors}");
    }
    let write = |name: &str, text: &[u8]| std::fs::write(folder.path().join(name), text).expect("written");
    write("long", &[b"code\nI10\n".to_vec(), vec![b'1'; 8 << 20]].concat());
    write("quoted", &[b"code\nI10\n\"".to_vec(), b"1\n".repeat(4 << 20)].concat());
    std::fs::File::create(folder.path().join("sparse")).and_then(|file| file.set_len(5 << 30)).expect("made");
    for name in ["long", "quoted", "sparse"] {
        for by_name in [true, false] {
            let file = std::fs::File::open(folder.path().join(name)).expect("opened");
            let named = if by_name { name } else { "-" };
            let (text, errors, code) = ended(folder.path(), &["code", "--file", named], Stdio::from(file));
            assert_eq!(code, 65, "{name}: {text}{errors}");
            assert!(errors.contains("a row of more than 1 MiB; it is no list of codes"), "{name}: {errors}");
            // What was answered before is not lost.
            assert_eq!(text.contains("\n2,"), name != "sparse", "{name}: {text}");
        }
    }
    // Row by row: a list without end is answered as long as anybody reads.
    let mut endless = Command::new("yes").arg("I10").stdout(Stdio::piped()).spawn().expect("yes starts");
    let lines = endless.stdout.take().expect("a pipe");
    let begun = Instant::now();
    let mut answering = chartroom(folder.path())
        .args(["code", "--file", "-"])
        .stdin(Stdio::from(lines))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    drop(answering.stdout.take());
    let ended = answering.wait().expect("it ends");
    endless.kill().expect("ended");
    endless.wait().expect("ended");
    // The heading that `yes` gives is no `code`: a fault of the list, and at once.
    assert_eq!(ended.code(), Some(65));
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn what_stands_where_a_score_is_to_be_written_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let named = put_no_files(folder.path());
    std::fs::create_dir(folder.path().join("folder")).expect("made");
    std::fs::write(folder.path().join("sheet.csv"), "encounter_id,system,code\n1,icd10cm,I10\n").expect("written");
    let names = named.iter().map(|(name, _)| *name).chain(["folder", "sheet.csv"]);
    for name in names {
        let before = stands(&folder.path().join(name));
        for sheet in ["sheet.csv", "absent.csv"] {
            let arguments = ["audit", "score", sheet, "--out", name];
            let (text, errors, code) = ended(folder.path(), &arguments, Stdio::null());
            assert_eq!(code, 2, "{name}: {text}{errors}");
            assert!(errors.contains("is there already"), "{name}: {errors}");
            assert_eq!(stands(&folder.path().join(name)), before, "{name}");
        }
    }
    // A score of some of the sheets is none: it is not written.
    let arguments = ["audit", "score", "sheet.csv", "absent.csv", "--out", "score.csv"];
    let (text, errors, code) = ended(folder.path(), &arguments, Stdio::null());
    assert_eq!(code, 65, "{text}{errors}");
    assert!(errors.contains("nothing is written to score.csv"), "{errors}");
    assert!(folder.path().join("score.csv").symlink_metadata().is_err());
}

#[test]
fn what_is_no_folder_is_told_before_a_run_reads_anything() {
    let site = site("\"inbox/*.csv\"");
    put(site.path(), "a.csv", export(3));
    let mut named = put_no_files(site.path());
    named.push(("visits.toml", "a file"));
    let pipeline = std::fs::read_to_string(site.path().join("nightly.toml")).expect("a pipeline");
    for (name, words) in named {
        let before = stands(&site.path().join(name));
        for below in ["", "/below/it"] {
            for key in ["output", "state", "worklists"] {
                let other = match key {
                    "output" => pipeline.replace("output = \"out\"", &format!("output = \"{name}{below}\"")),
                    "state" => pipeline.replace("state = \"state\"", &format!("state = \"{name}{below}\"")),
                    _ => format!("worklists = \"{name}{below}\"\n{pipeline}"),
                };
                std::fs::write(site.path().join("other.toml"), other).expect("written");
                let place = format!("{key} = {name}{below}");
                let (text, errors, code) = ended(site.path(), &["check", "other.toml"], Stdio::null());
                assert_eq!(code, 74, "{place}: {text}{errors}");
                assert!(!text.contains("nothing wrong"), "{place}: {text}");
                assert!(errors.contains(words) && errors.contains(key), "{place}: {errors}");
                let (text, _, code) =
                    ended(site.path(), &["doctor", "other.toml", "--as-of", "2020-04-01"], Stdio::null());
                assert_eq!(code, 1, "{place}: {text}");
                assert!(text.contains(words) && text.contains(key), "{place}: {text}");
                let arguments = ["run", "other.toml", "--as-of", "2020-04-01"];
                let (text, errors, code) = ended(site.path(), &arguments, Stdio::null());
                assert_eq!((text.as_str(), code), ("", 74), "{place}: {errors}");
                assert!(errors.contains(words) && errors.contains("name a folder"), "{place}: {errors}");
                assert_eq!(stands(&site.path().join(name)), before, "{place}");
                for made in ["out", "state", "worklists"] {
                    assert!(site.path().join(made).symlink_metadata().is_err(), "{place}: {made} was made");
                }
            }
        }
    }
}
