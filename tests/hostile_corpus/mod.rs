//! Hostile files, settings and rows, made here from fixed seeds and given to the real program in processes with bounds of time and memory.
//!
//! However a run ends, it says so by a documented exit code; it never panics, hangs, or publishes a half; the account of every input adds up; a bad file
//! hides nothing of the others; and no patient's data stand outside the data of the output. Many files share a run, because each is an input of its own;
//! where a run of many fails, each file is run alone to name the one.

pub mod bounded;
pub mod compound_file;
mod configurations;
pub mod containers;
mod harmful_workbooks;
mod hostile_rows;
pub mod mutation;
mod samples;
mod texts;

use std::path::Path;

use bounded::{ORDINARY, published, run};

use crate::faults::table::record;

/// The layout of delimited files and of workbooks; every column but the number may be absent.
const LAYOUT: &str = "title = \"Visits\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"visit\"\n\
    service = { column = \"service\", optional = true }\nattending_name = { column = \"attending\", optional = true }\n\
    payer = { column = \"payer\", values = [\"MA\"], optional = true }\n\
    admission_date = { column = \"admitted\", formats = [\"%Y-%m-%d\"], optional = true }\n\
    diagnosis_code = { columns = \"dx{1..3}\", optional = true }\n";

/// The layout of fixed-width files.
const FIXED_LAYOUT: &str = "title = \"Visits\"\ntable = \"encounters\"\n[source]\nformat = \"fixed_width\"\n[columns]\n\
    encounter_id = { start = 1, width = 8 }\nattending_name = { start = 9, width = 12 }\n\
    admission_date = { start = 21, width = 10, formats = [\"%Y-%m-%d\"] }\ndiagnosis_code = { start = 31, width = 7 }\n";

const PIPELINE: &str =
    "title = \"Visits\"\n[[ingest]]\nname = \"visits\"\nfiles = \"inbox/*\"\nlayout = \"visits.toml\"\n";

/// Files of one run, so many that a process is well used and so few that it ends soon.
const FILES_OF_A_RUN: usize = 48;

/// A file and what is known of it.
pub struct HostileFile {
    name: String,
    bytes: Vec<u8>,
    /// Rows that it has beneath its heading, whatever becomes of them; `None` where that is a matter of opinion.
    rows: Option<u64>,
}

impl HostileFile {
    /// A file of which nothing is known but that it must do no harm.
    fn new(name: &str, bytes: impl AsRef<[u8]>) -> HostileFile {
        HostileFile { name: name.to_owned(), bytes: bytes.as_ref().to_vec(), rows: None }
    }

    /// A file with so many rows.
    fn read(name: &str, bytes: impl AsRef<[u8]>, rows: u64) -> HostileFile {
        HostileFile { rows: Some(rows), ..HostileFile::new(name, bytes) }
    }

    /// A file that is unusable as a whole.
    fn read_none(name: &str, bytes: impl AsRef<[u8]>) -> HostileFile {
        HostileFile { rows: Some(u64::MAX), ..HostileFile::new(name, bytes) }
    }
}

/// Runs some files at once; what was wrong, each with the file it is known of.
fn run_together(files: &[&HostileFile], layout: &str) -> Vec<(Option<String>, String)> {
    let work = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| std::fs::write(work.path().join(name), bytes).expect("written");
    std::fs::create_dir(work.path().join("inbox")).expect("made");
    write("visits.toml", layout.as_bytes());
    write("pipeline.toml", PIPELINE.as_bytes());
    for file in files {
        write(&format!("inbox/{}", file.name), &file.bytes);
    }
    // Text of either layout that is read whatever the others are.
    let sound = if layout == LAYOUT {
        format!("{}\n{}", texts::HEADING, texts::rows(900_001, 3))
    } else {
        (900_001..900_004).map(texts::fixed_row).collect()
    };
    write("inbox/sound.csv", sound.as_bytes());
    let ended = run(work.path(), &["run", "pipeline.toml", "--as-of", "2026-11-01"]);
    let mut faults: Vec<(Option<String>, String)> = Vec::new();
    faults.extend(ended.faults(ORDINARY).into_iter().map(|fault| (None, fault)));
    let (published, of_output) = published(&work.path().join("out"));
    faults.extend(of_output.into_iter().map(|fault| (None, fault)));
    faults.extend(strays(work.path()).into_iter().map(|fault| (None, fault)));
    let Some(published) = published else {
        faults.push((None, format!("nothing was published (exit {:?}): {}", ended.code, ended.complained.trim())));
        return faults;
    };
    let sound = published.inputs.get("sound.csv").map(|input| input.accepted);
    if sound != Some(3) {
        faults.push((None, format!("{sound:?} of 3 rows of the sound file were accepted")));
    }
    for file in files {
        let named = |fault: String| (Some(file.name.clone()), fault);
        let Some(input) = published.inputs.get(&file.name) else {
            faults.push(named("has no account".to_owned()));
            continue;
        };
        if !input.fault.is_empty() && input.accepted > 0 && !file.name.ends_with("zip") {
            faults.push(named(format!("is unusable and has {} accepted rows", input.accepted)));
        }
        match file.rows {
            Some(u64::MAX) if input.fault.is_empty() => {
                faults.push(named("is unusable, and nobody says so".to_owned()))
            }
            Some(rows) if rows != u64::MAX && rows != input.read + input.notes => {
                faults.push(named(format!("has {rows} rows, but {} were read: {}", input.read, input.fault)));
            }
            _ => {}
        }
    }
    faults
}

/// What a run left beside its files and its output.
fn strays(work: &Path) -> Vec<String> {
    let known = ["inbox", "visits.toml", "pipeline.toml", "out"];
    std::fs::read_dir(work)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| !known.contains(&name.as_str()))
        .map(|name| format!("{name} was left"))
        .collect()
}

/// Runs files, many at once. Gives how many were tried and the faults.
fn attack(files: &[HostileFile], layout: &str) -> (u64, Vec<String>) {
    let all: Vec<&HostileFile> = files.iter().collect();
    let faults = all.chunks(FILES_OF_A_RUN).flat_map(|some| faults_of(some, layout)).collect();
    (files.len() as u64, faults)
}

/// The faults of a run of some files; where it is not known of which file, the halves are run each, and so on down to the one.
fn faults_of(files: &[&HostileFile], layout: &str) -> Vec<String> {
    let faults = run_together(files, layout);
    let named = |(file, fault): (Option<String>, String)| {
        format!("{}: {fault}", file.unwrap_or_else(|| format!("{} and {} others", files[0].name, files.len() - 1)))
    };
    if files.len() > 1 && faults.iter().any(|(file, _)| file.is_none()) {
        let (one, other) = files.split_at(files.len() / 2);
        let of_halves = [faults_of(one, layout), faults_of(other, layout)].concat();
        if !of_halves.is_empty() {
            return of_halves;
        }
    }
    faults.into_iter().map(named).collect()
}

/// Ends a family: how many were tried, and the faults found in them. `test` is the name of its test.
fn conclude(family: &str, test: &str, (tried, faults): (u64, Vec<String>)) {
    assert!(faults.is_empty(), "{family}: {faults:#?}");
    record(family, tried, tried, &format!("cargo test --test chartroom {test}"));
}

fn all(files: impl IntoIterator<Item = Vec<HostileFile>>) -> Vec<HostileFile> {
    files.into_iter().flatten().collect()
}

#[test]
fn text_files_of_absurd_sizes_and_encodings_do_no_harm() {
    conclude(
        "hostile texts",
        "text_files_of_absurd_sizes_and_encodings",
        attack(&all([texts::sizes(), texts::encodings()]), LAYOUT),
    );
}

#[test]
fn traps_of_delimited_text_do_no_harm() {
    conclude(
        "traps of delimited text",
        "traps_of_delimited_text",
        attack(&all([texts::traps(), texts::changed()]), LAYOUT),
    );
}

#[test]
fn traps_of_fixed_width_text_do_no_harm() {
    conclude("traps of fixed-width text", "traps_of_fixed_width_text", attack(&texts::fixed_width(), FIXED_LAYOUT));
}

#[test]
fn damaged_zip_folders_and_compressed_files_do_no_harm() {
    conclude(
        "damaged containers",
        "damaged_zip_folders",
        attack(&all([containers::zips(), containers::streams()]), LAYOUT),
    );
}

#[test]
fn damaged_workbooks_do_no_harm() {
    conclude("damaged workbooks", "damaged_workbooks", attack(&containers::workbooks(), LAYOUT));
}

#[test]
fn damaged_old_workbooks_do_no_harm() {
    conclude("damaged workbooks of Excel 97", "damaged_old_workbooks", attack(&containers::old_workbooks(), LAYOUT));
}
