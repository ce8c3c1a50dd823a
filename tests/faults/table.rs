//! `tests/RELIABILITY.md`: every family of attack, how many cases it tried and how many the program survived.
//!
//! The tests write the table and are held against it. A family calls [`record`] once, at its end. With `CHARTROOM_WRITE_RELIABILITY=1` its row
//! is written; otherwise the row must say what was just tried, so that the table cannot go stale. A family therefore tries the same number
//! of cases everywhere: fixed seeds, and a fixed number of places however many there are. With `CHARTROOM_LONG=1` more is tried than the table says,
//! and only the line is printed.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::{Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
};

use crate::shared_folder::say;

/// Every family in the order of the table, and what is done in it. To add one: a line here, a call of [`record`], and a run with
/// `CHARTROOM_WRITE_RELIABILITY=1`.
const FAMILIES: &[(&str, &str)] = &[
    (
        "kills",
        "a night is killed before a call that changes the disk; nothing is half; run again, it leaves what an undisturbed one leaves",
    ),
    (
        "killed recoveries",
        "the run after a kill is killed too; the one after it leaves what an undisturbed night leaves",
    ),
    (
        "killed, and the next night",
        "the run after a kill is of the next day; what was published counts as taken, what was not never was",
    ),
    (
        "errors of the system",
        "a call fails with EIO, ENOSPC, EACCES, EMFILE or EINTR; 74 and nothing half, or no effect; run again as above",
    ),
    (
        "power failures",
        "the power goes after a call, unflushed data and names are lost; outputs are whole; run again as above",
    ),
    (
        "readings that fail",
        "openings, questions and readings of inputs of every kind and of their folder fail with EIO, ESTALE, EACCES, EMFILE, ENFILE and EINTR: 74 and nothing published, or the output of an undisturbed run",
    ),
    (
        "hostile texts",
        "absurd sizes and every encoding: each file has its account, hides nothing of the others, and holds bounds of time and memory",
    ),
    (
        "traps of delimited text",
        "quotes, headings, delimiters and notes where none belong, and bytes changed at random",
    ),
    ("traps of fixed-width text", "rows that are short, long or of other letters, and bytes changed at random"),
    (
        "damaged containers",
        "zip, gzip and Zstandard cut at every structure, with headings that lie and names that escape",
    ),
    ("damaged workbooks", "xlsx and ods with folders and markup that lie, nest and grow"),
    (
        "damaged workbooks of Excel 97",
        "compound files with fields that lie, chains that break and records of any length",
    ),
    (
        "columns mapped wrongly",
        "a facility, a service or a number that every row has of its own, rows of one number, files and rows larger than any department sends: bounds of memory, every row counted, the column told",
    ),
    ("workbooks made to do harm", "workbooks of a few kilobytes that ask for gigabytes"),
    (
        "verify mutations",
        "a sealed folder mutated: bytes, files, folders, links, manifests, tag files; a thousand of each kind, every one found and named",
    ),
    (
        "canaries",
        "a token in every identifying field, on every path of error, under every command; none in what is printed, logged, published for all or named",
    ),
    (
        "hostile settings",
        "pipelines, layouts, matrices, profiles, site maps and histories that are absurd, endless or lead elsewhere",
    ),
    ("hostile rows", "every field of every table given numbers, days, codes and texts that no record should hold"),
    ("fuzz target audit_sheet", "an auditor's sheet is scored or refused, and scored again adds no record"),
    ("fuzz target bag", "tag files that say anything: valid only without errors, the same verdict twice"),
    ("fuzz target delimited", "no byte is lost, and where a text is cut does not matter"),
    ("fuzz target expression", "faults stand within the text, and parentheses change nothing"),
    ("fuzz target layout", "problems have a place, and a layout meets any heading"),
    ("fuzz target pipeline", "the same problems each time, and nothing is written"),
    ("fuzz target site_map", "faults have a line, and no more decisions than rows"),
    ("fuzz target workbook_guard", "a workbook is told by its kind or refused in words"),
];

const WRITE: &str = "CHARTROOM_WRITE_RELIABILITY";
const LONG: &str = "CHARTROOM_LONG";

const HEAD: &str = "# Reliability\n\n\
Written by the tests (`CHARTROOM_WRITE_RELIABILITY=1 cargo test`), and held against each run of them (`tests/faults/table.rs`).\n\
With `CHARTROOM_LONG=1` (`.ci/run --long`) every place and more seeds are tried.\n\n\
| family | what is done | tried | survived | command |\n| --- | --- | --- | --- | --- |\n";

/// Whether everything is to be tried, and not only what the ordinary run of the tests has time for.
pub fn is_long() -> bool {
    is_set(LONG)
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0")
}

/// Prints `family: tried N, survived N` and holds it against the table, or writes the table. `command`: what repeats the family.
///
/// # Panics
/// Where not every case was survived; where the family is unknown; where the table says something else.
pub fn record(family: &str, tried: u64, survived: u64, command: &str) {
    say(&format!("{family}: tried {tried}, survived {survived}"));
    hold(family, tried, survived, command);
}

fn hold(family: &str, tried: u64, survived: u64, command: &str) {
    assert_eq!(tried, survived, "{family}: not every case was survived");
    assert!(tried > 0, "{family}: nothing was tried");
    let row = row(family, tried, survived, command);
    let path = path();
    if is_set(WRITE) && !is_long() {
        write_row(&path, family, &row);
    } else if !is_long() {
        let rows = rows(&text_of(&path));
        assert_eq!(rows.get(family), Some(&row), "{family}: {} is stale; run with {WRITE}=1", path.display());
    }
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/RELIABILITY.md")
}

fn row(family: &str, tried: u64, survived: u64, command: &str) -> String {
    let known = FAMILIES.iter().find(|(name, _)| *name == family);
    let (_, what) = known.unwrap_or_else(|| panic!("{family} is no family of tests/faults/table.rs"));
    format!("| {family} | {what} | {tried} | {survived} | `{command}` |")
}

/// The rows of a table by their family.
fn rows(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---"));
    let of = |line: &str| Some((line.split(" | ").next()?.trim_start_matches("| ").to_owned(), line.to_owned()));
    let mut rows: BTreeMap<String, String> = lines.filter_map(of).collect();
    rows.remove("family");
    rows
}

/// The table of some rows, in the order of the families. Rows of families that are no more are left out.
fn table(rows: &BTreeMap<String, String>) -> String {
    let known = FAMILIES.iter().filter_map(|(family, _)| rows.get(*family));
    known.fold(HEAD.to_owned(), |text, row| text + row + "\n")
}

/// Families end at the same time, in one process and in several: whoever reads or writes the table holds its lock.
fn text_of(path: &Path) -> String {
    let mut file = File::open(path).expect("the table is there");
    file.lock_shared().expect("locked");
    let mut text = String::new();
    file.read_to_string(&mut text).expect("the table can be read");
    text
}

fn write_row(path: &Path, family: &str, row: &str) {
    let mut file =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).expect("the table opens");
    file.lock().expect("locked");
    let mut text = String::new();
    file.read_to_string(&mut text).expect("the table can be read");
    let mut rows = rows(&text);
    rows.insert(family.to_owned(), row.to_owned());
    file.set_len(0).and_then(|()| file.rewind()).expect("emptied");
    file.write_all(table(&rows).as_bytes()).expect("the table can be written");
}

/// Every family has a row of today's wording, with every case survived, and nothing else is in the table. That the numbers are those of today each
/// family says itself.
#[test]
fn the_table_has_every_family_and_every_case_was_survived() {
    if is_set(WRITE) {
        return;
    }
    let text = text_of(&path());
    let rows = rows(&text);
    assert_eq!(text, table(&rows), "tests/RELIABILITY.md is written by the tests: run them with {WRITE}=1");
    for (family, what) in FAMILIES {
        let row = rows.get(*family).unwrap_or_else(|| panic!("{family} has no row: run it with {WRITE}=1"));
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [name, done, tried, survived, command] = cells[..] else { panic!("{row}: not five cells") };
        assert_eq!((name, done), (*family, *what));
        assert!(tried.parse::<u64>().is_ok_and(|tried| tried > 0) && tried == survived, "{row}");
        assert!(command.starts_with('`') && command.ends_with('`'), "{row}");
    }
}

#[test]
fn a_row_is_put_in_its_place_and_the_others_stay() {
    let rows = rows(
        "# Reliability\n\n| family | what is done | tried | survived | command |\n| --- | --- | --- | --- | --- |\n| one | a b | 1 | 1 | `c` |\n| two | d | 2 | 2 | `e` |\n",
    );
    assert_eq!(rows.keys().collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(rows["two"], "| two | d | 2 | 2 | `e` |");
}

#[test]
fn a_case_that_was_not_survived_is_a_failure_and_so_is_an_unknown_family() {
    let refused = |tried, survived| std::panic::catch_unwind(|| hold("no such family", tried, survived, "x")).is_err();
    assert!(refused(2, 1));
    assert!(refused(0, 0));
    assert!(refused(1, 1));
    assert!(std::panic::catch_unwind(|| record("", 0, 0, "")).is_err());
}
