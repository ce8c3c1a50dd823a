//! Inputs that are no files, that the system cannot read, or that change while they are read: each is told, and what is not known whole is not published.

use std::{
    io::Write as _,
    os::unix::fs::symlink,
    path::Path,
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use crate::{
    command::{chartroom, printed, results},
    faults::{
        table::{is_long, record},
        trace::has_strace,
    },
    visits_site::{
        HEADING, NIGHT, accepted, clear, export, forms, forms_of, is_published, night, published, put, site,
    },
};

/// Puts what is no file into the inbox, each with what is to be said of it.
fn put_no_files(site: &Path) -> [(&'static str, &'static str); 5] {
    let at = |name: &str| site.join("inbox").join(name);
    symlink("/mnt/share/visits.csv", at("b.csv")).expect("linked");
    symlink("c.csv", at("c.csv")).expect("linked");
    symlink("/dev/zero", at("d.csv")).expect("linked");
    let made = Command::new("mkfifo").arg(at("e.csv")).status().expect("mkfifo starts");
    assert!(made.success());
    drop(std::os::unix::net::UnixListener::bind(at("f.csv")).expect("bound"));
    [
        ("b.csv", "is a link to /mnt/share/visits.csv, which is not there"),
        ("c.csv", "is a link that leads in a circle"),
        ("d.csv", "is a device"),
        ("e.csv", "is a pipe (FIFO)"),
        ("f.csv", "is a socket"),
    ]
}

#[test]
fn what_matches_and_is_no_file_is_a_fault_and_the_others_are_published() {
    let site = site("\"inbox/*.csv\"");
    put(site.path(), "a.csv", export(3));
    let told = put_no_files(site.path());
    let (text, _, code) = printed(&chartroom(site.path()).args(["check", "nightly.toml"]).output().expect("starts"));
    assert_eq!(code, 65, "{text}");
    for (file, words) in told {
        assert!(text.contains(&format!("inbox/{file}: {words}")), "check does not say {file}: {words}\n{text}");
    }
    let (account, errors, code) = night(site.path());
    assert_eq!(code, 65, "{account}{errors}");
    for (file, words) in told {
        assert!(
            account.contains(&format!("not used: visits: {file} {words}"))
                || account.contains(&format!("{file} {words}")),
            "{file}: {words}\n{account}"
        );
    }
    assert_eq!(accepted(site.path()), 3);
}

#[test]
fn a_night_of_links_to_a_share_that_is_not_mounted_is_no_quiet_night() {
    let links = site("\"inbox/*.csv\"");
    symlink("/mnt/share/visits.csv", links.path().join("inbox/a.csv")).expect("linked");
    let (_, errors, code) = night(links.path());
    assert_eq!(code, 65, "{errors}");
    assert!(errors.contains("which is not there") && !is_published(links.path()), "{errors}");
    // The same where the link is a folder on the way.
    for files in ["\"inbox/*/visits.csv\"", "\"inbox/**/*.csv\""] {
        let folders = site(files);
        symlink("/mnt/share", folders.path().join("inbox/share")).expect("linked");
        let (text, errors, code) = night(folders.path());
        assert_eq!(code, 65, "{files}: {text}{errors}");
    }
    let named = site("\"share/*.csv\"");
    symlink("/mnt/share", named.path().join("share")).expect("linked");
    let (_, errors, code) = night(named.path());
    assert_eq!(code, 74, "{errors}");
    assert!(errors.contains("it is a link to /mnt/share"), "{errors}");
}

#[test]
fn a_folder_that_a_pattern_meets_is_told_and_is_no_fault() {
    let site = site("\"inbox/*\"");
    put(site.path(), "a.csv", export(3));
    std::fs::create_dir(site.path().join("inbox/done")).expect("made");
    let (text, _, code) = printed(&chartroom(site.path()).args(["check", "nightly.toml"]).output().expect("starts"));
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("inbox/done: a folder; what lies in it is not read"), "{text}");
    let (account, errors, code) = night(site.path());
    assert_eq!((errors.as_str(), code), ("", 0), "{account}");
    assert!(account.contains("folders not read: visits: done"), "{account}");
    assert_eq!(results(&site.path().join("out"))["folders_not_read"], serde_json::json!(["visits: done"]));
}

#[test]
fn a_folder_that_is_named_outright_is_a_fault_of_that_input() {
    let site = site("[\"inbox/a.csv\", \"inbox/b.csv\"]");
    put(site.path(), "a.csv", export(3));
    std::fs::create_dir(site.path().join("inbox/b.csv")).expect("made");
    let (account, errors, code) = night(site.path());
    assert_eq!(code, 65, "{account}{errors}");
    assert!(account.contains("b.csv is a folder; name its files"), "{account}");
    assert_eq!(accepted(site.path()), 3);
}

#[test]
fn a_name_that_is_no_text_is_read() {
    use std::os::unix::ffi::OsStrExt as _;
    let site = site("\"inbox/*.csv\"");
    for (name, rows) in [(&b"entl\xe4sse.csv"[..], 2), (b"entl\xebsse.csv", 3)] {
        let path = site.path().join("inbox").join(std::ffi::OsStr::from_bytes(name));
        let text: String = (0..rows).map(|row| format!("{}{row},F,2020-03-01,2020-03-04\n", name[4])).collect();
        std::fs::write(path, HEADING.to_owned() + &text).expect("written");
    }
    let (account, errors, code) = night(site.path());
    assert_eq!(code, 0, "{account}{errors}");
    assert_eq!(accepted(site.path()), 5);
}

/// Runs the night under `strace`, which lets the `nth` of the calls that touch `path` fail; whether that call came, and the exit code with what was said.
fn failing(site: &Path, path: &Path, calls: &str, error: &str, nth: u32) -> (bool, i32, String) {
    let log = site.join("strace.log");
    let output = Command::new("strace")
        .args(["-f", "-qq", "-o"])
        .arg(&log)
        // As the program names it, and as its open descriptor is known.
        .arg("-P")
        .arg(path.strip_prefix(site).expect("a path of the site"))
        .arg("-P")
        .arg(path)
        .args(["-e", &format!("trace={calls}"), "-e", &format!("inject={calls}:error={error}:when={nth}")])
        .arg(env!("CARGO_BIN_EXE_chartroom"))
        .args(NIGHT)
        .current_dir(site)
        .output()
        .expect("strace starts");
    let came = std::fs::read_to_string(&log).is_ok_and(|log| log.contains("(INJECTED)"));
    (came, output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn what_the_system_answers_while_an_input_is_read_publishes_nothing() {
    if !has_strace() {
        return;
    }
    let mut tried = looks_that_fail();
    for (name, bytes) in forms() {
        let site = site("\"inbox/visits*\"");
        let file = put(site.path(), name, bytes);
        let (text, errors, code) = night(site.path());
        assert_eq!(code, 0, "{text}{errors}");
        let undisturbed = published(site.path()).expect("published");
        // The call that fails, how it fails, and how many of them fail in turn: in a long run every one.
        let folder = site.path().join("inbox");
        for (path, calls, error, most) in [
            (&file, "pread64", "EIO", 2),
            (&file, "pread64", "ESTALE", 1),
            (&file, "pread64", "EINTR", 2),
            (&file, "openat", "EMFILE", 1),
            (&file, "openat", "EACCES", 1),
            (&file, "statx", "EIO", 1),
            (&folder, "openat", "EACCES", 1),
            (&folder, "getdents64", "EIO", 1),
        ] {
            for nth in 1..=if is_long() { u32::MAX } else { most } {
                clear(site.path());
                let (came, code, errors) = failing(site.path(), path, calls, error, nth);
                let place = format!("{name}: {calls} {nth} {error}: {code} {errors}");
                if !came {
                    assert!(nth > most, "{place}: did not come");
                    break;
                }
                tried += 1;
                // A question of which nothing hangs may fail; then all is as ever.
                match code {
                    0 => assert_eq!(published(site.path()).as_deref(), Some(undisturbed.as_str()), "{place}"),
                    code => assert_eq!((code, published(site.path())), (74, None), "{place}"),
                }
                if error == "EINTR" || calls == "pread64" {
                    assert_eq!(code == 0, error == "EINTR", "{place}");
                }
            }
        }
    }
    record("readings that fail", tried, tried, "cargo test --test chartroom inputs_under_attack");
}

/// Every call fails in turn by which a pattern looks through folders: 74 and nothing published, or the output of an undisturbed run. How many were tried.
fn looks_that_fail() -> u64 {
    let mut tried = 0;
    for pattern in ["inbox/**/*.csv", "inbox/*/today/*.csv"] {
        let site = site(&format!("\"{pattern}\""));
        for ward in ["inbox/day/today", "inbox/ward/today"] {
            std::fs::create_dir_all(site.path().join(ward)).expect("made");
            std::fs::write(site.path().join(ward).join(format!("{}.csv", ward.len())), export(ward.len() as u32))
                .expect("written");
        }
        assert_eq!(night(site.path()).2, 0);
        let undisturbed = published(site.path()).expect("published");
        for place in ["inbox", "inbox/ward", "inbox/ward/today", "inbox/ward/today/16.csv"] {
            for (calls, error) in
                [("statx", "EIO"), ("openat", "ENFILE"), ("openat", "EINTR"), ("getdents64", "ESTALE")]
            {
                for nth in 1.. {
                    clear(site.path());
                    let (came, code, errors) = failing(site.path(), &site.path().join(place), calls, error, nth);
                    if !came {
                        break;
                    }
                    tried += 1;
                    let told = format!("{pattern}: {place}: {calls} {nth} {error}: {code} {errors}");
                    match code {
                        0 => assert_eq!(published(site.path()).as_deref(), Some(undisturbed.as_str()), "{told}"),
                        code => assert_eq!((code, published(site.path())), (74, None), "{told}"),
                    }
                }
            }
        }
    }
    tried
}

#[test]
fn a_disk_that_fails_leaves_the_output_of_the_night_before() {
    let site = site("\"inbox/*.csv\"");
    put(site.path(), "a.csv", export(3));
    assert_eq!(night(site.path()).2, 0);
    let before = published(site.path());
    // The memory of a process has nothing at its begin: to read it is an error of input and output.
    symlink("/proc/self/mem", site.path().join("inbox/b.csv")).expect("linked");
    let (text, errors, code) = night(site.path());
    assert_eq!(code, 74, "{text}{errors}");
    assert!(errors.contains("b.csv"), "{errors}");
    assert_eq!(published(site.path()), before);
    let (text, _, code) = printed(&chartroom(site.path()).args(["check", "nightly.toml"]).output().expect("starts"));
    assert_eq!(code, 74, "{text}");
}

/// Runs the night while `disturb` is done over and over.
fn disturbed(site: &Path, disturb: impl Fn() + Sync) -> (String, String, i32) {
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(Ordering::Relaxed) {
                disturb();
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        let done = night(site);
        ended.store(true, Ordering::Relaxed);
        done
    })
}

/// Does something to a file that has these bytes, over and over; the number tells how often it was done.
type Change = fn(&Path, &[u8], u32);

#[test]
fn a_file_that_changes_while_it_is_read_is_a_fault_and_not_taken() {
    let changes: [(&str, Change); 4] = [
        // The same bytes once more: what is read is sound, and still nobody knows of what moment.
        ("written again", |path, bytes, _| {
            let mut file = std::fs::OpenOptions::new().write(true).open(path).expect("opened");
            file.write_all(&bytes[..10]).expect("written");
        }),
        ("appended to", |path, _, _| {
            let mut file = std::fs::OpenOptions::new().append(true).open(path).expect("opened");
            file.write_all(b"z,F,2020-03-01,2020-03-04\n").expect("written");
        }),
        ("cut short and whole again", |path, bytes, number| {
            if number % 2 == 0 {
                let file = std::fs::OpenOptions::new().write(true).open(path).expect("opened");
                file.set_len(bytes.len() as u64 / 2).expect("cut");
            } else {
                std::fs::write(path, bytes).expect("written");
            }
        }),
        ("replaced by another", |path, bytes, _| {
            let other = path.with_file_name("replacement.part");
            std::fs::write(&other, bytes).expect("written");
            std::fs::rename(&other, path).expect("replaced");
        }),
    ];
    // Large enough that the file changes many times between its first and its last reading.
    for (name, bytes) in forms_of(20_000) {
        for (what, change) in changes {
            let attempt = || {
                let site = site("[\"inbox/a.csv\", \"inbox/visits*\"]");
                put(site.path(), "a.csv", HEADING.to_owned() + "a1,F,2020-03-01,2020-03-04\n");
                let path = put(site.path(), name, &bytes);
                let number = std::sync::atomic::AtomicU32::new(0);
                let change = || change(&path, &bytes, number.fetch_add(1, Ordering::Relaxed));
                (disturbed(site.path(), change), site)
            };
            // On a busy machine nothing may have changed the file while it was read: then it is whole, and is taken.
            let is_late = |((_, _, code), site): &((String, String, i32), tempfile::TempDir)| {
                *code == 0 && accepted(site.path()) == 20_001
            };
            let mut attempts = std::iter::repeat_with(attempt).take(5);
            let ((account, errors, code), site) = attempts.find(|made| !is_late(made)).expect("a change in time");
            let place = format!("{name} {what}: {account}{errors}");
            assert_eq!(code, 65, "{place}");
            // One that was opened while it was short, or had something behind its end, may be found damaged before it changes again.
            let words = match what {
                "written again" | "replaced by another" => "was changed while it was read",
                _ => "",
            };
            let told = |line: &str| line.starts_with(&format!("not used: {name} ")) && line.contains(words);
            assert!(account.lines().any(told), "{place}");
            assert_eq!(accepted(site.path()), 1, "{place}");
        }
    }
}

/// A layout of which every column but the number is optional, and the number the row's place: it can be bound to anything.
const OPTIONAL: &str = "title = \"Visits\"\ntable = \"encounters\"\n[columns]\nencounter_id = { row_number = true }\n\
    sex = { column = \"sex\", optional = true }\npayer = { column = \"payer\", optional = true }\n";

#[test]
fn a_first_record_is_no_heading_and_no_cell_of_it_is_told() {
    let records = "Quillfeather,Zebedee,123-45-6789,M\nBrambleby,Ottoline,987-65-4321,F\n".to_owned();
    // A value that is alike the name of a column stands in the 25th record: those above it are no titles.
    let alike = records.repeat(12) + "Quillfeather,payer,123-45-6789,M\n" + &records;
    let book = |records: &str| {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (row, line) in records.lines().enumerate() {
            for (column, cell) in line.split(',').enumerate() {
                sheet.write_string(row as u32, column as u16, cell).expect("written");
            }
        }
        book.save_to_buffer().expect("a workbook")
    };
    for (name, bytes, stated) in [
        ("a.csv", records.clone().into_bytes(), ""),
        ("a.csv", records.clone().into_bytes(), "[source]\nheader_row = 1\n"),
        ("a.xlsx", book(&records), ""),
        ("a.xlsx", book(&records), "[source]\nheader_row = 1\n"),
        ("a.csv", alike.clone().into_bytes(), ""),
        ("a.xlsx", book(&alike), ""),
    ] {
        let site = site("\"inbox/*\"");
        std::fs::write(site.path().join("visits.toml"), OPTIONAL.replace("[columns]", &format!("{stated}[columns]")))
            .expect("written");
        put(site.path(), name, bytes);
        let (account, errors, code) = night(site.path());
        let place = format!("{name} {stated}: {account}{errors}");
        assert_eq!((code, is_published(site.path())), (65, false), "{place}");
        let (checked, more, code) =
            printed(&chartroom(site.path()).args(["check", "nightly.toml"]).output().expect("starts"));
        assert_eq!(code, 65, "{place}{checked}");
        for cell in records.split([',', '\n']).filter(|cell| cell.len() > 1) {
            assert!(![&account, &errors, &checked, &more].iter().any(|text| text.contains(cell)), "{cell}: {place}");
        }
    }
}

#[test]
fn where_one_cell_happens_to_be_a_name_the_others_are_told_by_their_positions() {
    let site = site("\"inbox/*\"");
    std::fs::write(site.path().join("visits.toml"), OPTIONAL).expect("written");
    put(site.path(), "a.csv", "Quillfeather,payer,x\nBrambleby,M,y\n");
    let (account, errors, code) = night(site.path());
    assert_eq!(code, 0, "{account}{errors}");
    let input = &results(&site.path().join("out"))["inputs"][0];
    assert_eq!(input["unmapped_columns"], serde_json::json!(["column 1", "column 3"]));
}
