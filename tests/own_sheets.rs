//! Sheets of a pipeline's own against plain loops over the export, and what is told of sheets that cannot be.

use std::{collections::BTreeMap, fs, path::Path};

use chartroom::record::date::Day;

use crate::command::{chartroom, printed};

const LAYOUT: &str = r#"
title = "Discharges"
table = "encounters"
[columns]
encounter_id = "STAY"
facility_id = "FACILITY"
admission_date = { column = "ADMITTED", formats = ["%Y-%m-%d"] }
discharge_date = { column = "DISCHARGED", formats = ["%Y-%m-%d"] }
age = "AGE"
sex = "SEX"
discharge_status = "STATUS"
service = "SERVICE"
payer = "PAYER"
"#;

const PIPELINE: &str = r#"
title = "Own"
[[ingest]]
name = "discharges"
files = "discharges.csv"
layout = "discharges.toml"
[statistics]
format = "text"
labels_file = "labels.csv"
sheets = ["Old by service", "Months of F"]
fiscal_year_begins = 7
[statistics.labels.service]
MED = "Medicine of the pipeline"
[[statistics.sheet]]
name = "Old by service"
measures = ["Discharges, adults and children", "Average stay, days, adults and children", "Deaths", "Gross death rate, %", "Occupancy of beds, %"]
by = "service"
where = "age_years >= 65 AND payer <> 'X'"
[[statistics.sheet]]
name = "Months of F"
measures = ["Discharges, adults and children", "Deaths"]
by = "facility_id"
over = "month"
where = "sex = 'F'"
[[statistics.sheet]]
name = "Not chosen"
measures = "Deaths"
"#;

struct Stay {
    facility: &'static str,
    admitted: Day,
    discharged: Day,
    age: u32,
    sex: &'static str,
    status: &'static str,
    service: &'static str,
    payer: &'static str,
}

/// Stays of four months by a plain generator of numbers.
fn stays() -> Vec<Stay> {
    let mut state = 12_345_u64;
    let mut next = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let first = Day::from_iso("2026-07-01").expect("a day").0;
    (0..900)
        .map(|_| {
            let discharged = first + next(123) as i32;
            Stay {
                facility: ["A1", "B2", "C3"][next(3) as usize],
                admitted: Day(discharged - next(12) as i32),
                discharged: Day(discharged),
                age: 1 + next(99) as u32,
                sex: ["F", "M"][next(2) as usize],
                status: ["01", "01", "01", "06", "20"][next(5) as usize],
                service: ["MED", "SUR", "PSY", ""][next(4) as usize],
                payer: ["A", "B", "X"][next(3) as usize],
            }
        })
        .collect()
}

fn site(pipeline: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write("own.toml", pipeline);
    write("discharges.toml", LAYOUT);
    write(
        "labels.csv",
        "of,code,words\nservice,MED,Medicine of the file\nservice,SUR,Surgery\nfacility,A1,First House\n",
    );
    let rows: String = stays()
        .iter()
        .enumerate()
        .map(|(number, stay)| {
            let Stay { facility, admitted, discharged, age, sex, status, service, payer } = stay;
            format!("S{number:04},{facility},{admitted},{discharged},{age},{sex},{status},{service},{payer}\n")
        })
        .collect();
    write("discharges.csv", &format!("STAY,FACILITY,ADMITTED,DISCHARGED,AGE,SEX,STATUS,SERVICE,PAYER\n{rows}"));
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> (String, String, i32) {
    printed(&chartroom(folder).args(arguments).output().expect("the program starts"))
}

/// The figures of a sheet: row and column.
fn figures(folder: &Path, sheet: &str) -> BTreeMap<(String, String, String), String> {
    let mut reader =
        csv::Reader::from_path(folder.join("out/own-2026-10-as-of-2026-11-01/data/figures.csv")).expect("figures");
    reader
        .records()
        .map(|line| line.expect("a line"))
        .filter(|line| &line[0] == sheet)
        .map(|line| ((line[1].to_owned(), line[2].to_owned(), line[3].to_owned()), line[4].to_owned()))
        .collect()
}

/// A quotient rounded half up.
fn rounded(above: u64, below: u64, decimals: u32, times: u64) -> String {
    let scale = 10_u64.pow(decimals);
    let value = (2 * above * times * scale + below) / (2 * below);
    format!("{}.{:0width$}", value / scale, value % scale, width = decimals as usize)
}

#[test]
fn a_sheet_of_ones_own_is_what_a_plain_loop_counts() {
    let folder = site(PIPELINE);
    let (text, errors, code) = run(folder.path(), &["run", "own.toml", "--period", "2026-10", "--as-of", "2026-11-01"]);
    assert!(code <= 1, "{text} {errors}");
    let stays = stays();
    let of_month = |stay: &&Stay, month: &str| stay.discharged.to_string().starts_with(month);
    let found = figures(folder.path(), "Old by service");
    let services =
        [("MED", "MED / Medicine of the pipeline"), ("SUR", "SUR / Surgery"), ("PSY", "PSY"), ("", "not stated")];
    let mut told = 0;
    for (service, row) in services.into_iter().chain([("*", "all")]) {
        let own: Vec<&Stay> = stays
            .iter()
            .filter(|stay| of_month(stay, "2026-10") && stay.age >= 65 && stay.payer != "X")
            .filter(|stay| service == "*" || stay.service == service)
            .collect();
        let count = own.len() as u64;
        let days: u64 = own.iter().map(|stay| (stay.discharged.0 - stay.admitted.0).max(1) as u64).sum();
        let deaths = own.iter().filter(|stay| stay.status == "20").count() as u64;
        let expected = [
            ("Discharges, adults and children", count.to_string()),
            ("Average stay, days, adults and children", rounded(days, count, 2, 1)),
            ("Deaths", deaths.to_string()),
            ("Gross death rate, %", rounded(deaths, count, 2, 100)),
            ("Occupancy of beds, %", "[x]".to_owned()),
        ];
        for (column, value) in expected {
            let key = ("own_old_by_service".to_owned(), row.to_owned(), column.to_owned());
            assert_eq!(found.get(&key), Some(&value), "{key:?} of {found:#?}");
            told += 1;
        }
    }
    assert_eq!((told, found.len()), (25, 25));
    let found = figures(folder.path(), "Months of F");
    for (facility, row) in [("A1", "A1 / First House"), ("B2", "B2"), ("C3", "C3"), ("*", "all")] {
        for (month, column) in
            [("2026-07", "Jul 2026"), ("2026-08", "Aug 2026"), ("2026-09", "Sep 2026"), ("2026-10", "Oct 2026")]
        {
            let own = || {
                let of_month = stays.iter().filter(|stay| of_month(stay, month) && stay.sex == "F");
                of_month.filter(|stay| facility == "*" || stay.facility == facility)
            };
            let deaths = own().filter(|stay| stay.status == "20").count();
            for (table, value) in [("own_months_of_f__1", own().count()), ("own_months_of_f__2", deaths)] {
                let key = (table.to_owned(), row.to_owned(), column.to_owned());
                assert_eq!(found.get(&key), Some(&value.to_string()), "{key:?}");
            }
        }
        // Of months before the export nothing is held, which is not nobody.
        let key = ("own_months_of_f__1".to_owned(), row.to_owned(), "Jun 2026".to_owned());
        assert_eq!(found.get(&key).map(String::as_str), Some("[x]"));
    }
    assert!(figures(folder.path(), "Not chosen").is_empty() && figures(folder.path(), "Measures").is_empty());
}

#[test]
fn what_is_wrong_with_a_sheet_is_told_at_its_place() {
    let wrong = [
        ("name = \"Not chosen\"", "name = \"Measures\"", "another sheet has this name"),
        ("name = \"Not chosen\"", "name = \"Old by SERVICE\"", "another sheet has this name"),
        ("name = \"Not chosen\"", "name = \"Old-by service\"", "differs from it in marks alone"),
        ("name = \"Not chosen\"", "name = \"chart data\"", "another sheet has this name"),
        ("name = \"Not chosen\"", "name = \"A/B\"", "Excel takes no such name"),
        ("name = \"Not chosen\"", "name = \"A name of more than thirty-one letters\"", "at most 31 letters"),
        ("measures = \"Deaths\"", "measures = \"Death\"", "Deaths"),
        ("measures = \"Deaths\"", "by = \"sex\"", "a sheet needs its measures"),
        ("by = \"service\"", "by = \"servise\"", "service"),
        ("over = \"month\"", "over = \"months\"", "month"),
        ("age_years >= 65", "age_year >= 65", "age_years"),
        ("fiscal_year_begins = 7", "fiscal_year_begins = 13", "12"),
        ("\"Months of F\"]", "\"Months of G\"]", "Months of F"),
        ("labels_file = \"labels.csv\"", "labels_file = \"label.csv\"", "labels.csv"),
    ];
    for (right, other, words) in wrong {
        let folder = site(&PIPELINE.replace(right, other));
        let (_, errors, code) = run(folder.path(), &["check", "own.toml"]);
        assert!(code == 2 && errors.contains(words), "{other}: {code} {errors}");
    }
    let folder = site(PIPELINE);
    fs::write(folder.path().join("labels.csv"), "of,code,words\nward,A,B\nservice,A,B\nservice,A,C\n")
        .expect("written");
    let (_, errors, code) = run(folder.path(), &["check", "own.toml"]);
    for words in ["line 2 of the labels: it does not say what the code is of", "line 4 of the labels: an earlier line"]
    {
        assert!(code == 2 && errors.contains(words), "{words}: {errors}");
    }
}

#[test]
fn the_draft_of_a_sheet_can_be_put_into_a_pipeline_as_it_is() {
    let folder = site(PIPELINE);
    let (draft, errors, code) = run(
        folder.path(),
        &[
            "sheet",
            "new",
            "Women \"old\"",
            "--by",
            "payer",
            "--over",
            "quarter",
            "--where",
            "sex = 'F'",
            "--measure",
            "Deaths",
        ],
    );
    assert_eq!((errors.as_str(), code), ("", 0));
    let pipeline = format!("{PIPELINE}\n{draft}").replace("\"Months of F\"]", "\"Women \\\"old\\\"\"]");
    fs::write(folder.path().join("own.toml"), pipeline).expect("written");
    let (text, errors, code) = run(folder.path(), &["check", "own.toml"]);
    assert_eq!(code, 0, "{text} {errors}");
    run(folder.path(), &["run", "own.toml", "--period", "2026-10", "--as-of", "2026-11-01"]);
    assert!(!figures(folder.path(), "Women \"old\"").is_empty());
    for (arguments, words) in [
        (["sheet", "new", "One", "--measure", "Death"], "did you mean `Deaths`?"),
        (["sheet", "new", "One", "--by", "sexe"], "did you mean `sex`?"),
        (["sheet", "new", "One", "--over", "years"], "calendar_year"),
    ] {
        let (_, errors, code) = run(folder.path(), &arguments);
        assert!(code == 2 && errors.contains(words), "{errors}");
    }
}
