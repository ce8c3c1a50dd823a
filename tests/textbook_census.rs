//! The census of a textbook that does not balance: 622 in the house, 19,937 admitted, 19,833 discharged, and 646 counted at the end where 726 ought to be.

use std::fs;

use crate::command::{chartroom, printed};

const STAYS: &str = r#"
title = "Stays"
table = "encounters"
[columns]
encounter_id = "STAY"
admission_date = { column = "ADMITTED", formats = ["%Y-%m-%d"] }
discharge_date = { column = "DISCHARGED", formats = ["%Y-%m-%d"] }
service = "SERVICE"
"#;

const CENSUS: &str = r#"
title = "Daily census"
table = "census"
[columns]
census_date = { column = "DAY", formats = ["%Y-%m-%d"] }
census_patients = "PATIENTS"
census_admissions = "IN"
census_discharges = "OUT"
"#;

fn pipeline(must: bool) -> String {
    format!(
        "title = \"Census\"\n[[ingest]]\nname = \"stays\"\nfiles = \"stays.csv\"\nlayout = \"stays.toml\"\n[[ingest]]\nname = \"census\"\nfiles = \"census.csv\"\nlayout = \"census.toml\"\n[statistics]\nformat = \"text\"\nmust_reconcile = {must}\n"
    )
}

#[test]
fn a_census_that_does_not_balance_is_told_to_the_patient() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    // 31 days of 643 admissions make 19,933, and of 639 discharges 19,809; the first day has the rest.
    let (mut rows, mut admitted, mut discharged) = (String::from("2026-09-30,622,0,0\n"), 0, 0);
    for day in 1..=31 {
        let (came, left) = if day == 1 { (643 + 4, 639 + 24) } else { (643, 639) };
        admitted += came;
        discharged += left;
        let patients = if day == 31 { 646 } else { 620 + day };
        rows += &format!("2026-10-{day:02},{patients},{came},{left}\n");
    }
    assert_eq!((admitted, discharged), (19_937, 19_833));
    write("census.csv", &format!("DAY,PATIENTS,IN,OUT\n{rows}"));
    let stays: String = (1..=31).map(|day| format!("S{day},2026-10-{day:02},2026-10-{day:02},MED\n")).collect();
    write("stays.csv", &format!("STAY,ADMITTED,DISCHARGED,SERVICE\n{stays}"));
    write("stays.toml", STAYS);
    write("census.toml", CENSUS);
    for (must, code) in [(true, 1), (false, 0)] {
        write("run.toml", &pipeline(must));
        let arguments = ["run", "run.toml", "--period", "2026-10", "--as-of", "2026-11-01"];
        let (account, errors, ended) = printed(&chartroom(folder.path()).args(arguments).output().expect("a run"));
        assert_eq!(ended, code, "{account} {errors}");
        assert!(account.contains("does not reconcile: Census as counted (by 80)"), "{account}");
    }
    let figures = fs::read_to_string(folder.path().join("out/census-2026-10-as-of-2026-11-01/data/figures.csv"));
    let figures = figures.expect("figures");
    let of = |column: &str| {
        let begins = |line: &&str| line.starts_with("Reconciliation,") && line.contains("Census as counted");
        let found = figures.lines().filter(begins).find(|line| line.contains(&format!(",{column},")));
        found.map(|line| line.rsplit(',').next().unwrap_or_default().to_owned()).unwrap_or_default()
    };
    assert_eq!((of("First").as_str(), of("Second").as_str()), ("726", "646"), "{figures}");
}
