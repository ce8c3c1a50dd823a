//! The same run gives the same bytes: whatever the threads, the time zone, the locale, and the order of the rows.

use std::{collections::BTreeMap, path::Path};

use calamine::Reader as _;
use polars::prelude::{ParquetReader, SerReader as _};

use crate::command::{chartroom, printed, root, run_folder};

/// Every file of a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder").filter_map(Result::ok) {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("inside").to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

fn run_in(work: &Path, name: &str, arguments: &[&str], environment: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    let out = work.join(name);
    let mut command = chartroom(work);
    command
        .args(["run", "pipelines/monthly-statistics.toml", "--as-of", "2026-11-01", "--format", "both", "--out"])
        .arg(&out)
        .args(arguments);
    command.envs(environment.iter().copied());
    let (_, errors, code) = printed(&command.output().expect("the program starts"));
    assert_eq!(code, 0, "{errors}");
    files(&run_folder(&out))
}

/// The repository's fixtures and pipelines in a folder of the test's own.
fn copy() -> tempfile::TempDir {
    let work = tempfile::tempdir().expect("a folder");
    for folder in ["pipelines", "fixtures"] {
        for (name, bytes) in files(&root().join(folder)) {
            let path = work.path().join(folder).join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, bytes).expect("written");
        }
    }
    work
}

fn assert_same(left: &BTreeMap<String, Vec<u8>>, right: &BTreeMap<String, Vec<u8>>, what: &str) {
    assert_eq!(left.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>());
    for (name, bytes) in left {
        assert!(bytes == &right[name], "{name} differs with {what}");
    }
}

#[test]
fn threads_time_zone_and_locale_change_no_byte() {
    let work = copy();
    let one = run_in(work.path(), "one", &["--threads", "1"], &[]);
    assert_same(&one, &run_in(work.path(), "two", &["--threads", "2"], &[]), "two threads");
    assert_same(&one, &run_in(work.path(), "eight", &["--threads", "8"], &[]), "eight threads");
    let elsewhere = [("TZ", "Pacific/Kiritimati"), ("LC_ALL", "tr_TR.UTF-8"), ("LANG", "tr_TR.UTF-8")];
    assert_same(&one, &run_in(work.path(), "elsewhere", &[], &elsewhere), "another time zone and locale");
}

/// The rows of a text under their heading, a quoted line end inside its row.
fn rows_of(text: &[u8]) -> Vec<Vec<u8>> {
    let (mut rows, mut row, mut quoted) = (Vec::new(), Vec::new(), false);
    for byte in text {
        quoted ^= *byte == b'"';
        row.push(*byte);
        if *byte == b'\n' && !quoted {
            rows.push(std::mem::take(&mut row));
        }
    }
    rows
}

/// Puts the rows of every fixture in another order: a fixed one that no row keeps its place in.
fn shuffle(work: &Path) {
    for folder in ["discharges", "documents"] {
        for (name, text) in files(&work.join("fixtures").join(folder)) {
            let mut rows = rows_of(&text);
            rows[1..].reverse();
            let half = (rows.len() - 1) / 3;
            rows[1..].rotate_left(half);
            std::fs::write(work.join("fixtures").join(folder).join(name), rows.concat()).expect("written");
        }
    }
}

/// A comma-separated output by its columns, those named set aside.
fn csv_columns(bytes: &[u8], aside: &[&str]) -> BTreeMap<String, Vec<String>> {
    let mut reader = csv::Reader::from_reader(bytes);
    let headings: Vec<String> = reader.headers().expect("headings").iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    let column = |at: usize| rows.iter().map(|row| row[at].to_owned()).collect();
    let kept = headings.iter().enumerate().filter(|(_, name)| !aside.contains(&name.as_str()));
    kept.map(|(at, name)| (name.clone(), column(at))).collect()
}

/// One column of comma-separated values.
fn column(bytes: &[u8], name: &str) -> Vec<String> {
    csv_columns(bytes, &[]).remove(name).expect("a column")
}

/// The sources of the records by column, the row numbers set aside.
fn sources(bytes: &[u8]) -> String {
    let frame = ParquetReader::new(std::io::Cursor::new(bytes.to_vec())).finish().expect("a Parquet file");
    let kept = frame.drop("row").expect("a column of row numbers");
    assert_eq!(kept.width() + 1, frame.width());
    (0..kept.height()).map(|row| format!("{:?}\n", kept.get(row))).collect()
}

/// Every cell of a workbook, the run and digests set aside.
fn cells(bytes: &[u8]) -> Vec<String> {
    let mut workbook: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(bytes.to_vec())).expect("a workbook");
    let mut cells = Vec::new();
    for sheet in workbook.sheet_names() {
        let range = workbook.worksheet_range(&sheet).expect("a sheet");
        for row in range.rows() {
            let is_run = row.first().is_some_and(|cell| *cell == "Run");
            let kept = row.iter().map(ToString::to_string).filter(|cell| !is_run && !is_digest(cell));
            cells.push(format!("{sheet}: {}", kept.collect::<Vec<_>>().join("|")));
        }
    }
    cells
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The words of a text, line by line, with the run's name and the digests set aside.
fn words(bytes: &[u8], run_id: &str) -> Vec<Vec<String>> {
    let text = String::from_utf8(bytes.to_vec()).expect("text");
    let kept = |line: &str| {
        line.split_whitespace().filter(|word| !is_digest(word) && *word != run_id).map(str::to_owned).collect()
    };
    text.lines().map(kept).collect()
}

/// `run_results.json` without the run's name, the digests, and the sizes of files in which those and row numbers stand.
fn results_of(bytes: &[u8]) -> serde_json::Value {
    let mut results: serde_json::Value = serde_json::from_slice(bytes).expect("json");
    results["run_id"].take();
    for list in ["inputs", "outputs"] {
        for entry in results[list].as_array_mut().expect("a list") {
            assert!(is_digest(entry["sha256"].as_str().expect("a digest")));
            entry["sha256"].take();
            let named = entry["path"].as_str().unwrap_or_default().to_owned();
            if list == "outputs" && WITH_ROWS_OR_DIGESTS.contains(&named.as_str()) {
                entry["bytes"].take();
            }
        }
    }
    results
}

/// Outputs in which row numbers, digests of the inputs or the run's name stand; every other output is the same bytes.
const WITH_ROWS_OR_DIGESTS: [&str; 8] = [
    "duplicates.csv",
    "findings.csv",
    "findings_by_value.parquet",
    "quarantine.csv",
    "record_sources.parquet",
    "run_results.json",
    "statistics.txt",
    "statistics.xlsx",
];

#[test]
fn the_order_of_rows_changes_nothing_but_row_numbers_the_digests_of_the_inputs_and_the_runs_name() {
    let work = copy();
    let straight = run_in(work.path(), "straight", &[], &[]);
    shuffle(work.path());
    let shuffled = run_in(work.path(), "shuffled", &[], &[]);
    assert_eq!(straight.keys().collect::<Vec<_>>(), shuffled.keys().collect::<Vec<_>>());
    let run_id = |files: &BTreeMap<String, Vec<u8>>| -> String {
        let results: serde_json::Value = serde_json::from_slice(&files["data/run_results.json"]).expect("json");
        results["run_id"].as_str().expect("a name").to_owned()
    };
    let (left_id, right_id) = (run_id(&straight), run_id(&shuffled));
    assert_ne!(left_id, right_id);
    let mut same = 0;
    for (name, left) in &straight {
        let right = &shuffled[name];
        let rows = ["row", "repeats_row"];
        match name.as_str() {
            "data/duplicates.csv" => assert_eq!(csv_columns(left, &rows), csv_columns(right, &rows), "{name}"),
            // A file with its rows in another order is another file: so are the keys of its findings.
            "data/findings.csv" => {
                let but_of_files = |bytes: &[u8]| {
                    let mut columns = csv_columns(bytes, &rows);
                    for (key, rule) in
                        columns.get_mut("finding_key").expect("keys").iter_mut().zip(column(bytes, "rule"))
                    {
                        if rule.starts_with("FIL") {
                            key.clear();
                        }
                    }
                    columns
                };
                let (left, right) = (but_of_files(left), but_of_files(right));
                assert!(left["finding_key"].iter().any(|key| !key.is_empty()));
                assert_eq!(left, right, "{name}");
            }
            // Rows that cannot be read are listed as they stand in their file.
            "data/quarantine.csv" => {
                let sorted = |bytes: &[u8]| {
                    let mut columns = csv_columns(bytes, &rows);
                    columns.values_mut().for_each(|column| column.sort());
                    columns
                };
                assert_eq!(sorted(left), sorted(right), "{name}");
            }
            "data/record_sources.parquet" | "data/findings_by_value.parquet" => {
                assert!(sources(left) == sources(right), "{name}")
            }
            "data/run_results.json" => assert_eq!(results_of(left), results_of(right), "{name}"),
            "data/statistics.xlsx" => assert_eq!(cells(left), cells(right), "{name}"),
            "data/statistics.txt" => assert_eq!(words(left, &left_id), words(right, &right_id), "{name}"),
            // The seal: the same files, by other digests where they are others.
            "manifest-sha256.txt" | "tagmanifest-sha256.txt" | "bag-info.txt" => {
                let kept = |bytes: &[u8], run_id: &str| -> Vec<Vec<String>> {
                    words(bytes, run_id)
                        .into_iter()
                        .filter(|words| words.first().is_none_or(|first| first != "Payload-Oxum:"))
                        .collect()
                };
                assert_eq!(kept(left, &left_id), kept(right, &right_id), "{name}");
            }
            _ => {
                same += 1;
                assert!(left == right, "{name} differs");
            }
        }
    }
    for name in ["data/coded_records.parquet", "data/worklists/deficiencies.csv", "data/facility_months.csv"] {
        assert!(straight.contains_key(name), "{name}");
    }
    assert!(same >= 9, "{same} outputs are the same bytes");
}

#[test]
fn a_second_run_leaves_the_same_bytes() {
    let work = copy();
    let first = run_in(work.path(), "out", &[], &[]);
    assert_same(&first, &run_in(work.path(), "out", &[], &[]), "a second run");
}
