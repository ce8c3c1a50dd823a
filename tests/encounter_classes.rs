//! Whether a record is an inpatient's does not turn on the case in which an export writes the class: the same findings, scores and figures come of each.

use std::{fs, path::Path};

use crate::command::{chartroom, printed, results, run_folder};

const STAYS: &str = "title = \"Stays\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"ID\"\npatient_id = \"PAT\"\nfacility_id = \"FAC\"\nencounter_class = \"CLASS\"\nadmission_date = \"IN\"\ndischarge_date = \"OUT\"\ndischarge_status = \"STATUS\"\nsex = \"SEX\"\nbirth_date = \"BORN\"\nadmitting_diagnosis = \"ADX\"\ndiagnosis_code = { columns = \"DX{1..2}\" }\n";
const DEATHS: &str = "title = \"Deaths\"\ntable = \"deaths\"\n[columns]\nencounter_id = \"ID\"\nfacility_id = \"FAC\"\ndeath_date = \"DAY\"\n";
const CENSUS: &str = "title = \"Census\"\ntable = \"census\"\n[columns]\nfacility_id = \"FAC\"\ncensus_date = \"DAY\"\ncensus_discharges = \"LEFT\"\n";

/// Two stays of one patient that overlap, a death without an entry in the register, statuses that no inpatient has, a stay without an admitting diagnosis, a
/// principal diagnosis that the Medicare Code Editor takes from no inpatient, and visits of the emergency room.
const ROWS: &str = "\
A1,P1,0042,CLASS,2026-10-01,2026-10-09,01,F,1950-01-01,J189,J189,I10
A2,P1,0042,CLASS,2026-10-05,2026-10-12,01,F,1950-01-01,J189,J189,I10
A3,P2,0042,CLASS,2026-10-03,2026-10-06,20,M,1940-02-02,I10,I10,
A4,P3,0042,CLASS,2026-10-03,2026-10-07,09,M,1940-02-02,I10,I10,
A5,P4,0042,CLASS,2026-10-03,2026-10-07,41,M,1940-02-02,I10,I10,
A6,P5,0042,CLASS,2026-10-04,2026-10-07,01,M,1940-02-02,,E119,V0001XA
A7,P6,0042,CLASS,2026-10-04,2026-10-07,01,M,1940-02-02,R05,Z3800,V0001XA
E1,P7,0042,EMERGENCY,2026-10-04,2026-10-04,01,M,1940-02-02,,W19XXXA,
E2,P2,0042,EMERGENCY,2026-10-04,2026-10-04,20,M,1940-02-02,,I10,
";

const RULES: &str = "
[[edits.rule]]
code = \"OWN1\"
title = \"Inpatients\"
severity = \"info\"
violates = \"encounter_class = 'inpatient' AND sex = 'M'\"
field = \"encounter_class\"
[[edits.rule]]
code = \"OWN2\"
title = \"Others\"
severity = \"info\"
requires = \"encounter_class IN ('Inpatient', 'observation')\"
field = \"encounter_class\"
";

/// Everything that a run over inpatients of a class written so says of them.
fn said(class: &str, only: &str) -> (String, serde_json::Value, String) {
    let work = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(work.path().join(name), text).expect("written");
    let heading = "ID,PAT,FAC,CLASS,IN,OUT,STATUS,SEX,BORN,ADX,DX1,DX2\n";
    write("stays.csv", &format!("{heading}{}", ROWS.replace("CLASS", class)));
    write("deaths.csv", "ID,FAC,DAY\nA9,0042,2026-10-09\n");
    write("census.csv", "FAC,DAY,LEFT\n0042,2026-10-07,4\n0042,2026-10-09,2\n");
    for (name, text) in [("stays.toml", STAYS), ("deaths.toml", DEATHS), ("census.toml", CENSUS)] {
        write(name, text);
    }
    let mut pipeline = "title = \"T\"\nperiod = \"2026-10\"\n".to_owned();
    for name in ["stays", "deaths", "census"] {
        let only = if name == "stays" { only } else { "" };
        pipeline +=
            &format!("[[ingest]]\nname = \"{name}\"\nfiles = \"{name}.csv\"\nlayout = \"{name}.toml\"\n{only}\n");
    }
    write("pipeline.toml", &(pipeline + RULES));
    let output = chartroom(work.path())
        .args(["run", "pipeline.toml", "--as-of", "2026-11-01", "--format", "text"])
        .output()
        .expect("it starts");
    let (_, errors, code) = printed(&output);
    assert!(code < 2, "{errors}");
    let out = work.path().join("out");
    let results = results(&out);
    let figures = serde_json::json!([results["rules"], results["findings"], results["encounters"], results["codes"]]);
    let read = |name: &str| fs::read_to_string(run_folder(&out).join("data").join(name)).expect("an output");
    // The findings show the class as the export writes it; the run's own sheet has the digest of the export.
    let findings = read("findings.csv").replace(&format!(",{class},"), ",CLASS,");
    (findings, figures, without_digests(&read("statistics.txt")))
}

fn without_digests(text: &str) -> String {
    let is_digest = |word: &str| word.len() >= 16 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.lines().filter(|line| !line.split_whitespace().any(is_digest)).collect::<Vec<_>>().join("\n")
}

/// Compares texts by their lines, so that a failure shows the line and not the whole.
fn same(left: &str, right: &str) {
    left.lines().zip(right.lines()).for_each(|(left, right)| assert_eq!(left, right));
    assert_eq!(left.lines().count(), right.lines().count());
}

fn failed(figures: &serde_json::Value, code: &str) -> u64 {
    let rules = figures[0].as_array().expect("rules");
    let rule = rules.iter().find(|rule| rule["code"] == code).unwrap_or_else(|| panic!("{code}"));
    rule["failed"].as_u64().expect("a number")
}

#[test]
fn an_inpatient_is_one_in_whatever_case_the_class_is_written() {
    let plain = said("inpatient", "");
    // Every rule that asks for an inpatient's record has something to find: else nothing would be compared.
    for code in ["LOG120", "LOG129", "FLD062", "TAB010", "OWN1", "OWN2"] {
        assert!(failed(&plain.1, code) > 0, "{code} finds nothing");
    }
    for class in ["INPATIENT", "Inpatient", "inPatient"] {
        let other = said(class, "");
        same(&other.0, &plain.0);
        assert!(other.1 == plain.1, "scores of {class}");
        same(&other.2, &plain.2);
    }
}

#[test]
fn a_choice_of_inpatients_takes_them_in_whatever_case_the_class_is_written() {
    let plain = said("inpatient", "only = { encounter_class = \"inpatient\" }");
    assert_eq!((plain.1[2]["examined"].as_u64(), plain.1[2]["excluded"].as_u64()), (Some(7), Some(2)));
    for (class, only) in [("INPATIENT", "inpatient"), ("inpatient", "Inpatient"), ("Inpatient", "INPATIENT")] {
        let other = said(class, &format!("only = {{ encounter_class = \"{only}\" }}"));
        same(&other.0, &plain.0);
        assert!(other.1 == plain.1, "{only} of {class}");
    }
}

#[test]
fn no_one_asks_for_the_class_but_the_encounter() {
    // The word stands in one place; whoever compares it elsewhere decides for a second time what an inpatient is.
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs")
                && fs::read_to_string(&path).expect("text").contains("\"inpatient\"")
            {
                found.push(path.file_name().expect("a name").to_string_lossy().into_owned());
            }
        }
    }
    // The register of autopsies says by that word whose body it was.
    found.sort();
    assert_eq!(found, ["encounter.rs", "events.rs"]);
}
