//! The coders' worklist goes out with what no rule may decide, and comes back filled in as a site map.

use std::path::Path;

use crate::command::{chartroom, printed, results, run_folder};

const LAYOUT: &str = r#"title = "Stays"
table = "encounters"
[columns]
encounter_id = "ID"
discharge_date = { column = "DISCHARGED", formats = ["%Y-%m-%d"] }
diagnosis_code = { columns = "DX{1..2}" }
diagnosis_revision = { constant = "icd9cm" }
"#;

fn run(work: &Path, maps: &str) {
    let pipeline = format!(
        "title = \"Maps\"\n[[ingest]]\nname = \"stays\"\nfiles = \"stays.csv\"\nlayout = \"stays.toml\"\n[coding]\njudge_on = \"any_date\"\n{maps}[[coding.diagnoses]]\nfrom = \"icd9cm\"\nto = \"icd10cm\"\nby = \"gem\"\n"
    );
    std::fs::write(work.join("pipeline.toml"), pipeline).expect("written");
    let _ = std::fs::remove_dir_all(work.join("out"));
    let output = chartroom(work).args(["run", "pipeline.toml", "--as-of", "2026-11-01"]).output().expect("it starts");
    let (_, errors, code) = printed(&output);
    assert_eq!((errors.as_str(), code), ("", 0));
}

fn worklist(work: &Path) -> Vec<csv::StringRecord> {
    let path = run_folder(&work.join("out")).join("data/worklists/codes_to_decide.csv");
    csv::Reader::from_path(path).expect("a worklist").records().map(|row| row.expect("a row")).collect()
}

#[test]
fn a_worklist_filled_in_by_a_coder_comes_back_as_a_site_map() {
    let work = tempfile::tempdir().expect("a folder");
    std::fs::write(work.path().join("stays.toml"), LAYOUT).expect("written");
    // 0010 is cholera, one to one; 24900, secondary diabetes, has several equivalents: E08.9, E09.9, E13.9.
    let stays = "ID,DISCHARGED,DX1,DX2\n1,2014-03-04,0010,24900\n2,2014-03-05,24900,\n3,2014-03-06,24900,0010\n";
    std::fs::write(work.path().join("stays.csv"), stays).expect("written");
    run(work.path(), "");
    let before = worklist(work.path());
    let codes: Vec<(&str, &str, &str, &str)> = before.iter().map(|row| (&row[1], &row[2], &row[4], &row[6])).collect();
    assert_eq!(codes[0], ("24900", "icd10cm", "diagnosis", "3"), "{before:?}");
    assert!(codes.iter().all(|code| code.0 != "0010"), "cholera is one to one");
    assert_eq!(&before[0][8], "E089; E099; E139");

    // The coder decides the first and leaves the others.
    let mut filled = csv::Writer::from_path(work.path().join("decided.csv")).expect("a file");
    let columns =
        ["from_system", "from_code", "to_system", "to_code", "kind", "text", "occurrences", "reason", "candidates"];
    filled.write_record(columns).expect("written");
    for (place, row) in before.iter().enumerate() {
        let cells = row.iter().enumerate().map(|(at, cell)| if (place, at) == (0, 3) { "E08.9" } else { cell });
        filled.write_record(cells).expect("written");
    }
    filled.flush().expect("written");
    let mapped = |work: &Path| results(&work.join("out"))["codes"]["mapped"].as_u64().expect("a count");
    let mapped_before = mapped(work.path());
    run(
        work.path(),
        "[[coding.diagnoses]]\nfrom = \"icd9cm\"\nto = \"icd10cm\"\nby = \"site_map\"\nsite_map = \"decided.csv\"\n",
    );
    let after = worklist(work.path());
    assert_eq!(after.len(), before.len() - 1);
    assert!(after.iter().all(|row| &row[1] != "24900"), "{after:?}");
    assert_eq!(mapped(work.path()), mapped_before + 3);
}
