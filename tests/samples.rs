//! Real exports: what the MIMIC-IV demo and Synthea hold is what a run accounts for. Totals are taken from the files that are found.

use std::{collections::BTreeMap, path::Path};

use crate::{
    command::{printed, results, root, run_folder},
    shared_folder::{self, total},
};

fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("a sample");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

/// Runs a pipeline of `tests/pipelines/samples` on the samples of the shared folder; `None` where that is not there.
fn run_on_samples(pipeline: &str, sample: &str) -> Option<(tempfile::TempDir, serde_json::Value)> {
    let samples = shared_folder::path(&format!("samples/{sample}"))?;
    let work = tempfile::tempdir().expect("a folder");
    // The shipped file, pointed at the samples wherever they are.
    let text =
        std::fs::read_to_string(root().join(format!("tests/pipelines/samples/{pipeline}.toml"))).expect("the pipeline");
    let text = text.replace(&format!("../../../../shared/samples/{sample}"), samples.to_str().expect("a path"));
    std::fs::write(work.path().join("pipeline.toml"), text).expect("written");
    std::os::unix::fs::symlink(root().join("tests/pipelines/samples/layouts"), work.path().join("layouts"))
        .expect("linked");
    let out = work.path().join("out");
    let output = crate::command::chartroom(work.path())
        .args([
            "run",
            "pipeline.toml",
            "--as-of",
            "2026-11-01",
            "--format",
            "text",
            "--out",
            out.to_str().expect("a path"),
        ])
        .output()
        .expect("the program starts");
    let (_, errors, code) = printed(&output);
    assert_eq!(code, 0, "{errors}");
    let results = results(&out);
    Some((work, results))
}

#[test]
fn every_row_of_the_mimic_demo_is_conserved_and_judged_under_its_own_revision() {
    let Some((work, results)) = run_on_samples("mimic-iv-demo", "mimic-iv-demo") else { return };
    let sample = shared_folder::path("samples/mimic-iv-demo").expect("there");
    // Rows that repeat another in every column are one row.
    let distinct = |name: &str| {
        let rows = rows(&sample.join(name));
        let mut seen = std::collections::BTreeSet::new();
        rows.into_iter().filter(|row| seen.insert(format!("{row:?}"))).collect::<Vec<_>>()
    };
    let (admissions, diagnoses) = (distinct("admissions.csv"), distinct("diagnoses_icd.csv"));
    let short = |row: &BTreeMap<String, String>| row["icd_version"] == "9" && row["icd_code"].trim().len() < 3;
    let died = admissions.iter().filter(|row| row["hospital_expire_flag"] == "1").count();
    println!("{} admissions, {} diagnoses, {died} deaths in the files", admissions.len(), diagnoses.len());
    let total_of = |pointer: &str| {
        results.pointer(pointer).and_then(serde_json::Value::as_u64).unwrap_or_else(|| panic!("{pointer}")) as usize
    };
    assert_eq!(total_of("/encounters/examined"), admissions.len());
    assert_eq!(total_of("/encounters/in_statistics"), admissions.len());
    assert_eq!(total_of("/encounters/diagnoses"), diagnoses.len());
    assert_eq!(total_of("/totals/quarantined"), 0);
    assert_eq!(total_of("/codes/diagnoses/wrong_revision"), 0);
    // Every code is valid, or a category as written, or can be several codes now that its zeros are lost: nothing else, and nothing in silence.
    let verdicts =
        ["valid", "header", "several_readings"].map(|verdict| total_of(&format!("/codes/diagnoses/{verdict}")));
    println!("valid {}, categories {}, several readings {}", verdicts[0], verdicts[1], verdicts[2]);
    assert_eq!(verdicts.iter().sum::<usize>(), diagnoses.len());
    assert!(total_of("/codes/to_coder") >= verdicts[2]);
    let short = diagnoses.iter().filter(|row| short(row)).count();
    assert!(total_of("/codes/zeros_restored") + verdicts[2] >= short);
    let text = std::fs::read_to_string(run_folder(&work.path().join("out")).join("data/statistics.txt")).expect("text");
    let deaths = text
        .lines()
        .find(|line| line.starts_with("Deaths  "))
        .expect("deaths")
        .split_whitespace()
        .last()
        .expect("a count")
        .to_owned();
    assert_eq!(deaths, died.to_string());
    total("samples/mimic-iv-demo", "diagnoses", diagnoses.len(), verdicts.iter().sum(), 4_506);
}

#[test]
fn synthea_stays_are_chosen_and_its_codes_listed_by_frequency_with_a_template() {
    let Some((work, results)) = run_on_samples("synthea", "synthea") else { return };
    let sample = shared_folder::path("samples/synthea").expect("there");
    let encounters = rows(&sample.join("encounters.csv"));
    let inpatient: std::collections::BTreeSet<&str> =
        encounters.iter().filter(|row| row["ENCOUNTERCLASS"] == "inpatient").map(|row| row["Id"].as_str()).collect();
    let total_of = |pointer: &str| {
        results.pointer(pointer).and_then(serde_json::Value::as_u64).unwrap_or_else(|| panic!("{pointer}")) as usize
    };
    assert_eq!(total_of("/encounters/examined"), inpatient.len());
    assert_eq!(total_of("/encounters/examined") + total_of("/encounters/excluded"), total_of("/encounters/accepted"));
    for input in results["inputs"].as_array().expect("inputs") {
        let count = |name: &str| input[name].as_u64().expect("a count");
        assert_eq!(count("read"), count("accepted") + count("quarantined") + count("duplicate"));
        let file = rows(&sample.join(input["file"].as_str().expect("a name")));
        assert_eq!(count("read"), file.len() as u64);
    }
    // Conditions and procedures of inpatient stays by code, rows that repeat another counted once.
    let mut expected: BTreeMap<String, u64> = BTreeMap::new();
    for file in ["conditions.csv", "procedures.csv"] {
        let mut seen = std::collections::BTreeSet::new();
        for row in rows(&sample.join(file)) {
            if inpatient.contains(row["ENCOUNTER"].as_str()) && seen.insert(format!("{row:?}")) {
                *expected.entry(row["CODE"].clone()).or_default() += 1;
            }
        }
    }
    let folder = run_folder(&work.path().join("out")).join("data/worklists");
    let template = rows(&folder.join("site_map_template.csv"));
    let found: BTreeMap<String, u64> =
        template.iter().map(|row| (row["from_code"].clone(), row["occurrences"].parse().expect("a count"))).collect();
    assert_eq!(found, expected);
    let counts: Vec<u64> = template.iter().map(|row| row["occurrences"].parse().expect("a count")).collect();
    assert!(counts.is_sorted_by(|left, right| left >= right), "most frequent first");
    total("samples/synthea", "encounters", encounters.len(), total_of("/encounters/accepted"), 2_590);
}
