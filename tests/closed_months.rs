//! A month is closed, corrections come late, and what they change of it is told: the figures, and the records behind them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use crate::{
    catalogue::dump,
    command::{chartroom, printed},
    night_site,
};

const NIGHT: &str = r#"
title = "Night"
state = "state"
[store]
[[ingest]]
name = "discharges"
files = "inbox/discharges-*.csv"
layout = "discharges.toml"
delivery = "changes"
[statistics]
format = "text"
"#;
const MONTH: &str =
    "title = \"Month\"\nstate = \"state\"\nfrom = \"store\"\nkeep_outputs_days = 5\n[statistics]\nformat = \"text\"\n";
const DISCHARGES: &str = r#"
title = "Discharges"
table = "encounters"
[columns]
encounter_id = "STAY"
patient_id = "PATIENT"
facility_id = "FACILITY"
admission_date = { column = "ADMITTED", formats = ["%Y-%m-%d"] }
discharge_date = { column = "DISCHARGED", formats = ["%Y-%m-%d"] }
sex = "SEX"
discharge_status = "STATUS"
service = "SERVICE"
"#;
const HEADING: &str = "STAY,PATIENT,FACILITY,ADMITTED,DISCHARGED,SEX,STATUS,SERVICE\n";

/// A stay of October, by its number.
fn row(number: usize, status: &str, service: &str) -> String {
    let day = 1 + number % 20;
    format!(
        "S{number:04},P{number},004{},2026-10-{day:02},2026-10-{:02},F,{status},{service}\n",
        number % 3,
        day + 2 + number % 5
    )
}

fn run(work: &Path, arguments: &[&str]) -> (String, String, i32) {
    printed(&chartroom(work).args(arguments).output().expect("the program starts"))
}

/// The figures of an output by their names.
fn figures(folder: &Path) -> BTreeMap<[String; 4], String> {
    let mut reader = csv::Reader::from_path(folder.join("data/figures.csv")).expect("figures");
    let line = |line: csv::StringRecord| ([0, 1, 2, 3].map(|at| line[at].to_owned()), line[4].to_owned());
    reader.records().map(|record| line(record.expect("a line"))).collect()
}

fn column(file: PathBuf, place: usize) -> Vec<String> {
    let mut reader = csv::Reader::from_path(file).expect("a list");
    reader.records().map(|line| line.expect("a line")[place].to_owned()).collect()
}

#[test]
fn forty_late_corrections_of_a_closed_month_are_told_figure_by_figure_with_their_records() {
    let work = tempfile::tempdir().expect("a folder");
    night_site::make(work.path(), NIGHT, DISCHARGES);
    fs::write(work.path().join("month.toml"), MONTH).expect("written");
    let rows: String = (0..600).map(|number| row(number, "01", ["MED", "SUR"][number % 2])).collect();
    fs::write(work.path().join("inbox/discharges-2026-11-01.csv"), format!("{HEADING}{rows}")).expect("written");
    assert_eq!(run(work.path(), &["run", "night.toml", "--as-of", "2026-11-01"]).2, 0);
    // Before a run of the month there is nothing to close.
    let close = ["month", "close", "2026-10", "month.toml", "--as-of", "2026-11-03"];
    let (_, errors, code) = run(work.path(), &close);
    assert!(code == 2 && errors.contains("no run of this pipeline for 2026-10 is remembered"), "{code} {errors}");
    let of_month = |day: &str| run(work.path(), &["run", "month.toml", "--period", "2026-10", "--as-of", day]);
    assert_eq!(of_month("2026-11-02").2, 0);
    let (text, errors, code) = run(work.path(), &close);
    assert_eq!((errors.as_str(), code), ("", 0));
    assert!(text.contains("2026-10 of Month is closed"), "{text}");
    let (_, errors, code) = run(work.path(), &close);
    assert!(code == 2 && errors.contains("2026-10 is closed since 2026-11-03"), "{errors}");
    // Nothing came: nothing is restated.
    let (account, _, _) = of_month("2026-11-04");
    assert!(
        account.contains("2026-10 is closed since 2026-11-03") && account.contains("no figure differs"),
        "{account}"
    );
    // Forty corrections: twenty stays ended in death, ten were of another service, ten are sent as they were.
    let corrected: Vec<usize> = (0..40).map(|number| number * 13).collect();
    let late: String = corrected
        .iter()
        .enumerate()
        .map(|(place, number)| match place {
            0..20 => row(*number, "20", ["MED", "SUR"][number % 2]),
            20..30 => row(*number, "01", "PSY"),
            _ => row(*number, "01", ["MED", "SUR"][number % 2]),
        })
        .collect();
    fs::write(work.path().join("inbox/discharges-2026-11-20.csv"), format!("{HEADING}{late}")).expect("written");
    assert_eq!(run(work.path(), &["run", "night.toml", "--as-of", "2026-11-20"]).2, 0);
    let (account, errors, code) = of_month("2026-11-20");
    assert_eq!((errors.as_str(), code), ("", 0));
    let out = |day: &str| format!("out/month-2026-10-as-of-{day}");
    let (before, after) = (out("2026-11-02"), out("2026-11-20"));
    let (was, is) = (figures(&work.path().join(&before)), figures(&work.path().join(&after)));
    let names: BTreeSet<&[String; 4]> = was.keys().chain(is.keys()).collect();
    let changed: Vec<&[String; 4]> = names.into_iter().filter(|name| was.get(*name) != is.get(*name)).collect();
    assert!(changed.len() > 10, "{changed:?}");
    assert!(account.contains(&format!("{} figures differ", changed.len())), "{account}");
    // The cover says it, where something is restated.
    let restates = |output: &str| {
        let results = fs::read_to_string(work.path().join(output).join("data/run_results.json")).expect("results");
        let results: serde_json::Value = serde_json::from_str(&results).expect("json");
        results["restates"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(restates(&before), "");
    let said = format!("2026-10 was published on 2026-11-03, and {} figures are others since", changed.len());
    assert!(restates(&after).contains(&said), "{}", restates(&after));
    assert!(
        account.contains(&format!(
            "chartroom compare {}",
            work.path().canonicalize().expect("a path").join(&before).display()
        )),
        "{account}"
    );
    // Twenty deaths of six hundred discharges, and ten of a new service.
    let value = |figures: &BTreeMap<[String; 4], String>, row: &str, column: &str| {
        let own = figures.iter().find(|(name, _)| name[0] == "Groups" && name[2].starts_with(row) && name[3] == column);
        own.map(|(_, value)| value.clone())
    };
    assert_eq!((value(&was, "PSY", "Discharges"), value(&is, "PSY", "Discharges")), (None, Some("10".to_owned())));
    let (text, errors, code) = run(work.path(), &["compare", &before, &after, "--to", "changes"]);
    assert_eq!((errors.as_str(), code), ("", 1), "{text}");
    assert!(text.contains("records   new 0, gone 0, changed 30"), "{text}");
    let list = |name: &str| work.path().join("changes").join(name);
    let told: BTreeSet<[String; 4]> = (0..4)
        .map(|place| column(list("figures_changed.csv"), place))
        .fold(Vec::<Vec<String>>::new(), |rows, column| match rows.is_empty() {
            true => column.into_iter().map(|cell| vec![cell]).collect(),
            false => rows
                .into_iter()
                .zip(column)
                .map(|(mut row, cell)| {
                    row.push(cell);
                    row
                })
                .collect(),
        })
        .into_iter()
        .map(|row| row.try_into().expect("four cells"))
        .collect();
    assert_eq!(told, changed.into_iter().cloned().collect(), "exactly the changed figures");
    let records: BTreeSet<String> = column(list("records_changed.csv"), 1).into_iter().collect();
    assert_eq!(
        records,
        corrected[..30].iter().map(|number| format!("S{number:04}")).collect(),
        "exactly their records"
    );
    explained(work.path(), (&before, &after), &corrected);
    // The output of a closed month is never removed, however old it is; others go.
    assert!(work.path().join(&before).exists() && !work.path().join(out("2026-11-04")).exists());
    let (list, _, code) = run(work.path(), &["month", "list", "month.toml"]);
    assert!(code == 0 && list.contains("2026-10  closed 2026-11-03") && list.contains("restated by"), "{list}");
    assert!(dump(&work.path().join("state/catalogue.sqlite")).contains("\"kind\":\"close period\""));
    assert_eq!(run(work.path(), &["audit-log", "verify", "month.toml"]).2, 0);
    // What was published is not replaced, also when it is asked for.
    let replaced =
        run(work.path(), &["run", "month.toml", "--period", "2026-10", "--as-of", "2026-11-02", "--replace"]);
    assert!(replaced.2 == 2 && replaced.1.contains("its figures were published, the month is closed"), "{replaced:?}");
    // The same output against itself, and two pipelines.
    assert_eq!(run(work.path(), &["compare", &before, &before]).2, 0);
    let (_, errors, code) = run(work.path(), &["compare", &before, "out/night-as-of-2026-11-20"]);
    assert!(code == 2 && errors.contains("only outputs of one pipeline can be compared"), "{errors}");
}

/// Which records stand behind the figures that differ: the first twenty corrections changed deaths alone, the next ten a service alone.
fn explained(work: &Path, (before, after): (&str, &str), corrected: &[usize]) {
    let (text, errors, code) = run(work, &["compare", before, after, "--explain", "--to", "explained"]);
    assert_eq!((errors.as_str(), code), ("", 1), "{text}");
    let list = work.join("explained/figures_explained.csv");
    let mut behind: BTreeMap<[String; 4], BTreeMap<String, i64>> = BTreeMap::new();
    for line in csv::Reader::from_path(list).expect("a list").records() {
        let line = line.expect("a line");
        assert_eq!(&line[6], "corrected");
        let numerator = line[7].parse().unwrap_or(0);
        let name = [0, 1, 2, 3].map(|at| line[at].to_owned());
        assert!(behind.entry(name).or_default().insert(line[5].to_owned(), numerator).is_none());
    }
    let numbers = |places: std::ops::Range<usize>| -> BTreeMap<String, i64> {
        corrected[places].iter().map(|number| (format!("S{number:04}"), 1)).collect()
    };
    let of = |sheet: &str, row: &str, column: &str| {
        let found = behind.iter().find(|(name, _)| name[0] == sheet && name[2] == row && name[3] == column);
        found.map(|(_, records)| records.clone()).unwrap_or_default()
    };
    assert_eq!(of("Groups", "all groups", "Deaths"), numbers(0..20));
    assert_eq!(of("Groups", "PSY", "Discharges"), numbers(20..30));
    // Half of the ten were of medicine before, and each takes one away.
    let left: BTreeMap<String, i64> = of("Groups", "MED", "Discharges");
    let were_of_medicine = corrected[20..30].iter().filter(|number| *number % 2 == 0);
    assert_eq!(left, were_of_medicine.map(|number| (format!("S{number:04}"), -1)).collect());
    // Every figure of whole records that differs is explained to the last one.
    let (was, is) = (figures(&work.join(before)), figures(&work.join(after)));
    let mut whole = 0;
    for (name, records) in &behind {
        let number = |figures: &BTreeMap<[String; 4], String>| {
            figures.get(name).map_or(Some(0), |value| value.parse::<i64>().ok())
        };
        if let Some((was, is)) = number(&was).zip(number(&is)).filter(|_| name[0] == "Groups") {
            assert_eq!(is - was, records.values().sum::<i64>(), "{name:?}");
            whole += 1;
        }
    }
    assert!(whole > 10, "{whole}");
}
