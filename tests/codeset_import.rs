//! The official releases, imported as they are published through the program, with the counts that their publishers state.

use std::path::{Path, PathBuf};

use crate::command::{chartroom, printed, shared};

/// File, name in the store, and figures that stand in its line of the list.
const FILES: &[(&str, &str, &[&str])] = &[
    ("icd10cm_order_2025.txt.gz", "icd10cm-2025", &["97584 rows", "74260 billable codes"]),
    ("cms_2026_dx.zip", "icd10cm-2026", &["98186 rows", "74719 billable codes"]),
    ("cms_2026_dx.zip", "icd10cm-codes-2026", &["74719 codes"]),
    ("cms_2026_dx.zip", "icd10cm-codes-addenda-2026", &["487 added", "28 deleted", "38 revised"]),
    ("icd10pcs_order_2026.txt.gz", "icd10pcs-2026", &["79115 billable codes"]),
    ("icd10cm_order_addenda_2027.txt.gz", "icd10cm-order-addenda-2027", &["4 revised"]),
    ("CMS32_DESC_LONG_DX.txt.gz", "icd9cm-long-32", &["14567 codes"]),
    ("CMS32_DESC_SHORT_DX.txt.gz", "icd9cm-short-32", &["14567 codes"]),
    ("CMS32_DESC_LONG_SG.txt.gz", "icd9pcs-long-32", &["3882 codes"]),
    ("CMS32_DESC_SHORT_SG.txt.gz", "icd9pcs-short-32", &["3882 codes"]),
    (
        "2018_I9gem.txt.gz",
        "gem-icd9cm-icd10cm-2018",
        &["14567 sources", "422 sources without a map", "2338 combination rows"],
    ),
    (
        "2018_I10gem.txt.gz",
        "gem-icd10cm-icd9cm-2018",
        &["71704 sources", "731 sources without a map", "9033 combination rows"],
    ),
    ("gem_i9pcs.txt.gz", "gem-icd9pcs-icd10pcs-undated", &["3882 sources"]),
    ("gem_pcsi9.txt.gz", "gem-icd10pcs-icd9pcs-undated", &["78705 sources"]),
    ("POAexemptCodesFY26.txt.gz", "poa-exempt-2026", &[]),
    ("CCIR_v2025-1.csv.gz", "ccir-2025-1", &[]),
    ("dxccsr_v2025-1_bare.csv.gz", "ccsr-2025-1", &[]),
    ("dxccsr_categories_v2025-1.csv", "ccsr-categories-2025-1", &[]),
    ("CMR-Reference-File-v2025-1.xlsx", "ahrq-cmr-2025-1", &["4542 codes"]),
    ("elixhauser_ahrq_cmr_v2025-1_codes.csv.gz", "ahrq-cmr-codes-2025-1", &["4542 codes"]),
    ("elixhauser_ahrq_cmr_v2025-1_measures_weights.csv", "ahrq-cmr-measures-2025-1", &[]),
    ("ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx", "icd10cm-conversion-2026", &[]),
];

fn codeset(store: &Path, arguments: &[&str]) -> (String, String, i32) {
    let mut command = chartroom(store);
    command.arg("codeset").args(arguments);
    if arguments[0] != "search" {
        command.arg("--store").arg(store.join("codesets"));
    }
    printed(&command.output().expect("the program starts"))
}

fn official() -> Option<PathBuf> {
    let folder = shared()?.join("codesets/official");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is not there", folder.display());
    None
}

#[test]
fn every_official_file_is_taken_with_the_counts_of_its_publisher() {
    let Some(folder) = official() else { return };
    let work = tempfile::tempdir().expect("a folder");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&folder).expect("the folder").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    // The older order file goes first, so that the newer one is compared with it.
    files.sort_by_key(|path| !path.to_string_lossy().contains("order_2025"));
    for file in &files {
        let (text, errors, code) = codeset(work.path(), &["import", file.to_str().expect("a path")]);
        assert_eq!((errors.as_str(), code), ("", 0), "{}", file.display());
        if file.ends_with("cms_2026_dx.zip") {
            assert!(text.contains("against icd10cm-2025: 487 added, 28 deleted, 38 retitled\n"), "{text}");
            assert!(text.contains("[icd10OrderFiles.pdf]: left alone"), "{text}");
        }
    }
    let (list, _, _) = codeset(work.path(), &["list"]);
    for (file, name, figures) in FILES.iter().filter(|(file, ..)| folder.join(file).is_file()) {
        let line = list.lines().find(|line| line.split_whitespace().next() == Some(name));
        let line = line.unwrap_or_else(|| panic!("{file} is not in the list as {name}\n{list}"));
        println!("{}", line.trim());
        for figure in *figures {
            assert!(line.contains(figure), "{name}: {figure} is not in {line}");
        }
    }
    println!("{} files taken, {} held to stated counts", files.len(), FILES.len());
    // Taken a second time nothing changes.
    let index = work.path().join("codesets/releases.json");
    let before = std::fs::read(&index).expect("the index");
    codeset(work.path(), &["import", files[0].to_str().expect("a path")]);
    assert_eq!(std::fs::read(&index).expect("the index"), before);
    let (diff, _, _) = codeset(work.path(), &["diff", "icd10cm-2025", "icd10cm-2026", "--csv"]);
    assert_eq!(diff.lines().filter(|line| line.starts_with("added,")).count(), 487);
    assert!(diff.contains("deleted,B880,"), "other acariasis was divided in 2026");
}

#[test]
fn a_file_that_is_cut_short_or_no_release_leaves_nothing_behind() {
    let work = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = work.path().join(name);
        std::fs::write(&path, text).expect("written");
        path
    };
    let good = "00001 A00     0 Cholera                                                      Cholera\r\n";
    let cut = write("icd10cm_order_2026.txt", &format!("{good}00002 A000    1 Cholera due to Vib"));
    let letter = write("letter.txt", "Dear colleague,\nenclosed you find nothing.\n");
    for (file, words) in [
        (
            cut,
            "error: icd10cm_order_2026.txt reads as ICD-10-CM order file, but 1 of its lines are not of that layout, the first is line 2: it ends before its long title; nothing of it was stored\n",
        ),
        (
            letter,
            "error: letter.txt is no release that is known: its first line fits no kind of code set; nothing of it was stored\n",
        ),
    ] {
        let (_, errors, code) = codeset(work.path(), &["import", file.to_str().expect("a path")]);
        assert_eq!((errors.as_str(), code), (words, 65));
    }
    assert!(!work.path().join("codesets/releases.json").exists());
}

#[test]
fn the_shipped_table_says_what_a_year_brought() {
    let work = tempfile::tempdir().expect("a folder");
    let (text, _, code) = codeset(work.path(), &["diff", "icd10cm@2025-09-30", "icd10cm@2025-10-01"]);
    assert_eq!(
        (text.as_str(), code),
        ("icd10cm@2025-10-01 against icd10cm@2025-09-30: 487 added, 28 deleted, 0 retitled\n", 0)
    );
}

#[test]
fn titles_are_found_by_their_words_whatever_the_slips() {
    let work = tempfile::tempdir().expect("a folder");
    for (words, first) in [
        ("type 2 diabetes without complications", "icd10cm  E11.9     Type 2 diabetes mellitus without complications"),
        ("pnuemonia unspecified organism", "icd10cm  J18.9     Pneumonia, unspecified organism"),
    ] {
        let (text, _, code) = codeset(work.path(), &["search", words, "--system", "icd10cm"]);
        assert_eq!((text.lines().next(), code), (Some(first), 0));
    }
}
