//! Damaged, disguised and hostile files: no panic, a message each, little memory, and nothing of the others is lost.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use chartroom::ingest::{
    decode::{Container, container, open_text},
    fault::SourceFault,
    input_file::InputFile,
    workbook::read_sheet,
};

use super::{
    bounded::{ORDINARY, run},
    mutation::Chance,
};
use crate::shared_folder;

/// Workbooks of the reference folder.
const WORKBOOKS: &str = "samples/workbooks";

fn workbooks() -> Vec<PathBuf> {
    let Some(folder) = shared_folder::path(WORKBOOKS) else { return Vec::new() };
    let entries = std::fs::read_dir(folder).expect("listed");
    let mut files: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|kind| kind != "md"))
        .collect();
    files.sort();
    files
}

/// Reads a file as a run would; the rows it gave, or its message.
fn read(path: &Path) -> Result<usize, SourceFault> {
    let file = InputFile::open(path)?;
    let container = container(&file)?;
    if container == Container::Workbook {
        return read_sheet(&file, None, None).map(|table| table.block.rows.len());
    }
    if container == Container::Zip {
        return Ok(0);
    }
    let mut source = open_text(&file, container, None, None)?;
    let mut text = Vec::new();
    while source.fill(&mut text, 1 << 20)? {}
    Ok(text.len())
}

fn opened(path: &Path) -> InputFile {
    InputFile::open(path).expect("a file")
}

/// The text of a cell of the first table of a workbook, by 0-based row and column.
fn cell(path: &Path, row: usize, column: usize) -> String {
    let table = read_sheet(&opened(path), None, None).expect("a table");
    String::from_utf8_lossy(table.block.field(&table.block.rows[row], column)).into_owned()
}

#[test]
fn every_sample_workbook_is_read_or_refused_in_words() {
    let (files, mut read_whole) = (workbooks(), 0);
    for path in &files {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        match read(path) {
            Ok(rows) => {
                println!("{name}: {rows} rows");
                read_whole += 1;
            }
            Err(fault) => {
                println!("{name}: {fault}");
                assert!(!fault.to_string().is_empty());
            }
        }
    }
    if !files.is_empty() {
        shared_folder::say(&format!("{WORKBOOKS}: {read_whole} read, {} refused in words", files.len() - read_whole));
        shared_folder::total(WORKBOOKS, "workbooks", files.len(), files.len(), 23);
    }
}

/// A workbook of the reference folder by its name, where it is there: another folder laid out alike may have others.
fn named(name: &str) -> Option<PathBuf> {
    shared_folder::path(&format!("{WORKBOOKS}/{name}"))
}

#[test]
fn what_is_known_of_a_sample_workbook_is_found_in_it() {
    if let Some(path) = named("pass_protected.xlsx") {
        assert!(matches!(read(&path), Err(SourceFault::Password)));
    }
    if let Some(path) = named("too_small.xls") {
        let text = read_sheet(&opened(&path), None, None).expect_err("a text file, whatever its name").to_string();
        assert!(text.contains("no workbook"), "{text}");
    }
    // Titles above and notes beneath the table are no rows. A list of the dead in one format is the same list in another.
    let tables: Vec<(usize, Vec<Vec<u8>>)> = ["deaths.xls", "deaths.xlsx"]
        .into_iter()
        .filter_map(named)
        .map(|path| {
            let block = read_sheet(&opened(&path), None, None).expect("a table").block;
            let heading = block.rows[0];
            let names = (0..heading.field_count as usize).map(|at| block.field(&heading, at).to_vec());
            assert!(names.clone().all(|name| !name.is_empty()), "{}: the heading is a row of titles", path.display());
            (block.rows.len(), names.collect())
        })
        .collect();
    assert!(tables.windows(2).all(|two| two[0] == two[1]), "{tables:?}");
}

#[test]
fn the_same_day_is_read_in_every_format_and_date_system() {
    let days: BTreeSet<String> = ["date.xlsx", "date.xls", "date.xlsb", "date.ods", "date_1904.xlsx", "date_1904.xls"]
        .into_iter()
        .filter_map(named)
        .map(|path| cell(&path, 0, 0))
        .collect();
    assert!(days.len() <= 1, "{days:?}");
    assert!(days.iter().all(|day| day.len() == 10 && day.as_bytes()[4] == b'-'), "{days:?}");
}

#[test]
fn truncated_flipped_and_renamed_samples_never_panic_and_say_something() {
    let work = tempfile::tempdir().expect("a folder");
    let mut chance = Chance::of(61);
    let mut messages = BTreeSet::new();
    std::panic::set_hook(Box::new(|_| {}));
    for path in workbooks() {
        let bytes = std::fs::read(&path).expect("a workbook");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let mut spoilt: Vec<(String, Vec<u8>)> =
            (1..6).map(|part| (name.clone(), bytes[..bytes.len() * part / 6].to_vec())).collect();
        spoilt.extend((0..12).map(|_| (name.clone(), chance.change(&bytes))));
        for other in ["renamed.csv", "renamed.xls", "renamed.xlsx", "renamed.gz"] {
            spoilt.push((other.to_owned(), bytes.clone()));
        }
        for (name, bytes) in spoilt {
            let path = work.path().join(name);
            std::fs::write(&path, bytes).expect("written");
            if let Err(fault) = read(&path) {
                messages.insert(fault.to_string());
            }
        }
    }
    let _ = std::panic::take_hook();
    for message in &messages {
        println!("{message}");
        assert!(message.len() > 5);
    }
}

#[test]
fn no_sample_takes_more_than_512_mib() {
    let work = tempfile::tempdir().expect("a folder");
    let mut files = workbooks();
    let bomb = work.path().join("bomb.csv.zst");
    std::fs::write(&bomb, zstd::encode_all(std::io::Read::take(std::io::repeat(b'a'), 300 << 20), 1).expect("zstd"))
        .expect("written");
    files.push(bomb);
    for path in files {
        let ended = run(work.path(), &["layout", "draft", &path.to_string_lossy()]);
        assert!(matches!(ended.code, Some(0 | 65)), "{} ended with {:?}", path.display(), ended.code);
        assert!(ended.peak < ORDINARY, "{} took {} MiB", path.display(), ended.peak);
    }
}
