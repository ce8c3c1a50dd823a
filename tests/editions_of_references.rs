//! Editions of what AHRQ's measures go by: the exempt lists that ship and where none is of the year, weights by version, reference files and maps of all years.

use std::path::{Path, PathBuf};

use crate::{
    command::{chartroom, printed, results, run_folder},
    shared_folder::{self, total},
};

fn published(name: &str) -> Option<PathBuf> {
    shared_folder::path(&format!("codesets/published/{name}"))
}

/// Runs stays of a principal diagnosis, marked Y, and secondary ones with their marks; gives what was printed.
fn run(work: &Path, coding: &str, stays: &str) -> String {
    std::fs::write(work.join("stays.csv"), format!("ID,OUT,DX1,POA1,DX2,POA2,DX3,POA3\n{stays}")).expect("written");
    let layout = "title = \"Stays\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"ID\"\n\
        discharge_date = { column = \"OUT\", formats = [\"%Y-%m-%d\"] }\n\
        diagnosis_code = { columns = \"DX{1..3}\" }\npresent_on_admission = { columns = \"POA{1..3}\" }\n";
    std::fs::write(work.join("stays.toml"), layout).expect("written");
    let pipeline = format!(
        "title = \"Stays\"\n[[ingest]]\nname = \"stays\"\nfiles = \"stays.csv\"\nlayout = \"stays.toml\"\n[statistics]\nformat = \"text\"\n[coding]\n{coding}"
    );
    std::fs::write(work.join("p.toml"), pipeline).expect("written");
    let _ = std::fs::remove_dir_all(work.join("out"));
    let output = chartroom(work).args(["run", "p.toml", "--as-of", "2026-12-01"]).output().expect("it starts");
    let (account, errors, code) = printed(&output);
    assert_eq!((errors.as_str(), code), ("", 0), "{account}");
    account
}

fn statistics(work: &Path) -> String {
    std::fs::read_to_string(run_folder(&work.join("out")).join("data/statistics.txt")).expect("statistics")
}

/// I69.031, monoplegia after subarachnoid haemorrhage, is exempt in every year: unmarked it is paralysis in AHRQ's measures.
#[test]
fn a_year_without_a_list_says_which_measures_lean_on_that_of_another_year() {
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    let account = run(work, "", "A,2026-09-30,J189,Y,I69031,,,\n");
    assert!(!account.contains("present on admission:"), "the list of fiscal year 2026 ships: {account}");
    assert!(results(&work.join("out"))["without_exempt_list"].as_array().expect("a list").is_empty());
    let account = run(
        work,
        "",
        "A,2026-10-01,J189,Y,I69031,,,\nB,2026-10-02,J189,Y,I69031,Y,,\nC,2026-10-03,J189,Y,I5020,1,,\nD,2026-10-03,J189,,I69031,,,\n",
    );
    let words = "no list of codes exempt from present-on-admission reporting of fiscal year 2027 is at hand; for AHRQ's measures of 3 encounters that of 2026 stood in: measures that lean on it: PARALYSIS of 1";
    assert!(account.contains(words), "{account}");
    assert!(statistics(work).contains("measures that lean on it: PARALYSIS of 1"), "on the run sheet too");
    let told = &results(&work.join("out"))["without_exempt_list"][0];
    assert_eq!((told["fiscal_year"].as_i64(), told["list_of_fiscal_year"].as_i64()), (Some(2027), Some(2026)));
    assert_eq!((told["encounters"].as_u64(), told["measures"]["PARALYSIS"].as_u64()), (Some(3), Some(1)));
}

#[test]
fn genuine_reference_files_without_closing_words_are_taken_with_the_weights_of_their_version() {
    let files: Vec<PathBuf> = ["CMR-Reference-File-v2022-1.xlsx", "CMR-Reference-File-v2023-1.xlsx"]
        .into_iter()
        .filter_map(published)
        .collect();
    if files.len() < 2 {
        return;
    }
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    let output = chartroom(work).args(["codeset", "import"]).args(&files).output().expect("it starts");
    let (said, errors, code) = printed(&output);
    assert_eq!((errors.as_str(), code), ("", 0), "{said}");
    assert!(said.contains("no weights of the two indices: those of v2022.1 are known"), "{said}");
    // Major depression, a mild single episode: -9 in v2022.1, -8 from v2023.1 on.
    run(work, "codesets = \"codesets\"\n", "A,2022-09-30,J189,Y,F320,Y,,\nB,2022-10-01,J189,Y,F320,Y,,\n");
    let statistics = statistics(work);
    for index in ["AHRQ mortality index  -9  1", "AHRQ mortality index  -8  1"] {
        let found = statistics.lines().any(|line| line.split_whitespace().eq(index.split_whitespace()));
        assert!(found, "{index}: {statistics}");
    }
    total("AHRQ's reference files v2022.1 and v2023.1", "files", files.len(), 2, 2);
}

#[test]
fn maps_published_before_icd_10_came_into_force_are_taken() {
    let files: Vec<PathBuf> =
        ["DiagnosisGEMs_2014.zip", "DiagnosisGEMs_2015.zip"].into_iter().filter_map(published).collect();
    let mut taken = 0;
    for (file, year) in files.iter().zip(["2014", "2015"]) {
        let work = tempfile::tempdir().expect("a folder");
        let output = chartroom(work.path()).args(["codeset", "import"]).arg(file).output().expect("it starts");
        let (said, errors, code) = printed(&output);
        assert_eq!((errors.as_str(), code), ("", 0), "{said}");
        for name in ["gem-icd10cm-icd9cm-", "gem-icd9cm-icd10cm-"] {
            assert!(said.contains(&format!("{name}{year}: stored")), "{said}");
            taken += 1;
        }
    }
    if !files.is_empty() {
        total("DiagnosisGEMs of 2014 and 2015", "maps", files.len() * 2, taken, 4);
    }
}
