//! Registers through the program: what they are at odds with is found once, they are accounted for row by row, and one that fails blames nobody.

use std::path::Path;

use crate::command::{chartroom, printed, results, root, run_folder};

/// The findings of a run as `rule|encounter|value`.
fn findings(out: &Path) -> Vec<String> {
    let path = run_folder(out).join("data/findings.csv");
    let mut reader = csv::Reader::from_path(path).expect("findings");
    let headings = reader.headers().expect("headings").clone();
    let at = |name: &str| headings.iter().position(|heading| heading == name).unwrap_or_else(|| panic!("{name}"));
    let (rule, encounter, value) = (at("rule"), at("encounter_id"), at("value"));
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| format!("{}|{}|{}", &row[rule], &row[encounter], &row[value])).collect()
}

/// The rule's figures: examined, failed, not applicable.
fn figures(results: &serde_json::Value, code: &str) -> (u64, u64, u64) {
    let rules = results["rules"].as_array().expect("rules");
    let rule = rules.iter().find(|rule| rule["code"] == code).unwrap_or_else(|| panic!("{code}"));
    let of = |name: &str| rule[name].as_u64().expect("a number");
    (of("examined"), of("failed"), of("not_applicable"))
}

fn write(work: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        std::fs::write(work.join(name), text).expect("written");
    }
}

const STAYS: &str = "title = \"Stays\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"ID\"\npatient_id = \"PAT\"\nfacility_id = \"FAC\"\nadmission_date = \"IN\"\ndischarge_date = \"OUT\"\n";
const PATIENTS: &str = "title = \"Patients\"\ntable = \"patients\"\n[columns]\npatient_id = \"PAT\"\nbirth_date = \"BORN\"\nsex = \"SEX\"\n";
const DIAGNOSES: &str = "title = \"Diagnoses\"\ntable = \"diagnoses\"\n[columns]\nencounter_id = \"ID\"\ndiagnosis_sequence = \"SEQ\"\ndiagnosis_code = \"DX\"\n";
const CENSUS: &str = "title = \"Census\"\ntable = \"census\"\n[columns]\nfacility_id = \"FAC\"\ncensus_date = \"DAY\"\ncensus_unit = \"UNIT\"\ncensus_discharges = \"LEFT\"\n";

fn pipeline(work: &Path, feeds: &[(&str, &str)]) {
    let mut text = "title = \"T\"\n".to_owned();
    for (name, files) in feeds {
        text.push_str(&format!("[[ingest]]\nname = \"{name}\"\nfiles = \"{files}\"\nlayout = \"{name}.toml\"\n"));
    }
    std::fs::write(work.join("pipeline.toml"), text).expect("written");
    write(
        work,
        &[("stays.toml", STAYS), ("patients.toml", PATIENTS), ("diagnoses.toml", DIAGNOSES), ("census.toml", CENSUS)],
    );
}

fn run(work: &Path) -> i32 {
    let output = chartroom(work).args(["run", "pipeline.toml", "--as-of", "2026-11-01"]).output().expect("it starts");
    printed(&output).2
}

#[test]
fn the_nightly_run_finds_what_the_fixtures_registers_are_at_odds_with() {
    let work = tempfile::tempdir().expect("a folder");
    for folder in ["pipelines", "fixtures"] {
        crate::command::copy(&root().join(folder), &work.path().join(folder));
    }
    let arguments =
        ["run", "pipelines/nightly.toml", "--period", "2026-10", "--as-of", "2026-11-01", "--state", "state"];
    let output = chartroom(work.path()).args(arguments).output().expect("it starts");
    let (_, errors, code) = printed(&output);
    assert!(code < 2, "{errors}");
    let out = work.path().join("out");
    let results = results(&out);
    for input in results["inputs"].as_array().expect("inputs") {
        let of = |name: &str| input[name].as_u64().expect("a number");
        assert_eq!(of("read"), of("accepted") + of("quarantined") + of("duplicate"), "{input}");
        assert!(of("read") > 0, "{input}");
    }
    let rows = findings(&out);
    let of = |code: &str| rows.iter().filter(|row| row.starts_with(code)).map(String::as_str).collect::<Vec<_>>();
    // What make_fixtures.py has put there, each once.
    assert_eq!(of("TAB007"), ["TAB007||0042: 2026-10-12 to 2026-10-13"]);
    let differing = of("TAB008");
    assert_eq!(differing.len(), 1);
    assert!(differing[0].starts_with("TAB008||0042: 2026-10-20, census "), "{differing:?}");
    let following = of("TAB009");
    assert_eq!(following.len(), 1);
    assert!(following[0].starts_with("TAB009||0042: 2026-10-25, "), "{following:?}");
    assert_eq!(of("TAB010").len(), 1);
    assert_eq!(of("TAB011").len(), 1);
    assert!(of("TAB011")[0].starts_with("TAB011|A000999|2026-10-"));
    assert_eq!(of("TAB013").len(), 1);
    assert_eq!(of("TAB014").len(), 1);
    assert!(of("TAB014")[0].starts_with("TAB014||1200000085: "));
    let without_privileges = of("LOG162");
    assert!(!without_privileges.is_empty());
    assert!(without_privileges.iter().all(|row| row.ends_with("|1200000077")), "{without_privileges:?}");
    for code in ["TAB012", "TAB015", "TAB016"] {
        assert_eq!(figures(&results, code).1, 0, "{code}");
        assert!(figures(&results, code).0 > 0, "{code}");
    }
}

#[test]
fn a_rule_whose_register_is_not_in_the_pipeline_does_not_apply() {
    let work = tempfile::tempdir().expect("a folder");
    pipeline(work.path(), &[("stays", "stays.csv")]);
    write(work.path(), &[("stays.csv", "ID,PAT,FAC,IN,OUT\nE1,P1,F1,2026-10-01,2026-10-02\n")]);
    assert_eq!(run(work.path()), 0);
    let results = results(&work.path().join("out"));
    for code in
        ["TAB007", "TAB008", "TAB009", "TAB010", "TAB011", "TAB012", "TAB013", "TAB014", "TAB015", "TAB016", "LOG162"]
    {
        let (examined, failed, _) = figures(&results, code);
        assert_eq!((examined, failed), (0, 0), "{code}");
    }
}

#[test]
fn rows_of_a_register_are_accepted_quarantined_or_repeated() {
    let work = tempfile::tempdir().expect("a folder");
    pipeline(work.path(), &[("stays", "stays.csv"), ("census", "census.csv")]);
    write(
        work.path(),
        &[
            ("stays.csv", "ID,PAT,FAC,IN,OUT\nE1,P1,F1,2026-10-01,2026-10-02\nE2,P1,F1,2026-10-01,2026-10-02\n"),
            (
                "census.csv",
                "FAC,DAY,UNIT,LEFT\nF1,2026-10-02,3W,1\nF1,2026-10-02,3E,1\nF1,2026-10-02,3E,1\nF1,2026-10-03\n",
            ),
        ],
    );
    assert_eq!(run(work.path()), 0);
    let out = work.path().join("out");
    let results = results(&out);
    let input = &results["inputs"][1];
    assert_eq!(input["table"], "census");
    let counts = ["read", "accepted", "quarantined", "duplicate"].map(|name| input[name].as_u64().expect("a number"));
    assert_eq!(counts, [4, 2, 1, 1]);
    // The row that stands twice is counted once, so both tables have two discharges.
    assert_eq!(figures(&results, "TAB008"), (1, 0, 0));
}

#[test]
fn a_table_that_cannot_be_used_is_one_finding_and_blames_no_record() {
    let stays = "ID,PAT,FAC,IN,OUT\nE1,P1,F1,2026-10-01,2026-10-02\nE2,P2,F1,2026-10-01,2026-10-02\n";
    let feeds = [
        ("stays", "stays*.csv"),
        ("diagnoses", "diagnoses.csv"),
        ("patients", "patients.csv"),
        ("census", "census.csv"),
    ];
    let good = [
        ("stays.csv", stays),
        ("diagnoses.csv", "ID,SEQ,DX\nE1,1,I10\nE2,1,I10\nE9,1,I10\nE9,2,E119\n"),
        ("patients.csv", "PAT,BORN,SEX\nP1,1950-01-01,F\n"),
        ("census.csv", "FAC,DAY,UNIT,LEFT\nF1,2026-10-01,3W,0\n"),
    ];
    // All is read: the parents that are missing are found once each, and what the record lacks with its patient is not found again.
    let work = tempfile::tempdir().expect("a folder");
    pipeline(work.path(), &feeds);
    write(work.path(), &good);
    assert_eq!(run(work.path()), 0);
    let rows = findings(&work.path().join("out"));
    for (code, count) in
        [("TAB001", 1), ("TAB004", 1), ("TAB007", 1), ("FLD006", 0), ("FLD007", 0), ("FLD013", 0), ("FIL007", 0)]
    {
        assert_eq!(rows.iter().filter(|row| row.starts_with(code)).count(), count, "{code}");
    }
    // Each table in its turn has another heading than its layout says.
    let cases: [(&str, &[&str]); 4] = [
        ("stays-2.csv", &["TAB001"]),
        ("diagnoses.csv", &["TAB001", "FLD013"]),
        ("patients.csv", &["TAB004", "FLD006", "FLD007"]),
        ("census.csv", &["TAB007", "TAB008"]),
    ];
    for (broken, silent) in cases {
        let work = tempfile::tempdir().expect("a folder");
        pipeline(work.path(), &feeds);
        write(work.path(), &good);
        write(work.path(), &[(broken, "A,B\n1,2\n")]);
        assert_eq!(run(work.path()), 65, "{broken}");
        let out = work.path().join("out");
        let (rows, results) = (findings(&out), results(&out));
        assert_eq!(rows.iter().filter(|row| row.starts_with("FIL007")).count(), 1, "{broken}");
        for code in silent {
            assert_eq!(figures(&results, code).1, 0, "{broken} {code}");
            assert!(!rows.iter().any(|row| row.starts_with(code)), "{broken} {code}");
        }
    }
}
