//! The same run gives the same bytes: whatever the threads, the time zone, the locale, and the order of the rows.

use std::{collections::BTreeMap, path::Path};

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

#[test]
fn the_order_of_rows_changes_nothing_but_row_numbers_and_the_digests_of_the_inputs() {
    let work = copy();
    let straight = run_in(work.path(), "straight", &[], &[]);
    for file in [
        "discharges/discharges-2026-09.csv",
        "discharges/discharges-2026-10.csv",
        "documents/documents-2026-09.csv",
        "documents/documents-2026-10.csv",
    ] {
        let path = work.path().join("fixtures").join(file);
        let text = std::fs::read(&path).expect("a fixture");
        // Rows are reversed as rows: a quoted line end stays inside its row.
        let mut rows: Vec<Vec<u8>> = Vec::new();
        let (mut row, mut quoted) = (Vec::new(), false);
        for byte in text {
            quoted ^= byte == b'"';
            row.push(byte);
            if byte == b'\n' && !quoted {
                rows.push(std::mem::take(&mut row));
            }
        }
        rows[1..].reverse();
        std::fs::write(&path, rows.concat()).expect("written");
    }
    let shuffled = run_in(work.path(), "shuffled", &[], &[]);
    for name in [
        "data/coded_records.parquet",
        "data/worklists/deficiencies.csv",
        "data/worklists/records_to_correct.csv",
        "data/worklists/codes_to_decide.csv",
        "data/worklists/site_map_template.csv",
    ] {
        assert!(straight[name] == shuffled[name], "{name} differs");
    }
    // Findings carry the row they stand in; everything else of them is the same, in the same order.
    let without_rows = |files: &BTreeMap<String, Vec<u8>>| -> Vec<Vec<String>> {
        let mut reader = csv::Reader::from_reader(files["data/findings.csv"].as_slice());
        reader.records().map(|row| row.expect("a row").iter().take(8).map(str::to_owned).collect()).collect()
    };
    assert_eq!(without_rows(&straight), without_rows(&shuffled));
    // The run sheet names the inputs by digest; every other line of the statistics is the same.
    let statistics = |files: &BTreeMap<String, Vec<u8>>| -> Vec<String> {
        let text = String::from_utf8(files["data/statistics.txt"].clone()).expect("text");
        let is_digest = |line: &str| {
            line.contains("discharges-2026") || line.contains("documents-2026") || line.starts_with("Run ")
        };
        text.lines().filter(|line| !is_digest(line)).map(str::to_owned).collect()
    };
    assert_eq!(statistics(&straight), statistics(&shuffled));
}

#[test]
fn a_second_run_replaces_the_first_with_the_same_bytes() {
    let work = copy();
    let first = run_in(work.path(), "out", &[], &[]);
    assert_same(&first, &run_in(work.path(), "out", &[], &[]), "a second run");
}
