//! Estimates of a survey against a plain recomputation: sums of weights, days, means, deaths, standard errors, and what too few records say.

use std::{collections::BTreeMap, fs};

use crate::command::{chartroom, printed};

const LAYOUT: &str = r#"
title = "Survey"
table = "encounters"
[columns]
encounter_id = "ID"
admission_date = { column = "ADMITTED", formats = ["%Y-%m-%d"] }
discharge_date = { column = "DISCHARGED", formats = ["%Y-%m-%d"] }
age = "AGE"
sex = "SEX"
discharge_status = "STATUS"
payer = "PAYER"
weight = "WEIGHT"
"#;

const PIPELINE: &str = r#"
title = "Survey"
[[ingest]]
name = "survey"
files = "survey.csv"
layout = "survey.toml"
[statistics]
format = "text"
sheets = "Weighted"
[statistics.survey]
a = "0.0021"
b = "3100.5"
"#;

struct Record {
    day: u64,
    stay: u64,
    age: u64,
    sex: &'static str,
    died: bool,
    payer: &'static str,
    /// In hundredths; `None`: it cannot be read.
    weight: Option<u64>,
}

fn records() -> Vec<Record> {
    let mut state = 99_u64;
    let mut next = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    (0..1500)
        .map(|_| Record {
            day: 1 + next(28),
            stay: next(20),
            age: 1 + next(95),
            sex: ["F", "M"][next(2) as usize],
            died: next(9) == 0,
            // Few, some, and many records.
            payer: match next(300) {
                0..5 => "HM",
                5..13 => "WC",
                13..120 => "MA",
                _ => "BL",
            },
            weight: (next(50) > 0).then(|| 100 + next(90_000)),
        })
        .collect()
}

#[test]
fn weighted_figures_are_those_of_a_plain_recomputation() {
    let folder = tempfile::tempdir().expect("a folder");
    let records = records();
    let mut text = "ID,ADMITTED,DISCHARGED,AGE,SEX,STATUS,PAYER,WEIGHT\n".to_owned();
    for (number, record) in records.iter().enumerate() {
        let Record { day, stay, age, sex, died, payer, weight } = record;
        let admitted = chrono::NaiveDate::from_ymd_opt(2010, 6, 1).expect("a day") + chrono::Days::new(*day);
        let discharged = admitted + chrono::Days::new(*stay);
        let status = if *died { "20" } else { "01" };
        let weight = weight.map_or("n/a".to_owned(), |weight| format!("{}.{:02}", weight / 100, weight % 100));
        text += &format!("R{number:05},{admitted},{discharged},{age},{sex},{status},{payer},{weight}\n");
    }
    for (name, content) in [("survey.csv", text.as_str()), ("survey.toml", LAYOUT), ("run.toml", PIPELINE)] {
        fs::write(folder.path().join(name), content).expect("written");
    }
    let arguments = ["run", "run.toml", "--as-of", "2011-01-01"];
    let (account, errors, code) = printed(&chartroom(folder.path()).args(arguments).output().expect("a run"));
    assert!(code <= 1, "{account} {errors}");
    let mut reader =
        csv::Reader::from_path(folder.path().join("out/survey-as-of-2011-01-01/data/figures.csv")).expect("figures");
    let found: BTreeMap<(String, String), String> = reader
        .records()
        .map(|line| line.expect("a line"))
        .filter(|line| &line[0] == "Weighted")
        .map(|line| ((line[2].to_owned(), line[3].to_owned()), line[4].to_owned()))
        .collect();
    let half_up = |above: u128, below: u128, decimals: u32| {
        let scale = 10_u128.pow(decimals);
        let value = (2 * above * scale + below) / (2 * below);
        match decimals {
            0 => value.to_string(),
            _ => format!("{}.{:0width$}", value / scale, value % scale, width = decimals as usize),
        }
    };
    let is_of = |record: &&Record, row: &str| match row {
        "all discharges" => true,
        "F" | "M" => record.sex == row,
        "HM" | "WC" | "MA" | "BL" => record.payer == row,
        "85 and over" => record.age >= 85,
        _ => (45..55).contains(&record.age),
    };
    let mut flags = Vec::new();
    for row in ["all discharges", "F", "M", "HM", "WC", "MA", "BL", "85 and over", "45-54"] {
        let own: Vec<(&Record, u128)> = records
            .iter()
            .filter(|record| is_of(record, row))
            .filter_map(|record| Some((record, u128::from(record.weight?))))
            .collect();
        let weights: u128 = own.iter().map(|(_, weight)| weight).sum();
        let days: u128 = own.iter().map(|(record, weight)| weight * u128::from(record.stay.max(1))).sum();
        let died = || own.iter().filter(|(record, _)| record.died);
        let deaths: u128 = died().map(|(_, weight)| weight).sum();
        let error = |estimate: u128| (0.0021 + 3100.5 / (estimate as f64 / 100.0)).sqrt() * 100.0;
        let shown = |records: usize, value: String| if records < 30 { "[u]".to_owned() } else { value };
        let few = |records: usize| if records == 0 { own.len() } else { records };
        let expected = [
            ("Records", own.len().to_string()),
            ("Discharges, estimated", shown(own.len(), half_up(weights, 100, 0))),
            ("Relative standard error, %", format!("{:.1}", error(weights))),
            ("Days of stay, estimated", shown(own.len(), half_up(days, 100, 0))),
            ("Average stay, days", shown(own.len(), half_up(days, weights, 2))),
            ("Deaths, estimated", shown(few(died().count()), half_up(deaths, 100, 0))),
            ("Deaths, %", shown(few(died().count()), half_up(deaths * 100, weights, 2))),
        ];
        for (column, value) in expected {
            let key = (row.to_owned(), column.to_owned());
            assert_eq!(found.get(&key), Some(&value), "{key:?}");
        }
        flags.push(own.len());
    }
    assert!(
        flags.iter().any(|records| *records < 30) && flags.iter().any(|records| (30..60).contains(records)),
        "{flags:?}"
    );
    let sheet =
        fs::read_to_string(folder.path().join("out/survey-as-of-2011-01-01/data/statistics.txt")).expect("a text");
    let unread = records.iter().filter(|record| record.weight.is_none()).count();
    for words in [
        format!("{unread} records state no weight that can be read"),
        "with care: fewer than 60 records".to_owned(),
        "too few records".to_owned(),
    ] {
        assert!(sheet.contains(&words), "{words} of {sheet}");
    }
    // One parameter alone is none, and a word is no number.
    for (right, wrong, words) in
        [("b = \"3100.5\"", "", "stand together"), ("\"3100.5\"", "\"much\"", "a plain decimal number")]
    {
        fs::write(folder.path().join("run.toml"), PIPELINE.replace(right, wrong)).expect("written");
        let (_, errors, code) =
            printed(&chartroom(folder.path()).args(["check", "run.toml"]).output().expect("the program starts"));
        assert!(code == 2 && errors.contains(words), "{errors}");
    }
}
