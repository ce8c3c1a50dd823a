//! Canaries: a token in every field that identifies a patient, in every place of a row and on every path of error; nobody but the files that are made for it may sing.
//!
//! Patients' data may stand in the coded records and their sources, the findings, the quarantine and the worklists (with their working copies), all for their owner alone. It may not
//! stand in what is printed or logged, in `run_results.json`, the workbook, the statistics, the seal, the state, or in any name of a file, while a run goes on too.
//! Names of files, sheets and columns are no patients' data: they are shown as they are.

mod other_commands;
mod sites;
mod wrong_files;

use std::{
    io::Read as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Stdio,
};

use chartroom::record::field::DICTIONARY;

use crate::{
    command::{chartroom, printed},
    faults::table::record,
};
use sites::{CASES, LAYOUT, row, site, text_of, write};

/// A token for every identifying field.
const TOKENS: [(&str, &str); 9] = [
    ("patient_id", "CNRYPID77"),
    ("medical_record_number", "CNRYMRN77"),
    ("patient_name", "Cnryova Zdenka"),
    ("social_security_number", "987-65-4329"),
    ("birth_date", "1931-07-19"),
    ("zip_code", "98731-4411"),
    ("county", "Cnryshire"),
    ("employer_name", "Cnryworks GmbH"),
    ("mother_patient_id", "CNRYMOM77"),
];

/// What is looked for, in small letters: the tokens in each form that a program might give them.
const SONGS: [&str; 9] =
    ["cnry", "987-65-4329", "987654329", "1931-07-19", "19310719", "07/19/1931", "98731-4411", "987314411", "zdenka"];

/// The first token in some bytes.
fn song(bytes: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    SONGS.into_iter().find(|song| text.contains(song))
}

/// Files that hold patients' data, by the documentation.
fn may_sing(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let folder = path.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
    let of_payload = [
        "coded_records.parquet",
        "findings.csv",
        "findings_by_value.parquet",
        "accepted.csv",
        "quarantine.csv",
        "superseded.csv",
        // By the number of the encounter, which may be anything where the row is wrong.
        "record_sources.parquet",
    ];
    folder == "data" && of_payload.contains(&name)
        // The rows that the store keeps.
        || folder == "segments" && name.ends_with(".parquet")
        // Which findings there are of which encounter, by its number.
        || folder == "state" && name.starts_with("catalogue") || name == "findings_followed.csv"
        // The worklists of a sealed folder and their working copies.
        || path.components().any(|part| part.as_os_str() == "worklists") && name.ends_with(".csv")
}

/// What is run on each site: the name, the arguments.
const COMMANDS: [(&str, &[&str]); 8] = [
    ("check", &["check", "nightly.toml"]),
    ("dry run", &["run", "nightly.toml", "--as-of", "2020-04-01", "--dry-run"]),
    (
        "run with the log as JSON",
        &["run", "nightly.toml", "--as-of", "2020-04-01", "--log", "json", "--format", "both"],
    ),
    ("the same again", &["run", "nightly.toml", "--as-of", "2020-04-01", "--format", "both"]),
    ("the next night", &["run", "nightly.toml", "--as-of", "2020-04-02", "--log", "text", "--format", "both"]),
    ("quiet", &["run", "nightly.toml", "--as-of", "2020-04-02", "--quiet", "--replace"]),
    ("doctor", &["doctor", "nightly.toml"]),
    ("verify", &["verify", "out/nightly-2020-03-latest"]),
];

/// What is run beside them where records are kept.
const OF_STORE: [(&str, &[&str], &[i32]); 8] = [
    ("the month from the store", &["run", "month.toml", "--as-of", "2020-04-02", "--format", "both"], &[0, 1]),
    ("history", &["history", "nightly.toml", "V3"], &[0]),
    ("history of none", &["history", "nightly.toml", "V3X"], &[1]),
    ("state check", &["state", "check", "nightly.toml"], &[0]),
    ("state backup", &["state", "backup", "nightly.toml", "--to", "backup"], &[0]),
    ("state export", &["state", "export", "nightly.toml", "--to", "lists"], &[0]),
    ("state restore", &["state", "restore", "nightly.toml", "--from", "backup"], &[0]),
    ("audit log", &["audit-log", "list", "nightly.toml"], &[0]),
];

/// Every path beneath a folder.
fn tree(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(next) = open.pop() {
        for path in std::fs::read_dir(&next).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path()) {
            if path.is_dir() && !path.is_symlink() {
                open.push(path.clone());
            }
            found.push(path);
        }
    }
    found
}

/// What a file says: of a workbook every part of it.
fn contents(path: &Path) -> Vec<u8> {
    let bytes = std::fs::read(path).expect("read");
    if path.extension().is_none_or(|kind| kind != "xlsx") {
        return bytes;
    }
    let mut parts = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a workbook");
    let mut text = Vec::new();
    for place in 0..parts.len() {
        parts.by_index(place).expect("a part").read_to_end(&mut text).expect("read");
    }
    text
}

/// Runs a command, which ends with one of some codes, and watches the names that come and go meanwhile; what sang.
fn listen(work: &Path, arguments: &[&str], codes: &[i32]) -> Vec<String> {
    let mut child = chartroom(work)
        .args(arguments)
        .env("RUST_LOG", "trace")
        .env("TMPDIR", work)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut songs = Vec::new();
    let (out, errors) = std::thread::scope(|scope| {
        let (mut out, mut errors) = (child.stdout.take().expect("piped"), child.stderr.take().expect("piped"));
        let read = scope.spawn(move || {
            let mut bytes = Vec::new();
            out.read_to_end(&mut bytes).expect("read");
            bytes
        });
        let also = scope.spawn(move || {
            let mut bytes = Vec::new();
            errors.read_to_end(&mut bytes).expect("read");
            bytes
        });
        loop {
            let ended = child.try_wait().expect("it runs").is_some();
            for path in tree(work).iter().filter_map(|path| path.strip_prefix(work).ok()) {
                songs.extend(
                    song(path.as_os_str().as_encoded_bytes())
                        .map(|song| format!("{song} in the name {}", path.display())),
                );
            }
            if ended {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        (read.join().expect("read"), also.join().expect("read"))
    });
    let code = child.wait().expect("it ended").code();
    assert!(
        code.is_some_and(|code| codes.contains(&code)),
        "{arguments:?}: {code:?}: {}{}",
        String::from_utf8_lossy(&out),
        String::from_utf8_lossy(&errors)
    );
    for (what, bytes) in [("standard output", &out), ("standard error", &errors)] {
        let text = String::from_utf8_lossy(bytes);
        let line =
            |song: &str| text.lines().find(|line| line.to_lowercase().contains(song)).unwrap_or_default().to_owned();
        songs.extend(song(bytes).map(|song| format!("{song} on {what}: {}", line(song))));
    }
    songs
}

#[test]
fn a_canary_is_in_every_identifying_field() {
    let identifying: Vec<&str> = DICTIONARY.iter().filter(|entry| entry.identifying).map(|entry| entry.name).collect();
    assert_eq!(identifying, TOKENS.map(|(field, _)| field), "a field that identifies has no canary");
    for (field, token) in TOKENS {
        assert!(song(token.as_bytes()).is_some(), "{field}: nobody listens for {token}");
    }
}

#[test]
fn no_canary_sings_but_where_patients_data_belongs() {
    let mut tried = 0;
    let mut songs: Vec<String> = Vec::new();
    for (case, make) in CASES {
        let work = tempfile::tempdir().expect("a folder");
        make(work.path());
        for (command, arguments) in COMMANDS {
            // Nothing is published where no input can be used: then there is nothing to verify.
            if command == "verify" && !work.path().join("out/nightly-2020-03-latest").exists() {
                continue;
            }
            let sang = listen(work.path(), arguments, &[0, 1, 65, 66]);
            songs.extend(sang.into_iter().map(|song| format!("{case}, {command}: {song}")));
        }
        if case.contains("kept") {
            for (command, arguments, codes) in OF_STORE {
                let sang = listen(work.path(), arguments, codes);
                songs.extend(sang.into_iter().map(|song| format!("{case}, {command}: {song}")));
                tried += 1;
            }
        }
        let mut heard = false;
        for folder in ["out", "state", "backup", "lists"] {
            for path in tree(&work.path().join(folder)) {
                let mode = path.symlink_metadata().expect("told").permissions().mode();
                assert!(
                    path.is_symlink() || mode & 0o077 == 0,
                    "{case}: {} is for others too: {mode:o}",
                    path.display()
                );
                if !path.is_file() || path.is_symlink() {
                    continue;
                }
                let bytes = contents(&path);
                if may_sing(&path) {
                    heard |= song(&bytes).is_some();
                } else if let Some(song) = song(&bytes) {
                    let text = String::from_utf8_lossy(&bytes).to_lowercase();
                    let at = text.find(song).unwrap_or(0);
                    let around: String =
                        text.chars().skip(text[..at].chars().count().saturating_sub(80)).take(200).collect();
                    songs.push(format!(
                        "{case}: {song} in {}: ...{around}...",
                        path.strip_prefix(work.path()).expect("beneath").display()
                    ));
                }
            }
        }
        // A canary that nobody put in cannot sing: the files that are made for it have it.
        assert!(heard || case.contains("without heading"), "{case}: no canary is in the findings or the quarantine");
        tried += COMMANDS.len() as u64;
    }
    tried += wrong_files::all(&mut songs) + other_commands::all(&mut songs);
    songs.sort();
    songs.dedup();
    assert!(songs.is_empty(), "{} canaries sang:\n{}", songs.len(), songs.join("\n"));
    record("canaries", tried, tried, "cargo test --test chartroom canaries");
}

#[test]
fn a_killed_run_leaves_no_canary_in_a_name_and_nothing_for_others() {
    let work = tempfile::tempdir().expect("a folder");
    site(work.path(), LAYOUT, "", &[]);
    let rows: Vec<Vec<String>> = (0..40_000).map(|visit| row(&format!("V{visit}"))).collect();
    write(work.path(), "inbox/visits.csv", text_of(&rows, 0));
    let mut child = chartroom(work.path())
        .args(["run", "nightly.toml", "--as-of", "2020-04-01", "--quiet"])
        .env("TMPDIR", work.path())
        .spawn()
        .expect("the program starts");
    let out = work.path().join("out");
    while tree(&out).iter().all(|path| !path.is_file()) && child.try_wait().expect("it runs").is_none() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    std::thread::sleep(std::time::Duration::from_millis(30));
    drop(child.kill());
    drop(child.wait());
    for path in [out, work.path().join("state")].iter().flat_map(|folder| tree(folder)) {
        assert_eq!(song(path.as_os_str().as_encoded_bytes()), None, "{}", path.display());
        let mode = path.symlink_metadata().expect("told").permissions().mode();
        assert!(path.is_symlink() || mode & 0o077 == 0, "{}: {mode:o}", path.display());
    }
}

/// What a process holds in memory is written to a file when it falls, unless that is forbidden.
#[test]
#[cfg(target_os = "linux")]
fn no_core_is_written() {
    let work = tempfile::tempdir().expect("a folder");
    // It waits for its input.
    let mut child = std::process::Command::new("sh")
        .args(["-c", "ulimit -c unlimited 2>/dev/null; exec \"$0\" code --file -", env!("CARGO_BIN_EXE_chartroom")])
        .current_dir(work.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let limits = format!("/proc/{}/limits", child.id());
    let is_off = || {
        let text = std::fs::read_to_string(&limits).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with("Max core file size")).unwrap_or_default().to_owned();
        line.split_whitespace().skip(4).take(2).eq(["0", "0"])
    };
    let found = (0..500).any(|_| {
        is_off() || {
            std::thread::sleep(std::time::Duration::from_millis(10));
            false
        }
    });
    drop(child.stdin.take());
    let (_, errors, _) = printed(&child.wait_with_output().expect("it ends"));
    assert!(found, "cores are allowed: {errors}");
}
