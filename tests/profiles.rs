//! Profiles and acceptances through the program: verdicts with denominators, and findings verified as true.

use std::path::Path;

use calamine::Reader as _;

use chartroom::edits::rules::OPTIONAL;

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
    assert!(account.contains("  failed: tolerance of one: 2 of 10, at most 10 %\n"), "{account}");
    assert!(
        account.contains("  without effect: the target of facility 9999: no discharges in the period\n"),
        "{account}"
    );
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
        "rule,severity,encounter_id,field,position,value,reason,author,until,facility_id,finding_key\n\
         FLD007,error,A03,sex,,,the patient declines to state it,M. Alvarez,2026-12-31,0042,keb40f07a7bee6ad5\n"
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

/// What names a patient in the pipeline is for the run, and not for whoever reads over a shoulder.
#[test]
fn the_configuration_in_force_shows_no_patient_that_a_condition_names() {
    let work = tempfile::tempdir().expect("a folder");
    let accept = |condition: &str| {
        format!(
            "[[edits.accept]]\nrule = \"FLD007\"\ncondition = \"{condition}\"\nreason = \"as told\"\nauthor = \"Kim\"\n"
        )
    };
    let conditions = ["age_years > 89", "patient_id = 'CANARY-1'", "sex IS NULL AND encounter_id = 'CANARY-2'"];
    prepare(work.path(), &conditions.map(accept).concat());
    let output = chartroom(work.path()).args(["check", "pipeline.toml", "--effective"]).output().expect("starts");
    let (text, errors, code) = printed(&output);
    assert_eq!((errors.as_str(), code), ("", 0));
    assert!(text.contains("FLD007 where age_years > 89: as told"), "{text}");
    assert!(text.contains("FLD007 where a condition on patient_id holds: as told"), "{text}");
    assert!(text.contains("FLD007 where a condition on encounter_id holds: as told"), "{text}");
    assert!(!text.contains("CANARY"), "{text}");
}

/// A hundred stays, repeated: 3 without sex, 3 without birth date, 2 without county, 5 with a header as principal diagnosis (2 of them verified as true), 1
/// with a header as secondary diagnosis. Records 70 and 71 are one stay; 71 bears the identity of 69 too, and 73 that of 72.
fn hundred(times: usize) -> String {
    let mut text = String::from("ID,PATIENT,FACILITY,ADMITTED,DISCHARGED,BORN,SEX,STATUS,COUNTY,SSN,DX1,DX2\n");
    for set in 0..times {
        for number in 0..100 {
            let sex = if number < 3 { "" } else { "F" };
            let born = if (20..23).contains(&number) { "" } else { "1960-01-01" };
            let county = if (30..32).contains(&number) { "" } else { "10003" };
            let principal = if (50..55).contains(&number) { "E11" } else { "E119" };
            let secondary = if number == 60 { "E78" } else { "I10" };
            let patient = if number == 71 { 70 } else { number };
            let person = match number {
                71 => 69,
                73 => 72,
                _ => number,
            };
            let identity = format!("{:03}-{:02}-{:04}", 100 + set / 99, 1 + set % 99, 1000 + person);
            text.push_str(&format!(
                "A{set:03}{number:02},P{set:03}{patient:02},0042,2026-09-01,2026-09-04,{born},{sex},01,{county},{identity},{principal},{secondary}\n"
            ));
        }
    }
    text
}

/// The layout of [`hundred`]: that of the stays, with further columns.
fn hundred_layout() -> String {
    LAYOUT.replace("DX{1..1}", "DX{1..2}") + "county = \"COUNTY\"\nsocial_security_number = \"SSN\"\n"
}

/// Runs the shipped profiles on so many hundreds of records.
fn shipped_on_hundreds(work: &Path, times: usize, profiles: &[&str]) {
    let write = |name: &str, text: &str| std::fs::write(work.join(name), text).expect("written");
    std::fs::create_dir_all(work.join("profiles")).expect("made");
    for profile in profiles {
        let shipped = root().join(format!("pipelines/profiles/{profile}.toml"));
        std::fs::copy(shipped, work.join(format!("profiles/{profile}.toml"))).expect("copied");
    }
    write("stays.csv", &hundred(times));
    write("stays.toml", &hundred_layout());
    write(
        "pipeline.toml",
        &format!(
            r#"title = "Hundreds"
period = "2026-09"
[[ingest]]
name = "stays"
files = "stays.csv"
layout = "stays.toml"
[edits]
profile = {profiles:?}
[edits.targets]
0042 = {}
[[edits.accept]]
rule = "COD103"
condition = "ends_with(encounter_id, '53') OR ends_with(encounter_id, '54')"
reason = "verified"
author = "M. Alvarez"
"#,
            times * 100
        ),
    );
    let (_, errors, code) = run(work, "2026-11-01");
    assert_eq!((errors.as_str(), code), ("", 0));
}

#[test]
fn a_condition_over_several_edits_counts_each_record_and_each_code_once() {
    // Two hundred times as many records are several partitions.
    for times in [1, 200] {
        let work = tempfile::tempdir().expect("a folder");
        shipped_on_hundreds(
            work.path(),
            times,
            &["registry", "registry-12-months", "internal", "state-discharge-data"],
        );
        let found = verdicts(work.path());
        let n = times as u64;
        let has = |condition: &str, status: &str, numerator: u64, denominator: u64| {
            let wanted = line(condition, status, numerator * n, denominator * n);
            assert!(found.contains(&wanted), "{times} times: {wanted:?} in {found:#?}");
        };
        // Missing sex, age and county: at most 2 percent of the records (NAACCR gold), 3 percent (silver).
        has("Sex is known", "failed", 3, 100);
        has("Sex is known", "passed, with failed rows", 3, 100);
        has("Age or birth date is known", "failed", 3, 100);
        has("Age or birth date is known", "passed, with failed rows", 3, 100);
        has("County is known", "passed, with failed rows", 2, 100);
        has("Race is known", "not applicable", 0, 0);
        // 71 is the stay of 70 and the identity of 69, and one record; 73 is the identity of 72 under another number.
        has("Unresolved duplicates", "failed", 2, 100);
        // Three of six headers are not verified as true, and one is a secondary diagnosis: 4 of 200 codes.
        has("Codes are valid on the day of discharge", "failed", 4, 200);
        has("Every record has a valid principal diagnosis", "failed", 3, 100);
        // 3 without sex, 3 without birth date, 2 without county, 4 with a header.
        has("Records without an error in a core variable", "failed", 12, 100);
    }
}

#[test]
fn a_header_as_principal_diagnosis_is_no_valid_principal_diagnosis() {
    let work = tempfile::tempdir().expect("a folder");
    prepare(work.path(), "");
    let shipped = root().join("pipelines/profiles/state-discharge-data.toml");
    std::fs::copy(shipped, work.path().join("profiles/strict.toml")).expect("copied");
    let (_, errors, code) = run(work.path(), "2026-11-28");
    assert_eq!((errors.as_str(), code), ("", 0));
    // E11 of the seventh stay is a category, not a code (22 CCR 97248).
    assert!(verdicts(work.path()).contains(&line("Every record has a valid principal diagnosis", "failed", 1, 10)));
}

/// Status and why of the conditions of timeliness.
fn timeliness(work: &Path, as_of: &str) -> Vec<(String, String)> {
    let _ = std::fs::remove_dir_all(work.join("out"));
    let (_, errors, code) = run(work, as_of);
    assert_eq!((errors.as_str(), code), ("", 0));
    let results = results(&work.join("out"));
    let list = results["conformity"].as_array().expect("conformity");
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    list.iter().map(|condition| (text(&condition["status"]), text(&condition["why"]))).collect()
}

#[test]
fn the_whole_volume_is_asked_180_days_after_the_fiscal_year_and_not_after_the_month() {
    let work = tempfile::tempdir().expect("a folder");
    prepare(work.path(), "[edits.targets]\n0042 = 11\n");
    let shipped = std::fs::read_to_string(root().join("pipelines/profiles/timeliness.toml")).expect("read");
    std::fs::write(work.path().join("profiles/strict.toml"), &shipped).expect("written");
    // 10 NYCRR 400.18. 180 days after 2026-09-30 is 2027-03-29; after 2026-12-31 it is 2027-06-29.
    let month_over = timeliness(work.path(), "2027-03-29");
    assert_eq!(
        month_over[0].1,
        "10 of 11, at least 95 %; asked from 2026-11-29 on, 60 days after the end of the period, 2026-09-30"
    );
    let asked = "asked from 2027-06-29 on, 180 days after the end of the fiscal year, 2026-12-31";
    assert_eq!(month_over[1], ("not applicable".to_owned(), asked.to_owned()));
    assert_eq!(timeliness(work.path(), "2027-06-28")[1].0, "not applicable");
    let over = timeliness(work.path(), "2027-06-29");
    assert_eq!(over[1], ("failed".to_owned(), format!("10 of 11, at least 100 %; {asked}")));
    // A fiscal year that ends on 30 June 2027.
    let june = shipped.replace("fiscal_year_last_month = 12", "fiscal_year_last_month = 6");
    std::fs::write(work.path().join("profiles/strict.toml"), june).expect("written");
    let asked = "asked from 2027-12-27 on, 180 days after the end of the fiscal year, 2027-06-30";
    assert_eq!(timeliness(work.path(), "2027-06-29")[1], ("not applicable".to_owned(), asked.to_owned()));
}

/// Rules on discharges outside a period that failed, with the severity of each. Its findings have lines where they are errors or heavier, else they are counted.
fn outside(work: &Path) -> Vec<(String, String)> {
    let results = results(&work.join("out"));
    let data = run_folder(&work.join("out")).join("data");
    let text = std::fs::read_to_string(data.join("findings.csv")).expect("findings.csv");
    let rules = results["rules"].as_array().expect("rules").iter();
    let of_period = rules.filter(|rule| rule["code"] == "FIL102" || rule["code"] == "FIL103");
    of_period
        .filter(|rule| rule["failed"].as_u64() > Some(0))
        .map(|rule| {
            let [code, severity] = ["code", "severity"].map(|name| rule[name].as_str().expect("a word"));
            let lines = text.lines().filter(|line| line.starts_with(&format!("{code},"))).count() as u64;
            let listed = if severity == "info" { 0 } else { rule["failed"].as_u64().expect("a count") };
            assert_eq!(lines, listed, "{code} {severity}");
            (code.to_owned(), severity.to_owned())
        })
        .collect()
}

#[test]
fn a_discharge_outside_the_period_is_fatal_where_the_file_states_it_or_a_state_asks() {
    let work = tempfile::tempdir().expect("a folder");
    prepare(work.path(), "");
    let pipeline = std::fs::read_to_string(work.path().join("pipeline.toml")).expect("read");
    let with = |pipeline: &str| {
        std::fs::write(work.path().join("pipeline.toml"), pipeline).expect("written");
        let _ = std::fs::remove_dir_all(work.path().join("out"));
        let (_, errors, code) = run(work.path(), "2026-11-28");
        assert_eq!((errors.as_str(), code), ("", 0));
        let rejected = results(&work.path().join("out"))["encounters"]["rejected"].as_u64().expect("a count");
        (outside(work.path()).into_iter().collect::<std::collections::BTreeSet<_>>(), rejected)
    };
    let both = |rule: &str, severity: &str| [(rule.to_owned(), severity.to_owned())].into();
    // An export of other months than the run's is no fault by itself.
    let october = pipeline.replace("2026-09", "2026-10");
    assert_eq!(with(&october), (both("FIL102", "info"), 0));
    // A feed that states its period is held to it.
    let stated = pipeline.replace("layout =", "expected_period = \"2026-Q3\"\nlayout =");
    assert_eq!(with(&stated), ([].into(), 0));
    assert_eq!(with(&stated.replace("2026-Q3", "2026-08")), (both("FIL103", "fatal"), 10));
    // A state takes its report period alone.
    let shipped = root().join("pipelines/profiles/state-discharge-data.toml");
    std::fs::copy(shipped, work.path().join("profiles/strict.toml")).expect("copied");
    assert_eq!(with(&october), (both("FIL102", "fatal"), 10));
}

#[test]
fn the_rule_table_of_the_workbook_is_that_of_the_period_s_last_day_with_the_severities_in_force() {
    let work = tempfile::tempdir().expect("a folder");
    prepare(work.path(), "severity = { payer-missing = \"info\" }\nignore = [\"POA001\"]\n");
    let arguments = ["run", "pipeline.toml", "--as-of", "2026-11-28", "--format", "both"];
    let (_, errors, code) = printed(&chartroom(work.path()).args(arguments).output().expect("the program starts"));
    assert_eq!((errors.as_str(), code), ("", 0));
    let (listed, _, _) = printed(&crate::command::run(&["rules", "--on", "2026-09-30", "--csv"]));
    // Ignored, or optional and not applied.
    let without: Vec<&str> = OPTIONAL.iter().copied().chain(["POA001"]).collect();
    let expected: Vec<String> = csv::Reader::from_reader(listed.as_bytes())
        .records()
        .map(|record| record.expect("a rule")[0].to_owned())
        .filter(|code| !without.contains(&code.as_str()))
        .collect();
    let data = run_folder(&work.path().join("out")).join("data");
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(data.join("statistics.xlsx")).expect("a workbook");
    let sheet = book.worksheet_range("Rules").expect("the sheet");
    let rows: Vec<Vec<String>> = sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    let heading = rows.iter().position(|row| row[0] == "Edit").expect("a heading");
    let rules: Vec<&[String]> =
        rows[heading + 1..].iter().map(Vec::as_slice).filter(|row| !row[0].is_empty()).collect();
    assert_eq!(rules.iter().map(|row| row[0].clone()).collect::<Vec<_>>(), expected);
    let of = |code: &str| rules.iter().find(|row| row[0] == code).map(|row| row[3].as_str());
    // By the profile, by the pipeline, by themselves; the sex edits of the Medicare Code Editor ended on 2024-09-30.
    assert_eq!((of("FLD007"), of("FLD008"), of("LOG101")), (Some("error"), Some("info"), Some("error")));
    assert_eq!(of("MCE005"), None);
    let text = std::fs::read_to_string(data.join("statistics.txt")).expect("statistics.txt");
    for row in &rules {
        assert!(text.contains(&row[1]) && text.contains(&row[7]), "{}", row[0]);
    }
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
