//! The case-mix index against a plain loop, with weights that change at the turn of a fiscal year.

use std::{collections::BTreeMap, fs};

use crate::command::{chartroom, printed};

const LAYOUT: &str = r#"
title = "Discharges"
table = "encounters"
[columns]
encounter_id = "STAY"
admission_date = { column = "ADMITTED", formats = ["%Y-%m-%d"] }
discharge_date = { column = "DISCHARGED", formats = ["%Y-%m-%d"] }
age = "AGE"
service = "SERVICE"
diagnosis_related_group = "DRG"
"#;

const PIPELINE: &str = r#"
title = "Mix"
[[ingest]]
name = "discharges"
files = "discharges.csv"
layout = "discharges.toml"
[statistics]
format = "text"
drg_weights = "weights.csv"
[[statistics.sheet]]
name = "Mix by service"
measures = "Case-mix index"
by = "service"
"#;

const WEIGHTS: &str = "drg,weight,first,last\n65,1.0342,,2026-09-30\n065,0.9876,2026-10-01,\n470,1.9,,\n1,26.4106,,\n";

#[test]
fn the_case_mix_index_is_the_mean_of_the_weights_of_the_day_of_discharge() {
    let folder = tempfile::tempdir().expect("a folder");
    // Groups with and without zeros before them, one without a weight, one blank.
    let groups = ["065", "65", "470", "001", "999", ""];
    let stays: Vec<(u32, u32, &str, &str)> = (0..600)
        .map(|number| {
            (
                9 + number % 2,
                1 + number % 28,
                groups[(number / 7 % 6) as usize],
                ["MED", "SUR"][(number / 3 % 2) as usize],
            )
        })
        .collect();
    let rows: String = stays
        .iter()
        .enumerate()
        .map(|(number, (month, day, group, service))| {
            format!("S{number},2026-{month:02}-{day:02},2026-{month:02}-{day:02},50,{service},{group}\n")
        })
        .collect();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write("discharges.csv", &format!("STAY,ADMITTED,DISCHARGED,AGE,SERVICE,DRG\n{rows}"));
    write("discharges.toml", LAYOUT);
    write("mix.toml", PIPELINE);
    write("weights.csv", WEIGHTS);
    let run =
        |arguments: &[&str]| printed(&chartroom(folder.path()).args(arguments).output().expect("the program starts"));
    let (text, errors, code) = run(&["run", "mix.toml", "--period", "2026-10", "--as-of", "2026-11-01"]);
    assert!(code <= 1, "{text} {errors}");
    let file = folder.path().join("out/mix-2026-10-as-of-2026-11-01/data/figures.csv");
    let found: BTreeMap<(String, String, String), String> = csv::Reader::from_path(file)
        .expect("figures")
        .records()
        .map(|line| line.expect("a line"))
        .map(|line| ((line[0].to_owned(), line[2].to_owned(), line[3].to_owned()), line[4].to_owned()))
        .collect();
    let weight = |month: u32, group: &str| match (group, month) {
        ("065" | "65", 9) => Some(10_342_u64),
        ("065" | "65", _) => Some(9_876),
        ("470", _) => Some(19_000),
        ("001", _) => Some(264_106),
        _ => None,
    };
    let index = |month: u32, service: &str| {
        let own = stays.iter().filter(|stay| stay.0 == month && (service.is_empty() || stay.3 == service));
        let weights: Vec<u64> = own.filter_map(|stay| weight(stay.0, stay.2)).collect();
        let (sum, count) = (weights.iter().sum::<u64>(), weights.len() as u64);
        let value = (2 * sum + count) / (2 * count);
        format!("{}.{:04}", value / 10_000, value % 10_000)
    };
    let of = |sheet: &str, row: &str, column: &str| {
        found.get(&(sheet.to_owned(), row.to_owned(), column.to_owned())).cloned().unwrap_or_default()
    };
    assert_eq!(of("Measures", "Case mix / Case-mix index", "Oct 2026"), index(10, ""));
    assert_eq!(of("Measures", "Case mix / Case-mix index", "Sep 2026"), index(9, ""));
    for service in ["MED", "SUR"] {
        assert_eq!(of("Mix by service", service, "Case-mix index"), index(10, service));
    }
    let without = stays.iter().filter(|stay| stay.0 == 10 && weight(10, stay.2).is_none()).count();
    let sheet =
        fs::read_to_string(folder.path().join("out/mix-2026-10-as-of-2026-11-01/data/statistics.txt")).expect("a text");
    assert!(sheet.contains(&format!("{without} of 300 discharges have no DRG with a weight")), "{without}");
    for (wrong, words) in [
        ("drg,weight\n65,1.03421\n", "line 2 of the DRG weights: a weight has at most four decimals"),
        ("drg,weight\n65,1\n065,2\n", "line 3 of the DRG weights: an earlier line has a weight"),
        ("drg,weight\nA65,1\n", "a group has one to three digits"),
        ("drg,weight,first\n65,1,2026-13-01\n", "a day is no day"),
        ("group,weight\n65,1\n", "has no column drg"),
    ] {
        write("weights.csv", wrong);
        let (_, errors, code) = run(&["check", "mix.toml"]);
        assert!(code == 2 && errors.contains(words), "{words}: {errors}");
    }
}
