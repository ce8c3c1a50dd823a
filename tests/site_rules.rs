//! A site's own rules through the program: a pipeline with rules on a few rows gives exactly these findings, and a wrong rule is shown with a caret.

use std::path::Path;

use crate::command::{chartroom, printed, results, run_folder};

const LAYOUT: &str = r#"
title = "Stays"
table = "encounters"

[source]
format = "delimited"

[columns]
encounter_id         = "VISIT"
service              = "WARD"
admission_date       = { column = "IN", formats = ["%Y-%m-%d"] }
discharge_date       = { column = "OUT", formats = ["%Y-%m-%d"] }
birth_date           = { column = "BORN", formats = ["%Y-%m-%d"] }
sex                  = "SEX"
zip_code             = "ZIP"
total_charges        = "CHARGES"
diagnosis_code       = { columns = "DX{1..2}" }
present_on_admission = { columns = "POA{1..2}" }
procedure_code       = { columns = "PR{1..2}" }
procedure_date       = { columns = "PRDATE{1..2}", formats = ["%Y-%m-%d"] }
"#;

const STAYS: &str = "\
VISIT,WARD,IN,OUT,BORN,SEX,ZIP,CHARGES,DX1,POA1,DX2,POA2,PR1,PRDATE1,PR2,PRDATE2
V1,PED,2026-09-01,2026-10-05,1990-01-01,F,19801,100.00,E11.9,Y,i10,N,0DTJ4ZZ,2026-09-02,0W3P8ZZ,2026-10-09
V2,PED,2026-10-01,2026-10-03,2020-01-01,M,19801,0.00,E11.9,Y,,,,,,
V3,MED,2026-10-01,2026-10-32,1950-01-01,M,,50000.01,I10,N,E11.9,,0DTJ4ZZ,soon,,
V4,PED,2026-10-01,2026-10-04,,F,21201,,S72.001A,Y,,,0DTJ4ZZ,,,
V5,MED,2026-08-01,2026-08-03,1950-01-01,F,1980,9.99,I10,Y,,,,,,
";

const RULES: &str = r#"
[[edits.rule]]
code     = "WARD-01"
title    = "Adult on the children's ward"
severity = "error"
applies  = "service = 'PED'"
violates = "age_years >= 18"
field    = "service"
message  = "an adult was discharged from the children's ward"
why      = "The ward is licensed for children."
source   = "Site handbook 4.2"

[[edits.rule]]
code     = "STAY30"
title    = "Stay of more than thirty days"
severity = "warning"
violates = "discharge_date - admission_date > 30"
field    = "discharge_date"

[[edits.rule]]
code     = "ZIP_FORM"
title    = "ZIP code of the state"
severity = "info"
requires = "matches(zip_code, '^19[0-9]{3}$')"
field    = "zip_code"
first    = "2026-10-01"

[[edits.rule]]
code     = "LATE_OP"
title    = "Procedure outside the stay"
severity = "warning"
level    = "procedure"
requires = "date BETWEEN admission_date AND discharge_date"
field    = "procedure_date"

[[edits.rule]]
code     = "I10_LAST"
title    = "Hypertension beside diabetes arose in hospital"
severity = "info"
level    = "diagnosis"
applies  = "code = 'i10'"
violates = "present_on_admission = 'N' AND any(diagnosis WHERE starts_with(code, 'E11.'))"

[[edits.rule]]
code     = "FREE001"
title    = "Free of charge with an operation, or none"
violates = "total_charges < 10 AND count(procedure WHERE code IS NOT NULL) = 0"
field    = "total_charges"
"#;

fn pipeline(work: &Path, rules: &str) {
    std::fs::write(work.join("stays.csv"), STAYS).expect("written");
    std::fs::write(work.join("stays.toml"), LAYOUT).expect("written");
    let ingest = "title = \"Site\"\n[[ingest]]\nname = \"stays\"\nfiles = \"stays.csv\"\nlayout = \"stays.toml\"\n";
    std::fs::write(work.join("pipeline.toml"), format!("{ingest}{rules}")).expect("written");
}

fn program(work: &Path, arguments: &[&str]) -> (String, String, i32) {
    printed(&chartroom(work).args(arguments).output().expect("the program starts"))
}

#[test]
fn rules_of_the_site_give_exactly_their_findings_and_scores() {
    let work = tempfile::tempdir().expect("a folder");
    pipeline(work.path(), RULES);
    let (_, errors, code) = program(work.path(), &["run", "pipeline.toml", "--as-of", "2026-11-01"]);
    assert_eq!((errors.as_str(), code), ("", 0));
    let out = work.path().join("out");
    let mut findings = csv::Reader::from_path(run_folder(&out).join("data/findings.csv")).expect("findings");
    let own = ["WARD-01", "STAY30", "ZIP_FORM", "LATE_OP", "I10_LAST", "FREE001"];
    let mut found: Vec<String> = Vec::new();
    for record in findings.records() {
        let record = record.expect("a finding");
        if own.contains(&&record[0]) {
            let columns: Vec<&str> = [0, 1, 2, 3, 4, 5, 8].iter().map(|column| &record[*column]).collect();
            found.push(columns.join("|"));
        }
        if &record[0] == "WARD-01" {
            assert_eq!(&record[6], "an adult was discharged from the children's ward");
        }
    }
    found.sort();
    let mut expected = [
        // V1 is 36 years old; V2 is 6; V4 has no birth date, so the answer is unknown.
        "WARD-01|error|V1|service||PED|2",
        // V1 stayed 34 days; V3 has no readable discharge date.
        "STAY30|warning|V1|discharge_date||2026-10-05|2",
        // V4 is of another state. V3 has none: unknown. V5 left before the rule came into force.
        "ZIP_FORM|info|V4|zip_code||21201|5",
        // The second procedure of V1 is after discharge; those of V3 and V4 have no readable dates.
        "LATE_OP|warning|V1|procedure_date|2|2026-10-09|2",
        // V1 and V3 have both codes, written in two ways, and the mark N.
        "I10_LAST|info|V1|diagnosis_code|2|i10|2",
        "I10_LAST|info|V3|diagnosis_code|1|I10|4",
        // V2 and V5 cost less than 10.00 and have no procedure.
        "FREE001|error|V2|total_charges||0.00|3",
        "FREE001|error|V5|total_charges||9.99|6",
    ];
    expected.sort_unstable();
    assert_eq!(found, expected);

    let results = results(&out);
    let scores: Vec<String> = results["rules"]
        .as_array()
        .expect("rules")
        .iter()
        .filter(|rule| own.iter().any(|code| rule["code"] == *code))
        .map(|rule| {
            let count = |name: &str| rule[name].as_u64().expect("a count");
            let counts = ["examined", "failed", "not_applicable", "unknown"].map(count);
            format!("{} {counts:?} {}", rule["code"].as_str().expect("code"), rule["status"].as_str().expect("status"))
        })
        .collect();
    // Examined, failed, did not apply, of these unknown. Five records, four procedures, seven diagnoses.
    assert_eq!(
        scores,
        [
            "WARD-01 [2, 1, 3, 1] failed",
            "STAY30 [4, 1, 1, 1] failed",
            "ZIP_FORM [3, 1, 2, 1] failed",
            "LATE_OP [2, 1, 2, 2] failed",
            "I10_LAST [3, 2, 4, 0] failed",
            "FREE001 [5, 2, 0, 0] failed",
        ]
    );
}

#[test]
fn rules_and_explain_show_the_site_s_own_rules() {
    let work = tempfile::tempdir().expect("a folder");
    pipeline(work.path(), RULES);
    let (shipped, _, _) = program(work.path(), &["rules"]);
    let (all, _, code) = program(work.path(), &["rules", "pipeline.toml"]);
    assert_eq!(code, 0);
    assert_eq!(all.lines().count(), shipped.lines().count() + 6);
    assert!(all.contains("6 of them the site's own"), "{all}");
    let (table, _, _) = program(work.path(), &["rules", "--csv", "pipeline.toml"]);
    let line = "ZIP_FORM,ZIP code of the state,info,site,encounter,zip_code,2026-10-01,,ZIP code of the state,";
    assert!(table.lines().any(|found| found == line), "{table}");
    let (page, _, code) = program(work.path(), &["explain", "ward-01", "pipeline.toml"]);
    assert_eq!(code, 0);
    assert_eq!(
        page,
        "# WARD-01 Adult on the children's ward\n\nA rule of the site. Severity: error. Asked of every encounter. Field: service.\n\n\
         ## What\n\nan adult was discharged from the children's ward.\n\n## Applies where\n\n    service = 'PED'\n\n\
         ## Violated where\n\n    age_years >= 18\n\n## Why\n\nThe ward is licensed for children.\n\n## Source\n\nSite handbook 4.2\n"
    );
    assert_eq!(program(work.path(), &["explain", "WARD-01"]).2, 2);
}

#[test]
fn a_wrong_rule_is_shown_at_its_place_with_a_caret_and_nothing_is_run() {
    let work = tempfile::tempdir().expect("a folder");
    let rule = "[[edits.rule]]\ncode = \"SITE001\"\ntitle = \"Before October\"\nviolates = \"age > 5 AND discharge_date < '10/11/2026'\"\n";
    pipeline(work.path(), rule);
    let (_, errors, code) = program(work.path(), &["run", "pipeline.toml", "--as-of", "2026-11-01"]);
    assert_eq!(code, 2);
    for words in [
        "error[ambiguous-date]: `10/11/2026` can be read as 2026-10-11 or as 2026-11-10",
        "pipeline.toml:9:42",
        "violates = \"age > 5 AND discharge_date < '10/11/2026'\"",
        "write the one that is meant: '2026-10-11' or '2026-11-10'",
    ] {
        assert!(errors.contains(words), "{words} is missing in\n{errors}");
    }
    let caret = errors.lines().find(|line| line.contains('^')).expect("a caret");
    let shown = errors.lines().find(|line| line.contains("violates = ")).expect("the line");
    assert_eq!(caret.find('^'), shown.find("'10/11"), "{errors}");
    assert_eq!(caret.matches('^').count(), "'10/11/2026'".len(), "{errors}");
    assert!(!work.path().join("out").exists());
}
