//! The real program in a process of its own, with a bound of time and of memory, and what must hold however it ends.

use std::{
    collections::BTreeMap,
    fs::File,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use chartroom::archive::verify::verify;

use crate::command::chartroom;

/// Processor time that reading one group of files may take, with a build for debugging in mind.
pub const LONGEST: Duration = Duration::from_secs(10);
/// Time after which a process is taken for one that hangs, whatever it does: other tests run beside it.
const HANGS: Duration = Duration::from_secs(120);
/// Memory that ordinary files may take, in MiB.
pub const ORDINARY: u64 = 512;

/// Ends that are written down in `chartroom docs exit-codes` and may come of files and settings.
const ENDS: [i32; 6] = [0, 1, 2, 65, 66, 74];
/// What stands for a patient's data in the files, a number of a form that no name of a column has: it may stand in the data of the output alone.
pub const CANARY: &str = "987-65-4329";

/// How a process ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub printed: String,
    pub complained: String,
    /// The most memory it held, in MiB.
    pub peak: u64,
    /// Processor time.
    pub took: Duration,
}

/// Runs the program in a folder and watches it.
pub fn run(folder: &Path, arguments: &[&str]) -> Ended {
    let mut command = chartroom(folder);
    command.args(arguments);
    watch(command, LONGEST)
}

/// Starts a process and ends it when it has taken too much time.
pub fn watch(mut command: Command, longest: Duration) -> Ended {
    let said = tempfile::tempdir().expect("a folder");
    let to = |name: &str| Stdio::from(File::create(said.path().join(name)).expect("a file"));
    let begun = Instant::now();
    let mut child =
        command.stdin(Stdio::null()).stdout(to("out")).stderr(to("err")).spawn().expect("the program starts");
    let process = std::path::PathBuf::from(format!("/proc/{}", child.id()));
    let (mut peak, mut took) = (0, Duration::ZERO);
    let code = loop {
        if let Some(status) = child.try_wait().expect("a child") {
            break status.code();
        }
        peak = peak.max(peak_of(&process).unwrap_or(0));
        took = took.max(time_of(&process).unwrap_or_default());
        if took > longest || begun.elapsed() > HANGS {
            child.kill().expect("a child");
            child.wait().expect("a child");
            took = took.max(longest);
            break None;
        }
        std::thread::sleep(Duration::from_millis(3));
    };
    let text = |name: &str| String::from_utf8_lossy(&std::fs::read(said.path().join(name)).expect("text")).into_owned();
    Ended { code, printed: text("out"), complained: text("err"), peak: peak >> 10, took }
}

/// The most memory that a process held so far, in KiB; `None` where the system does not tell.
fn peak_of(process: &Path) -> Option<u64> {
    let status = std::fs::read_to_string(process.join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

/// Processor time of a process: fields 14 and 15 of its `stat`, in hundredths of a second (proc_pid_stat(5)).
fn time_of(process: &Path) -> Option<Duration> {
    let stat = std::fs::read_to_string(process.join("stat")).ok()?;
    let after_name = stat.rsplit_once(')')?.1;
    let ticks: u64 = after_name.split_whitespace().skip(11).take(2).map(|field| field.parse().unwrap_or(0)).sum();
    Some(Duration::from_millis(ticks * 10))
}

impl Ended {
    /// What was wrong with the way it ended; nothing where it ended as it may.
    pub fn faults(&self, most_memory: u64) -> Vec<String> {
        let mut faults = Vec::new();
        match self.code {
            Some(code) if ENDS.contains(&code) => {}
            Some(code) => faults.push(format!("ended with {code}: {}", self.complained.trim())),
            None => faults.push(format!("was killed after {:?}, or died: {}", self.took, self.complained.trim())),
        }
        if self.peak > most_memory {
            faults.push(format!("held {} MiB", self.peak));
        }
        for (name, text) in [("output", &self.printed), ("messages", &self.complained)] {
            if text.contains(CANARY) {
                faults.push(format!("a patient's data stand in the {name}"));
            }
            if text.contains("panicked") {
                faults.push(format!("a panic stands in the {name}"));
            }
            if let Some(control) = text.chars().find(|letter| letter.is_control() && !matches!(letter, '\n' | '\t')) {
                faults.push(format!("{control:?} stands in the {name}"));
            }
        }
        faults
    }
}

/// An input in the account of a run.
#[derive(Debug, Clone, Default)]
pub struct Input {
    pub fault: String,
    pub read: u64,
    pub accepted: u64,
    pub quarantined: u64,
    pub duplicate: u64,
    pub notes: u64,
}

/// What a run published.
#[derive(Debug, Default)]
pub struct Published {
    /// Inputs by the name of their file; several of one file are added.
    pub inputs: BTreeMap<String, Input>,
}

/// What stands in an output folder after a run, and everything that is wrong with it: a folder that is not sealed or not whole, leftovers, rows that do not
/// add up, a patient's data where none belong.
pub fn published(out: &Path) -> (Option<Published>, Vec<String>) {
    let mut faults = Vec::new();
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(out).into_iter().flatten().map(|entry| entry.expect("an entry")) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_link = entry.file_type().expect("a type").is_symlink();
        if is_link || name == "worklists" {
            continue;
        }
        if !entry.path().join("bagit.txt").is_file() || !name.contains("-as-of-") {
            faults.push(format!("{name} lies in the output folder"));
            continue;
        }
        folders.push(entry.path());
    }
    let [folder] = &folders[..] else {
        if !folders.is_empty() {
            faults.push(format!("{} folders were published", folders.len()));
        }
        return (None, faults);
    };
    let verdict = verify(folder);
    if !verdict.valid {
        faults.push(format!("the output does not verify: {:?}", verdict.faults));
    }
    let text = std::fs::read_to_string(folder.join("data/run_results.json")).unwrap_or_default();
    if text.contains(CANARY) {
        faults.push("a patient's data stand in run_results.json".to_owned());
    }
    let Ok(results) = serde_json::from_str::<serde_json::Value>(&text) else {
        faults.push("run_results.json is no JSON".to_owned());
        return (None, faults);
    };
    let mut published = Published::default();
    let mut total = Input::default();
    for input in results["inputs"].as_array().into_iter().flatten() {
        let number = |key: &str| input[key].as_u64().unwrap_or(0);
        let name = input["file"].as_str().unwrap_or_default();
        let [read, accepted, quarantined, duplicate] = ["read", "accepted", "quarantined", "duplicate"].map(number);
        if read != accepted + quarantined + duplicate {
            faults.push(format!(
                "{name}: {read} read, {accepted} accepted, {quarantined} quarantined, {duplicate} duplicate"
            ));
        }
        for sum in [published.inputs.entry(name.to_owned()).or_default(), &mut total] {
            sum.fault.push_str(input["fault"].as_str().unwrap_or_default());
            sum.fault.push_str(input["missing"].as_str().unwrap_or_default());
            sum.read += read;
            sum.accepted += accepted;
            sum.quarantined += quarantined;
            sum.duplicate += duplicate;
            sum.notes += number("notes");
        }
    }
    for (file, expected) in [("quarantine.csv", total.quarantined), ("duplicates.csv", total.duplicate)] {
        match csv::Reader::from_path(folder.join("data").join(file))
            .map(|mut reader| reader.records().filter(Result::is_ok).count())
        {
            Ok(rows) if rows as u64 == expected => {}
            Ok(rows) => faults.push(format!("{file} has {rows} rows, the account {expected}")),
            Err(_) => faults.push(format!("{file} cannot be read")),
        }
    }
    (Some(published), faults)
}
