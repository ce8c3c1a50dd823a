//! A site with one feed of visits, whose inputs are attacked.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use crate::command::{chartroom, printed, results, run_folder};

pub const LAYOUT: &str = "title = \"Visits\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"visit\"\nsex = \"sex\"\n\
    admission_date = { column = \"admitted\", formats = [\"%Y-%m-%d\"] }\n\
    discharge_date = { column = \"left\", formats = [\"%Y-%m-%d\"] }\n";
pub const HEADING: &str = "visit,sex,admitted,left\n";

/// A site whose `nightly.toml` reads what matches `files`.
pub fn site(files: &str) -> tempfile::TempDir {
    let site = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(site.path().join("inbox")).expect("made");
    std::fs::write(site.path().join("visits.toml"), LAYOUT).expect("written");
    let pipeline = format!(
        "title = \"Nightly\"\noutput = \"out\"\nstate = \"state\"\n[[ingest]]\nname = \"visits\"\nfiles = {files}\nlayout = \"visits.toml\"\n"
    );
    std::fs::write(site.path().join("nightly.toml"), pipeline).expect("written");
    site
}

/// An export of so many visits.
pub fn export(visits: u32) -> String {
    let rows = (1..=visits).map(|visit| format!("{visit},F,2020-03-01,2020-03-04\n"));
    HEADING.to_owned() + &rows.collect::<String>()
}

pub fn put(site: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = site.join("inbox").join(name);
    std::fs::write(&path, bytes).expect("written");
    path
}

pub const NIGHT: [&str; 4] = ["run", "nightly.toml", "--as-of", "2020-04-01"];

pub fn night(site: &Path) -> (String, String, i32) {
    printed(&chartroom(site).args(NIGHT).output().expect("the program starts"))
}

/// Whether a sealed folder stands in the output folder.
pub fn is_published(site: &Path) -> bool {
    std::fs::read_dir(site.join("out"))
        .is_ok_and(|mut entries| entries.any(|entry| entry.is_ok_and(|entry| entry.path().join("bagit.txt").is_file())))
}

pub fn accepted(site: &Path) -> u64 {
    results(&site.join("out"))["totals"]["accepted"].as_u64().expect("a number")
}

/// The same visits in every form in which a run reads them.
pub fn forms() -> Vec<(&'static str, Vec<u8>)> {
    forms_of(2_000)
}

/// So many visits in every form.
pub fn forms_of(visits: u32) -> Vec<(&'static str, Vec<u8>)> {
    let text = export(visits);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).expect("written");
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("visits.csv", zip::write::SimpleFileOptions::default()).expect("a member");
    zip.write_all(text.as_bytes()).expect("written");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in text.lines().enumerate() {
        for (column, cell) in line.split(',').enumerate() {
            sheet.write_string(row as u32, column as u16, cell).expect("written");
        }
    }
    vec![
        ("visits.csv", text.clone().into_bytes()),
        ("visits.csv.gz", gzip.finish().expect("gzip")),
        ("visits.csv.zst", zstd::encode_all(text.as_bytes(), 1).expect("zstd")),
        ("visits.zip", zip.finish().expect("zip").into_inner()),
        ("visits.xlsx", book.save_to_buffer().expect("a workbook")),
    ]
}

/// The digest of what was published, of its manifest; `None` where nothing was.
pub fn published(site: &Path) -> Option<String> {
    is_published(site).then(|| {
        let folder = run_folder(&site.join("out"));
        std::fs::read_to_string(folder.join("manifest-sha256.txt")).expect("a manifest")
    })
}

pub fn clear(site: &Path) {
    for folder in ["out", "state", "worklists"] {
        let _ = std::fs::remove_dir_all(site.join(folder));
    }
}
