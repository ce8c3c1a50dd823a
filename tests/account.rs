//! The account says the true cause first, the same text once, and what was not asked; findings of a value are a line a value.

use std::{collections::BTreeMap, path::Path};

use polars::prelude::{ParquetReader, SerReader as _};

use crate::command::{chartroom, printed, results, run_folder};

const STAYS: &str = "title = \"Stays\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"ID\"\npatient_id = \"PAT\"\n\
                     facility_id = \"FAC\"\nadmission_date = { column = \"IN\", formats = [\"%Y-%m-%d\"] }\n\
                     discharge_date = { column = \"OUT\", formats = [\"%Y-%m-%d\"] }\nsex = \"SEX\"\n\
                     diagnosis_code = { columns = \"DX{1..3}\" }\n";
const DOCUMENTS: &str = "title = \"Documents\"\ntable = \"documents\"\n[columns]\nencounter_id = \"ID\"\n\
                         document_id = \"DOC\"\ndocument_type = \"TYPE\"\n";
const HEADING: &str = "ID,PAT,FAC,IN,OUT,SEX,DX1,DX2,DX3\n";

/// The last line of the errors of a run that could not use an input.
const TO_DO: &str = "error: what could not be used is left out of what is published; get it again, or correct its layout, and run again\n";

/// A site of stays and documents with files in it; the text of its pipeline has `more` under the title.
fn site(work: &Path, more: &str, files: &[(&str, &str)]) {
    let pipeline = format!(
        "title = \"Night\"\n{more}\n[[ingest]]\nname = \"stays\"\nfiles = \"stays*.csv\"\nlayout = \"stays.toml\"\n\
         [[ingest]]\nname = \"documents\"\nfiles = \"documents*.csv\"\nlayout = \"documents.toml\"\nrequired = false\n"
    );
    let own = [("pipeline.toml", pipeline.as_str()), ("stays.toml", STAYS), ("documents.toml", DOCUMENTS)];
    for (name, text) in own.iter().chain(files) {
        std::fs::write(work.join(name), text).expect("written");
    }
}

fn run(work: &Path, more: &[&str]) -> (String, String, i32) {
    let mut arguments = vec!["run", "pipeline.toml", "--out", "out"];
    if !more.contains(&"--as-of") {
        arguments.extend(["--as-of", "2026-11-01"]);
    }
    arguments.extend(more);
    printed(&chartroom(work).args(arguments).output().expect("the program starts"))
}

/// The rows of `findings.csv` by column.
fn findings(work: &Path) -> Vec<BTreeMap<String, String>> {
    let path = run_folder(&work.join("out")).join("data/findings.csv");
    let mut reader = csv::Reader::from_path(path).expect("findings");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

/// The rows of `findings_by_value.parquet` as `rule encounter position value input row`.
fn rows_by_value(work: &Path) -> Vec<String> {
    let path = run_folder(&work.join("out")).join("data/findings_by_value.parquet");
    let frame = ParquetReader::new(std::fs::File::open(path).expect("the file")).finish().expect("a Parquet file");
    let names = ["rule", "encounter_id", "position", "value", "input", "row"];
    let columns = names.map(|name| frame.column(name).expect("a column"));
    (0..frame.height())
        .map(|row| columns.map(|column| column.get(row).expect("a value").to_string().replace('"', "")).join(" "))
        .collect()
}

fn rule(work: &Path, code: &str) -> serde_json::Value {
    let results = results(&work.join("out"));
    let rules = results["rules"].as_array().expect("rules");
    rules.iter().find(|rule| rule["code"] == code).expect("a rule").clone()
}

const DATA: &str = "S7,P7,0042,2026-10-01,2026-10-03,F,I10,E119,\nS8,P8,0042,2026-10-01,2026-10-04,M,I10,,\n";

#[test]
fn a_file_without_its_heading_is_one_line_that_comes_first_and_stands_once() {
    let work = tempfile::tempdir().expect("a folder");
    let good = format!("{HEADING}S1,P1,0042,2026-10-01,2026-10-03,F,I10,,\n");
    let documents = "ID,DOC,TYPE\nS1,D1,discharge_summary\nS7,D2,discharge_summary\nS7,D3,history_and_physical\nS8,D4,discharge_summary\n";
    site(work.path(), "", &[("stays-1.csv", &good), ("stays-2.csv", DATA), ("documents.csv", documents)]);
    let (account, errors, code) = run(work.path(), &[]);
    assert_eq!(code, 65);
    let lines: Vec<&str> = account.lines().collect();
    assert_eq!(
        lines[..4],
        [
            "Night, as of 2026-11-01",
            "",
            "not used: stays-2.csv does not fit its layout: no heading; row 1 looks like data; 7 columns missing",
            "",
        ]
    );
    // Once for who reads the account, and once for who is sent the errors.
    assert_eq!((account.matches("does not fit").count(), errors.matches("does not fit").count()), (1, 1));
    let told = format!(
        "error: stays-2.csv does not fit its layout: no heading; row 1 looks like data; 7 columns missing\n{TO_DO}"
    );
    assert_eq!(errors, told);
    // Three documents are of stays that the file should have brought; whether they have none is not known.
    assert!(lines.contains(&"  not applied: TAB003 on 3 rows, because stays-2.csv was not used"), "{account}");
    assert_eq!(rule(work.path(), "TAB003")["failed"], 0);
    let results = results(&work.path().join("out"));
    assert_eq!(results["not_asked"][0]["rules"][0], serde_json::json!({"code": "TAB003", "times": 3, "of": "row"}));
    // Without an account the errors are the same.
    std::fs::remove_dir_all(work.path().join("out")).expect("removed");
    let (account, errors, _) = run(work.path(), &["--quiet"]);
    assert_eq!(account, "");
    assert_eq!(errors, told);
}

#[test]
fn what_is_not_asked_without_a_table_is_said_with_what_it_was_asked_of() {
    let work = tempfile::tempdir().expect("a folder");
    let good = format!("{HEADING}S1,P1,0042,2026-10-01,2026-10-03,F,I10,,\n");
    site(work.path(), "", &[("stays.csv", &good), ("documents-2026-10-31.csv", "%PDF-1.7 \u{0}")]);
    let (account, _, code) = run(work.path(), &[]);
    assert_eq!(code, 65);
    let line = account.lines().find(|line| line.contains("not applied: ")).expect("a line");
    assert!(
        line.starts_with("  not applied: ") && line.ends_with(", because documents-2026-10-31.csv was not used"),
        "{line}"
    );
    let results = results(&work.path().join("out"));
    let rules = results["not_asked"][0]["rules"].as_array().expect("rules");
    for code in ["TAB003", "DOC001", "DOC006"] {
        assert!(rules.iter().any(|rule| rule["code"] == code), "{code} is missing in {rules:?}");
    }
    // What all tables brought leaves nothing unasked.
    site(work.path(), "", &[("documents-2026-10-31.csv", "ID,DOC,TYPE\nS1,D1,discharge_summary\n")]);
    std::fs::remove_dir_all(work.path().join("out")).expect("removed");
    let (account, _, code) = run(work.path(), &[]);
    assert!(code == 0 && !account.contains("not applied") && !account.contains("not used"), "{account}");
}

#[test]
fn a_fault_that_many_files_share_is_said_once_with_their_count_and_the_first_names() {
    let work = tempfile::tempdir().expect("a folder");
    let good = format!("{HEADING}S1,P1,0042,2026-10-01,2026-10-03,F,I10,,\n");
    site(work.path(), "", &[("stays-0.csv", &good)]);
    for number in 1..=31 {
        std::fs::write(work.path().join(format!("stays-{number:02}.csv")), DATA).expect("written");
    }
    let (account, errors, code) = run(work.path(), &[]);
    assert_eq!(code, 65);
    let told = "not used: 31 files, each does not fit its layout: no heading; row 1 looks like data; 7 columns missing: \
                stays-01.csv, stays-02.csv, stays-03.csv and 28 more";
    assert_eq!(account.lines().nth(2), Some(told));
    assert_eq!(errors, format!("{}\n{TO_DO}", told.replace("not used:", "error:")));
    // Where nothing could be used there is no account, and the error says it, once too.
    std::fs::remove_file(work.path().join("stays-0.csv")).expect("removed");
    let (_, errors, _) = run(work.path(), &[]);
    assert!(errors.contains("31 files, each does not fit its layout") && errors.lines().count() == 3, "{errors}");
}

#[test]
fn no_cell_of_a_record_is_taken_for_the_name_of_a_column() {
    let work = tempfile::tempdir().expect("a folder");
    // The first row is one of data behind a heading of which half is gone.
    let half = "ID,PAT,FAC,IN,OUT,SEX,DX1,CANARY^MARY,CANARY 0041223,1957-03-04,NOTE\nS1,P1,0042,2026-10-01,2026-10-03,F,I10,a,b,c,d\n";
    site(work.path(), "", &[("stays.csv", half)]);
    let (account, errors, code) = run(work.path(), &["--format", "both"]);
    assert_eq!((code, errors.as_str()), (0, ""), "{account}");
    let columns = &results(&work.path().join("out"))["inputs"][0]["unmapped_columns"];
    assert_eq!(*columns, serde_json::json!(["column 8", "column 9", "column 10", "NOTE"]));
    let data = run_folder(&work.path().join("out")).join("data");
    for name in ["run_results.json", "statistics.txt", "findings.csv"] {
        let text = std::fs::read_to_string(data.join(name)).expect("a text");
        assert!(!text.contains("CANARY") && !text.contains("1957"), "{name}");
    }
}

/// Five stays whose codes are written with dots: `I10.` once, `E11.9` five times, `e119` twice.
const DOTTED: &str = "S1,P1,0042,2026-10-01,2026-10-03,F,E11.9,e119,\nS2,P2,0042,2026-10-01,2026-10-03,F,E11.9,,\n\
                      S3,P3,0042,2026-10-01,2026-10-03,F,E11.9,I10,\nS4,P4,0042,2026-10-01,2026-10-03,F,E11.9,e119,\n\
                      S5,P5,0042,2026-10-01,2026-10-03,F,J189,E11.9,\n";

#[test]
fn a_rule_reported_by_value_has_a_line_a_value_and_every_row_in_the_parquet_file() {
    let work = tempfile::tempdir().expect("a folder");
    let rows = format!("{HEADING}{DOTTED}");
    site(work.path(), "fail_on = \"info\"", &[("stays.csv", &rows)]);
    let (account, errors, code) = run(work.path(), &[]);
    assert_eq!((errors.as_str(), code), ("", 1), "{account}");
    let own: Vec<_> = findings(work.path()).into_iter().filter(|row| row["rule"] == "COD107").collect();
    let told: Vec<String> = own
        .iter()
        .map(|row| {
            let cells = ["severity", "encounter_id", "field", "position", "value", "input", "row", "count", "samples"];
            cells.map(|name| row[name].as_str()).join("|")
        })
        .collect();
    assert_eq!(
        told,
        [
            "info|S1|diagnosis_code|1|E11.9|stays.csv|2|5|S1; S2; S3",
            "info|S1|diagnosis_code|2|e119|stays.csv|2|2|S1; S4",
        ]
    );
    assert_eq!(
        rows_by_value(work.path()),
        [
            "COD107 S1 1 E11.9 stays.csv 2",
            "COD107 S1 2 e119 stays.csv 2",
            "COD107 S2 1 E11.9 stays.csv 3",
            "COD107 S3 1 E11.9 stays.csv 4",
            "COD107 S4 1 E11.9 stays.csv 5",
            "COD107 S4 2 e119 stays.csv 5",
            "COD107 S5 2 E11.9 stays.csv 6",
        ]
    );
    // The scorecard and the totals count every finding.
    let card = rule(work.path(), "COD107");
    assert_eq!((card["failed"].as_u64(), card["examined"].as_u64()), (Some(7), Some(9)));
    assert_eq!((card["reported"].as_str(), card["values"].as_u64()), (Some("by value"), Some(2)));
    assert!(account.contains("\n  by value: 7 COD107 diagnosis-written-with-punctuation (2 values)\n"), "{account}");
    let results = results(&work.path().join("out"));
    let listed: u64 = findings(work.path()).iter().map(|row| row["count"].parse::<u64>().expect("a count")).sum();
    let counted = results["rules"].as_array().expect("rules").iter().filter(|rule| rule["reported"] == "counted");
    let counted: u64 = counted.filter_map(|rule| rule["failed"].as_u64()).sum();
    let total: u64 =
        results["findings"].as_object().expect("findings").values().filter_map(|count| count.as_u64()).sum();
    assert_eq!(listed + counted, total);
}

#[test]
fn acceptances_count_as_before_and_what_is_accepted_is_no_value() {
    let work = tempfile::tempdir().expect("a folder");
    let accept = "[edits]\naccept = [{ rule = \"COD107\", record = \"S4\", reason = \"as the sender writes\", author = \"Clerk\" }]";
    let rows = format!("{HEADING}{DOTTED}");
    site(work.path(), "", &[("stays.csv", &rows)]);
    let pipeline = std::fs::read_to_string(work.path().join("pipeline.toml")).expect("read") + accept;
    std::fs::write(work.path().join("pipeline.toml"), pipeline).expect("written");
    let (account, errors, code) = run(work.path(), &[]);
    assert_eq!((errors.as_str(), code), ("", 0), "{account}");
    let card = rule(work.path(), "COD107");
    assert_eq!((card["failed"].as_u64(), card["accepted"].as_u64()), (Some(5), Some(2)));
    assert!(rows_by_value(work.path()).iter().all(|row| !row.contains(" S4 ")));
    let accepted =
        std::fs::read_to_string(run_folder(&work.path().join("out")).join("data/accepted.csv")).expect("read");
    assert_eq!(accepted.lines().filter(|line| line.starts_with("COD107,info,S4,")).count(), 2);
}

#[test]
fn a_pipeline_may_ask_for_values_and_leave_information_out() {
    let work = tempfile::tempdir().expect("a folder");
    // ZZZZ is no code of any system; its form alone says so.
    let rows = format!(
        "{HEADING}S1,P1,0042,2026-10-01,2026-10-03,F,ZZZZ,E11.9,\nS2,P2,0042,2026-10-01,2026-10-03,F,ZZZZ,,\nS3,P3,0042,2026-10-01,2026-10-03,F,I10,,\n"
    );
    site(work.path(), "", &[("stays.csv", &rows)]);
    let lines = |code: &str| findings(work.path()).iter().filter(|row| row["rule"] == code).count();
    run(work.path(), &[]);
    let before = (rule(work.path(), "COD101")["failed"].as_u64(), lines("COD101"), lines("COD107"));
    assert_eq!(before, (Some(2), 2, 1));
    let pipeline = std::fs::read_to_string(work.path().join("pipeline.toml")).expect("read");
    let edits = "[edits]\nby_value = \"diagnosis-malformed\"\ninfo_findings = false\n";
    std::fs::write(work.path().join("pipeline.toml"), pipeline + edits).expect("written");
    std::fs::remove_dir_all(work.path().join("out")).expect("removed");
    let (account, _, _) = run(work.path(), &[]);
    assert_eq!((rule(work.path(), "COD101")["failed"].as_u64(), lines("COD101"), lines("COD107")), (Some(2), 1, 0));
    assert_eq!(rule(work.path(), "COD107")["failed"], 1);
    assert!(account.contains("  counted: 1 COD107 diagnosis-written-with-punctuation\n"), "{account}");
    assert!(account.contains("  by value: 2 COD101 diagnosis-malformed (1 value)\n"), "{account}");
    // The worklist of records to correct is by record, however findings are reported.
    let list = run_folder(&work.path().join("out")).join("data/worklists/records_to_correct.csv");
    assert_eq!(std::fs::read_to_string(list).expect("read").lines().filter(|line| line.contains("COD101")).count(), 2);
}

/// The lines of the account on whole files.
fn looked_at(account: &str) -> Vec<&str> {
    account.lines().filter_map(|line| line.strip_prefix("  look at: ")).collect()
}

#[test]
fn warnings_have_a_line_and_a_finding_of_a_file_has_its_name() {
    let work = tempfile::tempdir().expect("a folder");
    let row = "S1,P1,0042,2026-10-01,2026-10-03,F,I10,,\n";
    // The second file was cut on its way, the third has a hole; a stay of the first is longer than most.
    let long = format!("{HEADING}{row}S2,P2,0042,2024-10-01,2026-10-03,F,I10,,\n");
    let cut = format!("{HEADING}{DATA}S9,P9,0042,2026-10-0");
    let hole = format!("{HEADING}S5,P5,0042,2026-10-01,2026-10-03,F,I10,,\nS6,P6{},,\n", "\0".repeat(300));
    site(work.path(), "", &[("stays-1.csv", &long), ("stays-2.csv", &cut), ("stays-3.csv", &hole)]);
    let (account, errors, code) = run(work.path(), &[]);
    assert_eq!((errors.as_str(), code), ("", 0), "{account}");
    assert_eq!(
        looked_at(&account),
        [
            "stays-2.csv: FIL004 rows cannot be read and stand in the quarantine: 1 of 3; the file ends in the middle of a row",
            "stays-3.csv: FIL004 rows cannot be read and stand in the quarantine: 1 of 2; the file holds 300 zero bytes, which no text does",
        ]
    );
    // Warnings of records as errors are: by rule. Those of files have their lines, and are not told twice.
    let warnings: Vec<&str> = account.lines().filter(|line| line.starts_with("  warning: ")).collect();
    assert!(warnings.len() == 1 && warnings[0].contains("1 LOG") && !warnings[0].contains("FIL004"), "{account}");
    let told = &results(&work.path().join("out"))["file_findings"];
    assert_eq!(
        told[0],
        serde_json::json!({"input": "stays-2.csv", "rule": "FIL004", "severity": "warning",
            "words": "rows cannot be read and stand in the quarantine: 1 of 3; the file ends in the middle of a row"})
    );
    // A line end that is missing after a whole row is no sign of anything.
    site(work.path(), "", &[("stays-2.csv", cut[..cut.len() - 21].trim_end()), ("stays-3.csv", HEADING)]);
    std::fs::remove_dir_all(work.path().join("out")).expect("removed");
    let (account, _, _) = run(work.path(), &[]);
    assert_eq!(looked_at(&account), ["stays-3.csv: FIL006 the input has a heading and no rows"]);
    // Nothing is printed where nothing was asked for.
    let (account, errors, code) = run(work.path(), &["--quiet"]);
    assert_eq!((account.as_str(), errors.as_str(), code), ("", "", 0));
}

#[test]
fn what_other_lines_tell_of_a_file_is_not_told_twice_and_many_findings_of_files_are_counted() {
    let work = tempfile::tempdir().expect("a folder");
    let row = |number: u32| format!("S{number},P{number},0042,2026-10-01,2026-10-03,F,I10,,\n");
    let good = format!("{HEADING}{}", row(1));
    site(work.path(), "state = \"state\"", &[("stays-1.csv", &good), ("stays-2.csv", &good)]);
    let (account, _, _) = run(work.path(), &[]);
    assert!(account.contains("\n  sent again: stays-2.csv is stays-1.csv once more\n"), "{account}");
    assert_eq!(looked_at(&account), Vec::<&str>::new(), "{account}");
    // Another version of a file; and a file of which no row can be read has one line.
    site(
        work.path(),
        "state = \"state\"",
        &[("stays-1.csv", &(good + &row(2))), ("stays-2.csv", &format!("{HEADING}x,y\n"))],
    );
    let (account, errors, code) = run(work.path(), &[]);
    let why = "error: stays-2.csv: no row can be read: 1 of 1; the first: the row has fewer fields than the heading; \
               quarantine.csv has each row with its reason\n";
    assert_eq!((errors, code), (format!("{why}{TO_DO}"), 65));
    // It is as useless as one that cannot be opened: the night is not whole.
    assert!(account.contains("when every file is there and can be read: on the same day, run again"), "{account}");
    let lines = looked_at(&account);
    assert!(
        lines.contains(
            &"stays-1.csv: FIL016 a file of this name was taken before with other bytes; this is another version of it"
        ),
        "{account}"
    );
    assert!(lines.contains(&"stays-2.csv: FIL011 no row of the input can be read: 1 of 1"), "{account}");
    assert!(!account.contains("FIL004"), "{account}");
    for number in 3..=9 {
        let text = format!("{HEADING}{}x,y\n", row(number));
        std::fs::write(work.path().join(format!("stays-{number}.csv")), text).expect("written");
    }
    let (account, _, _) = run(work.path(), &[]);
    let lines = looked_at(&account);
    assert_eq!((lines.len(), lines[4]), (5, "6 more findings of whole files: findings.csv"), "{account}");
    assert!(lines[0].starts_with("stays-2.csv: FIL011"), "the heaviest comes first: {account}");
    // What is new comes before what was seen the day before.
    std::fs::write(work.path().join("stays-99.csv"), format!("{HEADING}{}x,y\n", row(99))).expect("written");
    let (account, _, _) = run(work.path(), &["--as-of", "2026-11-02"]);
    assert!(looked_at(&account)[0].starts_with("stays-99.csv: FIL004"), "{account}");
}

#[test]
fn a_file_that_was_not_sent_whole_and_cannot_be_used_says_so() {
    let good = format!("{HEADING}S1,P1,0042,2026-10-01,2026-10-03,F,I10,,\n");
    for (text, words) in [
        ("\0".repeat(2000), "holds zero bytes alone: it was not copied whole; ask for it again"),
        (
            format!("{}{HEADING}", "\0".repeat(7)) + DATA,
            "holds 7 zero bytes, which no text does; ask for it again (does not fit",
        ),
        ("ID,PAT,".to_owned(), "; the file is one line without a line end: was it sent whole?"),
    ] {
        let work = tempfile::tempdir().expect("a folder");
        site(work.path(), "", &[("stays-1.csv", &good), ("stays-2.csv", &text)]);
        let (account, _, code) = run(work.path(), &[]);
        let told = account.lines().nth(2).expect("a line");
        assert!(code == 65 && told.starts_with("not used: stays-2.csv ") && told.contains(words), "{told}");
    }
}
