//! Profiles and acceptances through the program: verdicts with denominators, and findings verified as true.

use std::path::Path;

use crate::command::{chartroom, printed, results, root, run_folder};

/// Ten stays; two have an error: no sex, an unknown payer code.
fn stays() -> String {
    let mut text = String::from("ID,PATIENT,FACILITY,ADMITTED,DISCHARGED,BORN,SEX,STATUS,DX1\n");
    for number in 1..=10 {
        let sex = if number == 3 { "" } else { "F" };
        let code = if number == 7 { "E11" } else { "E119" };
        text.push_str(&format!("A{number:02},P{number:02},0042,2026-09-01,2026-09-04,1960-01-01,{sex},01,{code}\n"));
    }
    text
}

const LAYOUT: &str = r#"title = "Stays"
table = "encounters"
[columns]
encounter_id = "ID"
patient_id = "PATIENT"
facility_id = "FACILITY"
admission_date = { column = "ADMITTED", formats = ["%Y-%m-%d"] }
discharge_date = { column = "DISCHARGED", formats = ["%Y-%m-%d"] }
birth_date = { column = "BORN", formats = ["%Y-%m-%d"] }
sex = "SEX"
discharge_status = "STATUS"
diagnosis_code = { columns = "DX{1..1}" }
"#;

const PROFILE: &str = r#"title = "Strict"
source = "test"
[severity]
sex-missing = "error"
[[condition]]
name = "tolerance"
source = "two in ten"
measure = "records_in_error"
percent_at_most = 20
[[condition]]
name = "tolerance of one"
source = "one in ten"
measure = "records_in_error"
percent_at_most = 10
[[condition]]
name = "sex"
source = "none"
field = "sex"
at_most = 0
[[condition]]
name = "no surgeon"
source = "never asked here"
rules = ["surgeon-npi-invalid"]
at_most = 0
[[condition]]
name = "in time"
source = "95 percent in 60 days"
measure = "share_of_target"
percent_at_least = 95
after_days = 60
"#;

fn prepare(work: &Path, edits: &str) {
    let write = |name: &str, text: &str| std::fs::write(work.join(name), text).expect("written");
    std::fs::create_dir_all(work.join("profiles")).expect("made");
    write("stays.csv", &stays());
    write("stays.toml", LAYOUT);
    write("profiles/strict.toml", PROFILE);
    write(
        "pipeline.toml",
        &format!(
            "title = \"Profiles\"\nperiod = \"2026-09\"\n[[ingest]]\nname = \"stays\"\nfiles = \"stays.csv\"\nlayout = \"stays.toml\"\n[edits]\nprofile = \"strict\"\n{edits}"
        ),
    );
}

fn run(work: &Path, as_of: &str) -> (String, String, i32) {
    printed(&chartroom(work).args(["run", "pipeline.toml", "--as-of", as_of]).output().expect("the program starts"))
}

/// Status, numerator and denominator by condition.
fn verdicts(work: &Path) -> Vec<(String, String, u64, u64)> {
    let results = results(&work.join("out"));
    let list = results["conformity"].as_array().expect("conformity");
    list.iter()
        .map(|condition| {
            let text = |key: &str| condition[key].as_str().expect("text").to_owned();
            let count = |key: &str| condition[key].as_u64().expect("count");
            (text("condition"), text("status"), count("numerator"), count("denominator"))
        })
        .collect()
}

fn line(condition: &str, status: &str, numerator: u64, denominator: u64) -> (String, String, u64, u64) {
    (condition.to_owned(), status.to_owned(), numerator, denominator)
}

#[test]
fn every_condition_has_its_verdict_with_its_denominator() {
    let work = tempfile::tempdir().expect("a folder");
    prepare(work.path(), "[edits.targets]\n0042 = 11\n9999 = 5\n");
    let (account, errors, code) = run(work.path(), "2026-11-28");
    assert_eq!((errors.as_str(), code), ("", 0));
    assert_eq!(
        verdicts(work.path()),
        [
            line("tolerance", "passed, with failed rows", 2, 10),
            line("tolerance of one", "failed", 2, 10),
            line("sex", "failed", 1, 10),
            line("no surgeon", "not applicable", 0, 0),
            line("in time", "not applicable", 10, 11),
            line("in time", "not applicable", 0, 5),
        ]
    );
    assert!(account.contains("  not kept: tolerance of one: 2 of 10, at most 10 %\n"), "{account}");
    assert!(account.contains("  nothing met: the target of facility 9999: no discharges in the period\n"), "{account}");
    std::fs::remove_dir_all(work.path().join("out")).expect("removed");
    // Sixty days after 30 September: ten of eleven discharges are 90.9 percent.
    run(work.path(), "2026-11-29");
    let late = verdicts(work.path());
    assert_eq!(late[4], line("in time", "failed", 10, 11));
}

#[test]
fn a_finding_verified_as_true_is_counted_apart_with_its_reason() {
    let work = tempfile::tempdir().expect("a folder");
    prepare(
        work.path(),
        r#"
[[edits.accept]]
rule = "sex-missing"
record = "A03"
reason = "the patient declines to state it"
author = "M. Alvarez"
until = "2026-12-31"
[[edits.accept]]
rule = "COD103"
condition = "discharge_date < '2026-09-03'"
reason = "never met"
author = "M. Alvarez"
[[edits.accept]]
rule = "COD103"
reason = "over"
author = "M. Alvarez"
until = "2026-10-01"
"#,
    );
    let (account, errors, code) = run(work.path(), "2026-11-28");
    assert_eq!((errors.as_str(), code), ("", 0));
    assert!(account.contains("verified             1   acceptances in use 1, unused 1, expired 1\n"), "{account}");
    assert_eq!(
        verdicts(work.path())[..3],
        [
            line("tolerance", "passed, with failed rows", 1, 10),
            line("tolerance of one", "passed, with failed rows", 1, 10),
            line("sex", "passed", 0, 10),
        ]
    );
    let data = run_folder(&work.path().join("out")).join("data");
    let accepted = std::fs::read_to_string(data.join("accepted.csv")).expect("accepted.csv");
    assert_eq!(
        accepted,
        "rule,severity,encounter_id,field,position,value,reason,author,until\n\
         FLD007,error,A03,sex,,,the patient declines to state it,M. Alvarez,2026-12-31\n"
    );
    let findings = std::fs::read_to_string(data.join("findings.csv")).expect("findings.csv");
    assert!(!findings.contains("FLD007"));
    assert!(findings.contains("COD103,error,A07,diagnosis_code,1,E11,"));
    let results = results(&work.path().join("out"));
    let rule = results["rules"].as_array().expect("rules").iter().find(|rule| rule["code"] == "FLD007").expect("rule");
    assert_eq!((rule["failed"].as_u64(), rule["accepted"].as_u64()), (Some(0), Some(1)));
    assert_eq!(rule["status"], "passed, with accepted rows");
    // When its time is over, the finding comes back.
    std::fs::remove_dir_all(work.path().join("out")).expect("removed");
    run(work.path(), "2027-01-01");
    let data = run_folder(&work.path().join("out")).join("data");
    assert!(std::fs::read_to_string(data.join("findings.csv")).expect("findings.csv").contains("FLD007"));
}

#[test]
fn the_configuration_in_force_says_where_each_severity_comes_from() {
    let work = tempfile::tempdir().expect("a folder");
    prepare(work.path(), "severity = { payer-missing = \"info\" }\nignore = [\"POA001\"]\n");
    let (text, errors, code) = printed(
        &chartroom(work.path()).args(["check", "pipeline.toml", "--effective"]).output().expect("the program starts"),
    );
    assert_eq!((errors.as_str(), code), ("", 0));
    assert!(text.contains("  FLD007           error    sex-missing                                strict\n"), "{text}");
    assert!(
        text.contains("  FLD008           info     payer-missing                              pipeline\n"),
        "{text}"
    );
    assert!(text.contains("  POA001           ignored\n"), "{text}");
    assert!(
        text.contains("  in time: at least 95 %, asked from 60 days after the period (95 percent in 60 days)\n"),
        "{text}"
    );
}

#[test]
fn every_profile_that_ships_is_sound() {
    for profile in std::fs::read_dir(root().join("pipelines/profiles")).expect("profiles") {
        let work = tempfile::tempdir().expect("a folder");
        prepare(work.path(), "");
        std::fs::copy(profile.expect("a profile").path(), work.path().join("profiles/strict.toml")).expect("copied");
        let (_, errors, code) = run(work.path(), "2026-11-28");
        assert_eq!((errors.as_str(), code), ("", 0));
        assert!(!verdicts(work.path()).is_empty());
    }
}

#[test]
fn a_profile_that_is_wrong_says_where() {
    let work = tempfile::tempdir().expect("a folder");
    prepare(work.path(), "");
    std::fs::write(
        work.path().join("profiles/strict.toml"),
        "title = \"Strict\"\nsource = \"test\"\n[[condition]]\nname = \"x\"\nsource = \"y\"\nrules = [\"sex-mising\"]\npercent_at_most = 1.23456\n",
    )
    .expect("written");
    let (_, errors, code) = run(work.path(), "2026-11-28");
    assert_eq!(code, 2);
    assert!(
        errors.contains("there is no edit `sex-mising`") && errors.contains("did you mean `sex-missing`?"),
        "{errors}"
    );
    assert!(errors.contains("strict.toml:7:19"), "{errors}");
}
