//! Signals, and a standard output that is closed, full or hangs: a run ends within two seconds wherever it stands, and says what is true of its output.

use std::{
    io::{BufRead as _, PipeReader, PipeWriter, Read as _, Write as _},
    os::unix::process::ExitStatusExt as _,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    command::{chartroom, printed, run_folder},
    faults::{
        site::{Picture, picture},
        trace::has_strace,
    },
};

const LAYOUT: &str = "title = \"Visits\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"visit\"\nsex = \"sex\"\n\
    admission_date = { column = \"admitted\", formats = [\"%Y-%m-%d\"] }\n\
    discharge_date = { column = \"left\", formats = [\"%Y-%m-%d\"] }\n";
const NIGHT: [&str; 4] = ["run", "nightly.toml", "--as-of", "2020-04-01"];
/// How long a run may take to end after a signal.
const BOUND: Duration = Duration::from_secs(2);

/// A site of some visits; `more` stands in its feed, and `top` at the top of its pipeline.
fn site(top: &str, more: &str) -> tempfile::TempDir {
    let site = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(site.path().join("inbox")).expect("made");
    std::fs::write(site.path().join("visits.toml"), LAYOUT).expect("written");
    let pipeline = format!(
        "title = \"Nightly\"\nstate = \"state\"\n{top}\n[[ingest]]\nname = \"visits\"\nfiles = \"inbox/*.csv\"\nlayout = \"visits.toml\"\n{more}\n"
    );
    std::fs::write(site.path().join("nightly.toml"), pipeline).expect("written");
    let rows = (2..=2_000).map(|visit| format!("{visit},F,2020-03-01,2020-03-04\n"));
    // The first one ends before it begins, for whoever asks for a gate.
    let export: String =
        std::iter::once("visit,sex,admitted,left\n1,F,2020-03-05,2020-03-01\n".to_owned()).chain(rows).collect();
    std::fs::write(site.path().join("inbox/a.csv"), export).expect("written");
    site
}

fn clear(site: &Path) {
    for folder in ["out", "state"] {
        let _ = std::fs::remove_dir_all(site.join(folder));
    }
}

/// What lies in the folders of the outputs and of the state.
fn left(site: &Path) -> [Picture; 2] {
    ["out", "state"]
        .map(|folder| site.join(folder))
        .map(|folder| if folder.exists() { picture(&folder) } else { Picture::new() })
}

fn kill(signal: &str, pid: u32) {
    assert!(Command::new("kill").args([signal, &pid.to_string()]).status().expect("kill starts").success());
}

/// Where `strace` holds a run up.
struct Hold<'h> {
    calls: &'h str,
    path: Option<&'h Path>,
    /// Before the call is made, or after it: `delay_enter`, `delay_exit`.
    delay: &'h str,
    /// Which of the calls.
    when: u32,
}

/// Starts the night under `strace`, which holds one of its calls up for a minute, waits until it is held up, and sends a signal; how long the
/// program took to end after it, what it said last, and its exit code.
///
/// A thread that the tracer holds is not gone before the tracer lets it go, though the program has ended itself: its last words say when it has, and the tracer
/// is ended then.
fn interrupted(site: &Path, hold: &Hold<'_>, signal: &str) -> (Duration, String, i32) {
    let log = site.join("strace.log");
    let _ = std::fs::remove_file(&log);
    let mut command = Command::new("strace");
    // The tracer goes into the background: what is started and waited for is the program.
    command.args(["-D", "-f", "-qq", "-o"]).arg(&log);
    if let Some(path) = hold.path {
        command.arg("-P").arg(path);
    }
    let Hold { calls, delay, when, .. } = hold;
    let mut child = command
        .args(["-e", &format!("trace={calls}"), "-e", &format!("inject={calls}:{delay}=60000000:when={when}")])
        .arg(env!("CARGO_BIN_EXE_chartroom"))
        .args(NIGHT)
        .current_dir(site)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("strace starts");
    let said = std::io::BufReader::new(child.stderr.take().expect("a pipe"));
    let begun = Instant::now();
    // A call that is held up at its end is written when it is made, and one that is held up before it when it comes.
    let is_held = |log: String| log.lines().count() >= *when as usize;
    while !std::fs::read_to_string(&log).is_ok_and(is_held) {
        assert!(begun.elapsed() < Duration::from_secs(60), "{calls} did not come");
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(100));
    let sent = Instant::now();
    kill(signal, child.id());
    // Of a run that hangs in its account an input that was not used is told before.
    let last = |line: &String| line.contains("interrupted in the middle") || line.contains("published; ");
    let words = said.lines().map(|line| line.expect("a line")).find(last).expect("last words");
    let took = sent.elapsed();
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let tracer = status.lines().find_map(|line| line.strip_prefix("TracerPid:")).unwrap_or_default().trim().to_owned();
    // Until the program has ended itself, a tracer that is gone would let it go on.
    std::thread::sleep(Duration::from_millis(500));
    if let Some(tracer) = tracer.parse().ok().filter(|tracer| *tracer != 0) {
        kill("-KILL", tracer);
    }
    (took, words, child.wait().expect("it ends").code().unwrap_or(-1))
}

#[test]
fn a_signal_ends_a_run_that_hangs_wherever_it_stands_and_what_is_published_is_told_as_published() {
    if !has_strace() {
        return;
    }
    let site = site("", "");
    assert_eq!(printed(&chartroom(site.path()).args(NIGHT).output().expect("starts")).2, 0);
    let undisturbed = left(site.path());
    let file = site.path().join("inbox/a.csv");
    let before = |calls, path| Hold { calls, path, delay: "delay_enter", when: 1 };
    let later = |calls, delay, when| Hold { calls, path: None, delay, when };
    // The renames of a night: the record, the link, the working copies; and by `renameat2` two work folders, the catalogue, the output, and the worklists. When the
    // catalogue has its name the night is published; the output has its place one rename later.
    let holds = [
        (before("pread64", Some(file.as_path())), false, false),
        (before("fsync,fdatasync", None), false, false),
        (before("rename", None), false, false),
        (before("renameat2", None), false, false),
        (later("renameat2", "delay_enter", 3), false, false),
        (later("renameat2", "delay_enter", 4), true, false),
        (later("renameat2", "delay_exit", 4), true, true),
        (later("rename", "delay_enter", 2), true, true),
        (later("renameat2", "delay_enter", 5), true, true),
        (before("write", Some(Path::new("/dev/null"))), true, true),
    ];
    for (number, (hold, is_published, has_its_place)) in holds.iter().enumerate() {
        let (signal, interrupt) = if number % 2 == 0 { ("-TERM", 143) } else { ("-INT", 130) };
        clear(site.path());
        let (took, words, code) = interrupted(site.path(), hold, signal);
        let place = format!("{} {} {}: {words}", hold.calls, hold.delay, hold.when);
        assert_eq!(code, if *is_published { 0 } else { interrupt }, "{place}");
        assert_eq!(words.contains("published; the account was not printed"), *is_published, "{place}");
        assert!(took < BOUND, "{place}: {took:?}");
        let out = site.path().join("out/nightly-as-of-2020-04-01");
        assert_eq!(out.exists(), *has_its_place, "{place}");
        // The next run sweeps what was left and gives what an undisturbed one gives.
        let (text, errors, code) = printed(&chartroom(site.path()).args(NIGHT).output().expect("starts"));
        assert_eq!((errors.as_str(), code), ("", 0), "{place}: {text}");
        assert_eq!(text.contains("the same as what lies in"), *is_published, "{place}: {text}");
        assert_eq!(left(site.path()), undisturbed, "{place}");
    }
}

/// A pipe that takes no byte more, with the end that somebody forgot to read.
fn full_pipe() -> (PipeReader, PipeWriter) {
    let (reader, mut writer) = std::io::pipe().expect("a pipe");
    // A pipe of Linux holds sixteen pages.
    writer.write_all(&vec![b'.'; 16 * 4096]).expect("written");
    (reader, writer)
}

/// How long a command took to end after a signal, how it ended (its code, or the signal), and what it said to standard error.
fn ended(mut child: Child, signal: &str) -> (Duration, Result<i32, i32>, String) {
    let sent = Instant::now();
    kill(signal, child.id());
    let status = loop {
        match child.try_wait().expect("asked") {
            Some(status) => break status,
            None if sent.elapsed() > Duration::from_secs(30) => {
                child.kill().expect("killed");
                break child.wait().expect("it ends");
            }
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    };
    let took = sent.elapsed();
    let mut errors = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut errors).expect("read");
    (took, status.code().ok_or_else(|| status.signal().unwrap_or(0)), errors)
}

/// Waits until a process sleeps in a write to a pipe.
fn until_blocked(child: &Child) {
    let begun = Instant::now();
    let is_writing = |pid: u32| {
        let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().filter_map(Result::ok);
        let at = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("wchan")).unwrap_or_default();
        tasks.map(at).any(|place| place.contains("pipe_w"))
    };
    while !is_writing(child.id()) {
        assert!(begun.elapsed() < Duration::from_secs(120), "it does not come to write");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn start(site: &Path, arguments: &[&str], out: impl Into<Stdio>) -> Child {
    chartroom(site).args(arguments).stdout(out).stderr(Stdio::piped()).spawn().expect("starts")
}

#[test]
fn a_run_whose_account_nobody_reads_ends_with_what_it_came_to_and_its_folder_is_valid() {
    let bad = |site: &Path| std::fs::write(site.join("inbox/b.csv"), b"%PDF-1.7 \x00\x01").expect("written");
    type Make = fn() -> tempfile::TempDir;
    let sites: [(i32, bool, Make); 4] = [
        (0, false, || site("", "")),
        (1, false, || site("fail_on = \"info\"", "")),
        (65, true, || site("fail_on = \"info\"", "")),
        (66, false, || site("", "expect = 2")),
    ];
    for (code, is_bad, make) in sites {
        let site = make();
        if is_bad {
            bad(site.path());
        }
        for (signal, day) in [("-TERM", "2020-04-01"), ("-INT", "2020-04-02")] {
            let (reader, writer) = full_pipe();
            let child = start(site.path(), &["run", "nightly.toml", "--as-of", day], writer);
            until_blocked(&child);
            let (took, status, errors) = ended(child, signal);
            assert_eq!(status, Ok(code), "{errors}");
            assert!(took < BOUND, "{signal}: {took:?}");
            assert!(errors.contains("published; the account was not printed"), "{errors}");
            assert!(!errors.contains("interrupted"), "{errors}");
            let says_why = errors.contains("b.csv") && errors.contains("PDF") && errors.contains("run again");
            assert_eq!(says_why, code == 65, "{errors}");
            drop(reader);
            let folder = site.path().join(format!("out/nightly-as-of-{day}"));
            let verified = chartroom(&folder).args(["verify", "."]).output().expect("starts");
            assert_eq!(printed(&verified).2, 0);
            assert_eq!(
                std::fs::read_link(site.path().join("out/nightly-latest")).expect("a link"),
                folder.file_name().expect("a name")
            );
        }
    }
}

#[test]
fn a_standard_output_that_is_full_or_closed_does_not_change_what_a_run_came_to() {
    let full = || Stdio::from(std::fs::OpenOptions::new().write(true).open("/dev/full").expect("opened"));
    for (top, code) in [("", 0), ("fail_on = \"info\"", 1)] {
        let site = site(top, "");
        let output = start(site.path(), &NIGHT, full()).wait_with_output().expect("it ends");
        let (_, errors, ended) = printed(&output);
        assert_eq!((ended, errors.as_str()), (code, "published; the account was not printed\n"));
        run_folder(&site.path().join("out"));
        clear(site.path());
        // A reader that went away is no fault, nor is a standard output that was never there.
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = start(site.path(), &NIGHT, writer).wait_with_output().expect("it ends");
        assert_eq!(printed(&output).2, code);
        clear(site.path());
        let closed = format!("exec '{}' run nightly.toml --as-of 2020-04-01 >&-", env!("CARGO_BIN_EXE_chartroom"));
        let output = Command::new("sh").args(["-c", &closed]).current_dir(site.path()).output().expect("sh starts");
        assert_eq!(printed(&output).2, code);
        run_folder(&site.path().join("out"));
    }
}

/// A log that nobody takes, on a full disk, does not end the work.
#[test]
fn a_log_that_cannot_be_written_does_not_change_what_a_command_came_to() {
    let full = || Stdio::from(std::fs::OpenOptions::new().write(true).open("/dev/full").expect("opened"));
    let site = site("", "");
    for form in ["json", "text"] {
        for arguments in [&NIGHT[..], &["check", "nightly.toml"], &["codeset", "list", "--store", "none"]] {
            let arguments = [arguments, &["--log", form]].concat();
            let codes = [Stdio::piped(), full()].map(|errors| {
                clear(site.path());
                let mut command = chartroom(site.path());
                command.args(&arguments).stderr(errors).stdout(Stdio::null());
                command.status().expect("starts").code()
            });
            assert_eq!(codes[0], codes[1], "{arguments:?}");
        }
    }
    clear(site.path());
    let mut command = chartroom(site.path());
    let status = command.args(NIGHT).args(["--log", "json"]).stderr(full()).stdout(Stdio::null()).status();
    assert_eq!(status.expect("starts").code(), Some(0));
    run_folder(&site.path().join("out"));
}

#[test]
fn every_other_command_ends_at_once_also_where_nobody_reads_what_it_prints() {
    let site = site("", "");
    assert_eq!(printed(&chartroom(site.path()).args(NIGHT).output().expect("starts")).2, 0);
    let undisturbed = left(site.path());
    let list = "code,title,first_day,last_day\nA1,One,2020-01-01,\nA2,Two,2020-01-01,\n";
    std::fs::write(site.path().join("list.csv"), list).expect("written");
    let import = ["codeset", "import", "--store", "codesets", "--system", "local", "list.csv"];
    let sealed = "out/nightly-as-of-2020-04-01";
    for arguments in [&["check", "nightly.toml"][..], &["doctor", "."], &["verify", sealed], &import] {
        for (signal, number) in [("-TERM", 15), ("-INT", 2)] {
            let (reader, writer) = full_pipe();
            let child = start(site.path(), arguments, writer);
            until_blocked(&child);
            let (took, status, errors) = ended(child, signal);
            assert_eq!((status, errors.as_str()), (Err(number), ""), "{arguments:?}");
            assert!(took < BOUND, "{arguments:?}: {took:?}");
            drop(reader);
        }
        assert_eq!(left(site.path()), undisturbed, "{arguments:?}");
    }
    // What was taken in is whole, and is known.
    let (listed, errors, code) =
        printed(&chartroom(site.path()).args(["codeset", "list", "--store", "codesets"]).output().expect("starts"));
    assert!(code == 0 && listed.contains("local"), "{code} {listed}{errors}");
}
