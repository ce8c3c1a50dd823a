//! An audit of coding from end to end: a run, a sample of it, the auditor's work, the score; and the sheet of the coders' work.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

use crate::command::{chartroom, printed, run_folder};

const LAYOUT: &str = r#"title = "Stays"
table = "encounters"
[columns]
encounter_id = "ID"
patient_id = "PATIENT"
service = "SERVICE"
coder = "CODER"
admission_date = { column = "ADMITTED", formats = ["%Y-%m-%d"] }
discharge_date = { column = "DISCHARGED", formats = ["%Y-%m-%d"] }
coded_date = { column = "CODED", formats = ["%Y-%m-%d %H:%M", "%Y-%m-%d"] }
diagnosis_related_group = "DRG"
diagnosis_code = { columns = "DX{1..3}" }
present_on_admission = { columns = "POA{1..3}" }
procedure_code = { columns = "PR{1..2}" }
"#;
const HEADING: &str = "ID,PATIENT,SERVICE,CODER,ADMITTED,DISCHARGED,CODED,DRG,DX1,POA1,DX2,POA2,DX3,POA3,PR1,PR2";
const PIPELINE: &str = "title = \"Audit\"\nperiod = \"2026-10\"\n[[ingest]]\nname = \"stays\"\nfiles = \"stays.csv\"\nlayout = \"stays.toml\"\n[statistics]\nformat = \"both\"\n";
/// A patient's number that no console may show.
const CANARY: &str = "PATIENT-CANARY-77";

/// Twelve records of Ann, six of Bob and two of nobody; two more are not coded.
fn stays() -> Vec<String> {
    let mut rows = Vec::new();
    for number in 1..=20 {
        let (coder, service) = match number {
            1..=12 => ("Ann", "MED"),
            13..=18 => ("Bob", "SURG"),
            _ => ("", "MED"),
        };
        let day = number % 5 + 1;
        let coded =
            if coder.is_empty() { String::new() } else { format!("2026-10-{:02} 09:{number:02}", day + number % 3) };
        rows.push(format!(
            "STAY-{number:03},{CANARY},{service},{coder},2026-09-30,2026-10-{day:02},{coded},193,J18.9,Y,I10,Y,Z87.891,,0BH17EZ,"
        ));
    }
    for number in [21, 22] {
        rows.push(format!("STAY-{number:03},{CANARY},MED,Bob,2026-10-01,2026-10-{number:02},,,,,,,,,,"));
    }
    rows
}

fn run(work: &Path, rows: &[String]) -> PathBuf {
    std::fs::write(work.join("stays.toml"), LAYOUT).expect("written");
    std::fs::write(work.join("pipeline.toml"), PIPELINE).expect("written");
    std::fs::write(work.join("stays.csv"), format!("{HEADING}\n{}\n", rows.join("\n"))).expect("written");
    let output = chartroom(work).args(["run", "pipeline.toml", "--as-of", "2026-11-01"]).output().expect("it starts");
    let (_, errors, code) = printed(&output);
    assert_eq!((errors.as_str(), code), ("", 0));
    run_folder(&work.join("out"))
}

fn audit(work: &Path, arguments: &[&str]) -> (String, String, i32) {
    let (text, errors, code) = printed(&chartroom(work).arg("audit").args(arguments).output().expect("it starts"));
    for shown in [&text, &errors] {
        assert!(!shown.contains("STAY-") && !shown.contains(CANARY), "a record is on the console:\n{shown}");
    }
    (text, errors, code)
}

fn sheet(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).expect("a sheet");
    let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let heading = cells(reader.headers().expect("a heading"));
    (heading, reader.records().map(|record| cells(&record.expect("a row"))).collect())
}

fn records(rows: &[Vec<String>]) -> BTreeSet<String> {
    rows.iter().map(|row| row[0].clone()).collect()
}

fn figure(path: &Path, group: &str, name: &str, measure: &str) -> (String, String, String) {
    let (_, rows) = sheet(path);
    let found = rows.iter().find(|row| row[0] == group && row[1] == name && row[2] == measure);
    let row = found.unwrap_or_else(|| panic!("no {measure} of {group} {name}"));
    (row[3].clone(), row[4].clone(), row[7].clone())
}

#[test]
fn a_sample_is_drawn_again_from_other_rows_of_the_same_records_and_holds_the_smallest_digests() {
    let work = tempfile::tempdir().expect("a folder");
    let mut rows = stays();
    let folder = run(work.path(), &rows);
    let arguments =
        ["sample", folder.to_str().expect("a path"), "--by", "coder", "--records", "8", "--seed", "2026-11"];
    let (text, errors, code) = audit(work.path(), &[&arguments[..], &["--out", "first.csv"]].concat());
    assert_eq!((errors.as_str(), code), ("", 0));
    assert!(text.contains("2 without codes"), "{text}");
    let (heading, drawn) = sheet(&work.path().join("first.csv"));
    assert_eq!((heading.len(), heading[15].as_str()), (16, "facility_id"));
    assert!(drawn.iter().all(|row| row[10..15].iter().all(String::is_empty)), "the auditor's columns are blank");

    // 8 of 12, 6 and 2: shares 4.8, 2.4 and 0.8. Nobody's two records are given one; 7 of 18 are left: 4.67 and 2.33.
    let mut expected = BTreeSet::new();
    for (numbers, quota) in [(1..=12, 5), (13..=18, 2), (19..=20, 1)] {
        let mut digests: Vec<(Vec<u8>, String)> = numbers
            .map(|number| format!("STAY-{number:03}"))
            .map(|name| (Sha256::digest(format!("2026-11\0{name}")).to_vec(), name))
            .collect();
        digests.sort();
        expected.extend(digests.into_iter().take(quota).map(|(_, name)| name));
    }
    assert_eq!(records(&drawn), expected);
    let first: Vec<&[String]> = drawn.iter().filter(|row| row[0] == drawn[0][0]).map(|row| &row[1..10]).collect();
    let row = |cells: [&str; 9]| cells.map(str::to_owned);
    assert_eq!(
        first,
        [
            &row(["Ann", "MED", "Ann", "diagnosis", "1", "icd10cm", "J189", "Y", "193"])[..],
            &row(["Ann", "MED", "Ann", "diagnosis", "2", "icd10cm", "I10", "Y", "193"]),
            &row(["Ann", "MED", "Ann", "diagnosis", "3", "icd10cm", "Z87891", "", "193"]),
            &row(["Ann", "MED", "Ann", "procedure", "1", "icd10pcs", "0BH17EZ", "", "193"]),
        ]
    );

    std::fs::remove_dir_all(work.path().join("out")).expect("removed");
    rows.reverse();
    run(work.path(), &rows);
    let (_, _, code) = audit(work.path(), &[&arguments[..], &["--out", "second.csv"]].concat());
    assert_eq!(code, 0);
    let bytes = |name: &str| std::fs::read(work.path().join(name)).expect("a sheet");
    assert!(bytes("first.csv") == bytes("second.csv"), "another order of rows draws another sample");
}

#[test]
fn what_would_overwrite_or_break_a_seal_is_refused() {
    let work = tempfile::tempdir().expect("a folder");
    let folder = run(work.path(), &stays());
    let folder = folder.to_str().expect("a path");
    assert_eq!(audit(work.path(), &["sample", folder, "--by", "service", "--each", "--records", "2"]).2, 0);
    let (_, drawn) = sheet(&work.path().join("audit-sample.csv"));
    assert_eq!(records(&drawn).len(), 4);
    let (_, errors, code) = audit(work.path(), &["sample", folder]);
    assert_eq!(code, 2, "{errors}");
    assert_eq!(audit(work.path(), &["sample", folder, "--out", &format!("{folder}/data/sheet.csv")]).2, 2);
    let into_seal = format!("{folder}/data/worklists/score.csv");
    assert_eq!(audit(work.path(), &["score", "audit-sample.csv", "--out", &into_seal]).2, 2);
    assert!(!Path::new(&into_seal).exists());
    assert_eq!(audit(work.path(), &["sample", folder, "--period", "October", "--out", "a.csv"]).2, 2);
    assert_eq!(audit(work.path(), &["sample", ".", "--out", "a.csv"]).2, 65);
    assert_eq!(audit(work.path(), &["sample", folder, "--period", "2027", "--out", "a.csv"]).2, 65);
    let records = Path::new(folder).join("data/coded_records.parquet");
    let mut bytes = std::fs::read(&records).expect("a file");
    let end = bytes.len();
    bytes[end / 2..end - 8].fill(0x5a);
    std::fs::write(&records, bytes).expect("written");
    assert_eq!(audit(work.path(), &["sample", folder, "--out", "a.csv"]).2, 65);
}

#[test]
fn filled_in_sheets_are_scored_alike_as_text_and_as_workbook() {
    let work = tempfile::tempdir().expect("a folder");
    let folder = run(work.path(), &stays());
    let folder = folder.to_str().expect("a path");
    let arguments = ["sample", folder, "--by", "coder", "--records", "2", "--each", "--out", "sheet.csv"];
    assert_eq!(audit(work.path(), &arguments).2, 0);
    let (heading, mut rows) = sheet(&work.path().join("sheet.csv"));
    assert_eq!(rows.len(), 6 * 4);
    // All is right, save: the first record (of Ann) has a wrong principal diagnosis, and a missed code is added to it.
    for (place, row) in rows.iter_mut().enumerate() {
        row[13] = "correct".to_owned();
        row[12] = "193".to_owned();
        if row[4] == "diagnosis" {
            row[11] = if row[7].starts_with('Z') { "exempt".to_owned() } else { "Y".to_owned() };
        }
        if place == 0 {
            row[10] = "J15.9".to_owned();
            row[13] = "wrong".to_owned();
            row[14] = "Specificity".to_owned();
        }
    }
    let mut missed = vec![String::new(); heading.len()];
    for (at, text) in [(0, rows[0][0].as_str()), (4, "diagnosis"), (10, "N17.9"), (13, "missed"), (14, CANARY)] {
        missed[at] = text.to_owned();
    }
    rows.push(missed);

    let mut text = csv::WriterBuilder::new().delimiter(b';').from_path(work.path().join("filled.csv")).expect("a file");
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    for (line, row) in std::iter::once(&heading).chain(&rows).enumerate() {
        text.write_record(row).expect("written");
        for (at, cell) in row.iter().enumerate() {
            // A spreadsheet takes figures for numbers.
            match cell.parse::<f64>() {
                Ok(number) => page.write_number(line as u32, at as u16, number).map(|_| ()),
                Err(_) => page.write_string(line as u32, at as u16, cell).map(|_| ()),
            }
            .expect("written");
        }
    }
    text.flush().expect("written");
    book.save(work.path().join("filled.xlsx")).expect("saved");

    let (printed_text, errors, code) = audit(work.path(), &["score", "filled.csv", "--out", "score.csv"]);
    assert_eq!((errors.as_str(), code), ("", 0));
    let (printed_book, errors, code) = audit(work.path(), &["score", "filled.xlsx", "--out", "score-of-book.csv"]);
    assert_eq!((errors.as_str(), code), ("", 0));
    assert_eq!(printed_text, printed_book);
    let score = work.path().join("score.csv");
    assert_eq!(sheet(&score), sheet(&work.path().join("score-of-book.csv")));
    let of = |group, name, measure| figure(&score, group, name, measure);
    let expect =
        |numerator: &str, denominator: &str, met: &str| (numerator.to_owned(), denominator.to_owned(), met.to_owned());
    // 24 codes assigned, 23 right, 1 wrong, 1 missed: 23 / 25 = 92 %.
    assert_eq!(of("total", "", "code over code"), expect("23", "25", "no"));
    assert_eq!(of("total", "", "codes assigned"), expect("23", "24", "yes"));
    assert_eq!(of("total", "", "record over record"), expect("5", "6", "no"));
    assert_eq!(of("total", "", "principal diagnosis"), expect("5", "6", "no"));
    assert_eq!(of("total", "", "present on admission"), expect("17", "17", "yes"));
    assert_eq!(of("total", "", "diagnosis-related group"), expect("6", "6", "yes"));
    assert_eq!(of("coder", "Ann", "code over code"), expect("7", "9", "no"));
    assert_eq!(of("coder", "Bob", "code over code"), expect("8", "8", "yes"));
    assert_eq!(of("service", "SURG", "record over record"), expect("2", "2", "yes"));
    assert_eq!(of("reason", "specificity", "errors: wrong").0, "1");
    assert_eq!(of("reason", &CANARY.to_lowercase(), "errors: missed").0, "1");
    assert!(printed_text.contains("92.0") && printed_text.contains("in the auditor's own words"), "{printed_text}");
    assert!(!printed_text.to_uppercase().contains(CANARY), "{printed_text}");

    // What a person has made is not written over, be it one of the sheets.
    let filled = std::fs::read(work.path().join("filled.csv")).expect("read");
    let (text, errors, code) = audit(work.path(), &["score", "filled.csv", "--out", "filled.csv"]);
    assert_eq!((text.as_str(), code), ("", 2));
    assert_eq!(errors, "error: filled.csv is there already; name another file with --out\n");
    assert_eq!(std::fs::read(work.path().join("filled.csv")).expect("read"), filled);

    // Nothing filled in: no record is reviewed. A file that is no sheet is named, and the others are scored.
    let (text, _, code) = audit(work.path(), &["score", "sheet.csv"]);
    assert!(code == 0 && text.starts_with("records reviewed 0, left out: not finished 6"), "{text}");
    let (text, errors, code) = audit(work.path(), &["score", "stays.csv", "filled.csv"]);
    assert_eq!(code, 65, "{errors}");
    assert!(text.starts_with("records reviewed 6"), "{text}");
}

#[test]
fn the_coders_sheet_stands_in_the_workbook_where_the_export_states_coders() {
    let work = tempfile::tempdir().expect("a folder");
    let folder = run(work.path(), &stays());
    let text = std::fs::read_to_string(folder.join("data/statistics.txt")).expect("the text");
    let sheet = text.split("\n== Coders ==\n").nth(1).expect("the sheet").split("\n== ").next().expect("its text");
    let row = |name: &str| -> Vec<String> {
        let line = sheet.lines().find(|line| line.split_whitespace().next() == Some(name));
        line.unwrap_or_else(|| panic!("no row {name} in\n{sheet}")).split_whitespace().map(str::to_owned).collect()
    };
    // Record n is discharged on day n mod 5 + 1 and coded n mod 3 days later, in the hour of 9; four codes each.
    let mut days: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for number in 1..=18u32 {
        let coder = if number <= 12 { "Ann" } else { "Bob" };
        days.entry(coder).or_default().insert(number % 5 + 1 + number % 3);
    }
    let ann = row("Ann");
    let count = days["Ann"].len().to_string();
    assert_eq!(ann[1..5], ["12".to_owned(), "48".to_owned(), "4.00".to_owned(), count.clone()], "{ann:?}");
    assert_eq!(ann[7], count, "every day has one hour");
    // 0, 1 and 2 days, four records each: the median is 1; nothing before discharge, undated or uncoded.
    assert_eq!(ann[9..], ["1.0", "2", "0", "0", "0"].map(str::to_owned), "{ann:?}");
    let bob = row("Bob");
    assert_eq!((bob[1].as_str(), bob[4].clone(), bob[13].as_str()), ("6", days["Bob"].len().to_string(), "2"));
    // Discharged on the 21st and 22nd, seen on the 1st of November: 11 and 10 days.
    assert_eq!(row("8-14"), ["8-14", "2", "100.0"].map(str::to_owned));

    let without: Vec<String> = stays().iter().map(|row| row.replace(",Ann,", ",,").replace(",Bob,", ",,")).collect();
    let without: Vec<String> = without
        .iter()
        .map(|row| {
            let mut cells: Vec<&str> = row.split(',').collect();
            cells[6] = "";
            cells.join(",")
        })
        .collect();
    let work = tempfile::tempdir().expect("a folder");
    let folder = run(work.path(), &without);
    let text = std::fs::read_to_string(folder.join("data/statistics.txt")).expect("the text");
    assert!(!text.contains("== Coders =="), "no coder is stated");
}

/// A command that meets an error of the disk at each reading of one file in turn: what it ended with.
fn with_failing_disk(work: &Path, file: &str, arguments: &[&str]) -> Vec<(String, i32)> {
    let mut ends = Vec::new();
    for at in 1..200 {
        let mut command = std::process::Command::new("strace");
        command.current_dir(work).args(["-f", "-qq", "-o", "trace", "-P", file, "-e", "trace=read,pread64", "-e"]);
        command.arg(format!("inject=read,pread64:error=EIO:when={at}"));
        let output = command.arg(env!("CARGO_BIN_EXE_chartroom")).args(arguments).output().expect("strace starts");
        if !std::fs::read_to_string(work.join("trace")).expect("a trace").contains("INJECTED") {
            return ends;
        }
        let (_, errors, code) = printed(&output);
        ends.push((errors, code));
    }
    panic!("a file is read that often");
}

#[test]
fn an_error_of_the_disk_is_74_and_nothing_is_written_and_a_damaged_file_is_65() {
    if !crate::faults::trace::has_strace() {
        return;
    }
    let work = tempfile::tempdir().expect("a folder");
    let out = run(work.path(), &stays());
    let folder = out.strip_prefix(work.path()).expect("below").to_str().expect("a path");
    let records = format!("{folder}/data/coded_records.parquet");
    let sample = ["audit", "sample", folder, "--out", "sheet.csv"];
    let ends = with_failing_disk(work.path(), &records, &sample);
    assert!(ends.len() > 3, "{ends:?}");
    for (errors, code) in &ends {
        assert_eq!(*code, 74, "{errors}");
        assert!(errors.contains("cannot be read: ") && !errors.contains("damaged"), "{errors}");
    }
    // The last of them was undisturbed.
    assert!(work.path().join("sheet.csv").is_file());
    std::fs::copy(work.path().join("sheet.csv"), work.path().join("other.csv")).expect("copied");
    let score = ["audit", "score", "sheet.csv", "other.csv", "--out", "figures.csv"];
    let ends = with_failing_disk(work.path(), "other.csv", &score);
    assert!(!ends.is_empty());
    assert!(ends.iter().all(|(_, code)| *code == 74), "{ends:?}");
    std::fs::remove_file(work.path().join("figures.csv")).expect("written by the last, and by no other");
    // What a file is stays a fault of the input.
    std::fs::write(work.path().join("other.csv"), "a letter\n").expect("written");
    assert_eq!(audit(work.path(), &score[1..]).2, 65);
    assert!(!work.path().join("figures.csv").exists(), "a score of a part of the sheets is not written");
    let sound = std::fs::read(work.path().join(&records)).expect("read");
    std::fs::write(work.path().join(&records), &sound[..sound.len() / 2]).expect("written");
    let (_, errors, code) = audit(work.path(), &["sample", folder, "--out", "second.csv"]);
    assert!(code == 65 && errors.contains("is damaged"), "{code} {errors}");
}

#[test]
fn records_of_two_facilities_with_one_number_are_two_records_of_a_sample() {
    let work = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(work.path().join(name), text).expect("written");
    write("stays.toml", &LAYOUT.replace("service = ", "facility_id = \"FAC\"\nservice = "));
    write("pipeline.toml", &format!("{PIPELINE}[edits]\nencounter_numbers = \"facility\"\n"));
    let rows = "V0,P1,MED,Ann,2026-10-01,2026-10-04,,193,I10,Y,,,,,,,A\nV0,P2,MED,Ann,2026-10-02,2026-10-05,,193,J18.9,Y,,,,,,,B\n";
    write("stays.csv", &format!("{HEADING},FAC\n{rows}"));
    let output = chartroom(work.path()).args(["run", "pipeline.toml", "--as-of", "2026-11-01"]).output();
    assert_eq!(printed(&output.expect("it starts")).2, 0);
    let folder = run_folder(&work.path().join("out"));
    let folder = folder.to_str().expect("a path");
    assert_eq!(audit(work.path(), &["sample", folder, "--records", "2", "--out", "sheet.csv"]).2, 0);
    let (heading, mut rows) = sheet(&work.path().join("sheet.csv"));
    let facilities: BTreeSet<(String, String)> = rows.iter().map(|row| (row[0].clone(), row[15].clone())).collect();
    assert_eq!(facilities, ["A", "B"].map(|facility| ("V0".to_owned(), facility.to_owned())).into());
    // One of the two is wrong: one record of two is right.
    for row in &mut rows {
        row[13] = if row[15] == "A" { "correct" } else { "wrong" }.to_owned();
        row[10] = if row[15] == "A" { String::new() } else { "J15.9".to_owned() };
    }
    let mut filled = csv::Writer::from_path(work.path().join("filled.csv")).expect("a file");
    std::iter::once(&heading).chain(&rows).try_for_each(|row| filled.write_record(row)).expect("written");
    filled.flush().expect("written");
    let (text, errors, code) = audit(work.path(), &["score", "filled.csv", "--out", "score.csv"]);
    assert_eq!((errors.as_str(), code), ("", 0), "{text}");
    let (right, of, _) = figure(&work.path().join("score.csv"), "total", "", "record over record");
    assert_eq!((right.as_str(), of.as_str()), ("1", "2"));
}
