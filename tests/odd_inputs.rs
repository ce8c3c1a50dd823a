//! Inputs with a fault in a place: the place is told, its bytes are kept, and the rest is read.

use std::path::Path;

use polars::prelude::{ParquetReader, SerReader as _};

use crate::command::{chartroom, printed, results, run_folder};

const LAYOUT: &str = "title = \"Visits\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"visit\"\nservice = \"service\"\n\
    attending_name = \"attending\"\npayer = { column = \"payer\", values = [\"MA\"] }\n\
    admission_date = { column = \"admitted\", formats = [\"%Y-%m-%d\"] }\ndiagnosis_code = { columns = \"dx\" }\n";

/// Writes an export, its layout and a pipeline into a folder.
fn write(folder: &Path, file: &str, content: &[u8], layout: &str, more: &str) {
    std::fs::write(folder.join(file), content).expect("written");
    std::fs::write(folder.join("visits.toml"), layout).expect("written");
    let text = format!(
        "title = \"Visits\"\n{more}[[ingest]]\nname = \"visits\"\nfiles = \"export*\"\nlayout = \"visits.toml\"\n"
    );
    std::fs::write(folder.join("pipeline.toml"), text).expect("written");
}

fn run(folder: &Path, more: &[&str]) -> (String, String, i32) {
    let output = chartroom(folder).args(["run", "pipeline.toml", "--as-of", "2026-11-01"]).args(more).output();
    printed(&output.expect("the program starts"))
}

/// The rows of a comma-separated output as cells.
fn rows(folder: &Path, name: &str) -> Vec<Vec<String>> {
    let mut reader =
        csv::Reader::from_path(run_folder(&folder.join("out")).join("data").join(name)).expect("an output");
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

/// Values of the findings of one rule.
fn values(folder: &Path, rule: &str) -> Vec<String> {
    rows(folder, "findings.csv").into_iter().filter(|row| row[0] == rule).map(|row| row[5].clone()).collect()
}

#[test]
fn a_row_with_a_zero_byte_or_broken_bytes_is_quarantined_alone_and_its_bytes_are_kept() {
    let work = tempfile::tempdir().expect("a folder");
    let mut text = "visit,service,attending,payer,admitted,dx\n1,Größe,Müller,MA,2026-10-01,I10\n".as_bytes().to_vec();
    text.extend_from_slice(
        b"2,A\0B,x,MA,2026-10-01,I10\n3,C:\\D,\xff\xfe,MA,2026-10-01,I10\n4,ok,x,MA,2026-10-01,I10\n",
    );
    let layout = LAYOUT.replace("[columns]", "[source]\nencoding = \"utf-8\"\n[columns]");
    write(work.path(), "export.csv", &text, &layout, "");
    let (account, errors, code) = run(work.path(), &[]);
    assert_eq!((errors.as_str(), code), ("", 0), "{account}");
    let kept: Vec<[String; 2]> =
        rows(work.path(), "quarantine.csv").into_iter().map(|row| [row[1].clone(), row[3].clone()]).collect();
    let expected = [["3", "2,A\\x00B,x,MA,2026-10-01,I10"], ["4", "3,C:\\\\D,\\xFF\\xFE,MA,2026-10-01,I10"]];
    assert_eq!(kept, expected.map(|row| row.map(str::to_owned)));
    assert_eq!(results(&work.path().join("out"))["totals"]["accepted"], 2);
}

#[test]
fn a_file_that_is_something_else_than_its_name_says_is_read_and_told() {
    let text = b"visit,service,attending,payer,admitted,dx\n1,MED,x,MA,2026-10-01,I10\n";
    let work = tempfile::tempdir().expect("a folder");
    write(work.path(), "export.xlsx", text, LAYOUT, "");
    assert_eq!(run(work.path(), &[]).2, 0);
    assert_eq!(values(work.path(), "FIL014"), [".xlsx holds text"]);
    let input = rows(work.path(), "findings.csv").into_iter().find(|row| row[0] == "FIL014").expect("a finding");
    assert_eq!(input[7], "export.xlsx");

    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in std::str::from_utf8(text).expect("text").lines().enumerate() {
        for (column, cell) in line.split(',').enumerate() {
            sheet.write_string(row as u32, column as u16, cell).expect("a cell");
        }
    }
    let work = tempfile::tempdir().expect("a folder");
    write(work.path(), "export.csv", &book.save_to_buffer().expect("a workbook"), LAYOUT, "");
    assert_eq!(run(work.path(), &[]).2, 0);
    assert_eq!(values(work.path(), "FIL014"), [".csv holds a workbook"]);
}

#[test]
fn every_row_of_a_long_table_can_be_traced_to_its_place() {
    let work = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(work.path().join(name), text).expect("written");
    write("stays.csv", "visit,patient\nV1,P1\nV2,P2\n");
    write("codes.csv", "visit,seq,code\nV2,1,I10\nV1,2,E119\nV1,1,I10\nV9,1,I10\n");
    write("people.csv", "patient,sex\nP2,F\nP1,M\n");
    let layout = |table: &str, columns: &str| format!("title = \"x\"\ntable = \"{table}\"\n[columns]\n{columns}");
    write("stays.toml", &layout("encounters", "encounter_id = \"visit\"\npatient_id = \"patient\"\n"));
    let codes = "encounter_id = \"visit\"\ndiagnosis_sequence = \"seq\"\ndiagnosis_code = \"code\"\n";
    write("codes.toml", &layout("diagnoses", codes));
    write("people.toml", &layout("patients", "patient_id = \"patient\"\nsex = \"sex\"\n"));
    let feeds = ["stays", "codes", "people"]
        .map(|name| format!("[[ingest]]\nname = \"{name}\"\nfiles = \"{name}.csv\"\nlayout = \"{name}.toml\"\n"));
    write("pipeline.toml", &format!("title = \"Visits\"\n{}", feeds.concat()));
    let (_, errors, code) = run(work.path(), &[]);
    assert_eq!((errors.as_str(), code), ("", 0));
    let file = std::fs::File::open(run_folder(&work.path().join("out")).join("data/record_sources.parquet"));
    let frame = ParquetReader::new(file.expect("the sources")).finish().expect("a table");
    let mut lines: Vec<String> = (0..frame.height())
        .map(|row| {
            frame
                .get(row)
                .expect("a row")
                .iter()
                .map(|cell| cell.str_value().into_owned())
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    lines.sort();
    let expected = [
        "V1 diagnoses 1 codes.csv 4 null",
        "V1 diagnoses 2 codes.csv 3 null",
        "V1 encounters null stays.csv 2 null",
        "V1 patients null people.csv 3 null",
        "V2 diagnoses 1 codes.csv 2 null",
        "V2 encounters null stays.csv 3 null",
        "V2 patients null people.csv 2 null",
        "V9 diagnoses null codes.csv 5 null",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn a_stated_delimiter_that_cuts_nothing_is_told_with_the_one_that_would() {
    let work = tempfile::tempdir().expect("a folder");
    let text = b"visit,service,attending,payer,admitted,dx\n1,MED,x,MA,2026-10-01,I10\n";
    let layout = LAYOUT.replace("[columns]", "[source]\ndelimiter = \";\"\n[columns]");
    write(work.path(), "export.csv", text, &layout, "");
    let (_, errors, code) = run(work.path(), &[]);
    assert_eq!(code, 65, "{errors}");
    assert!(errors.contains("one column by the delimiter \";\" that is stated; is it delimiter = \",\"?"), "{errors}");
}

#[test]
fn text_behind_the_columns_of_a_fixed_width_export_is_quarantined_whole() {
    let layout = "title = \"Fixed\"\ntable = \"encounters\"\n[source]\nformat = \"fixed_width\"\n[columns]\n\
        encounter_id = { start = 1, width = 3 }\nservice = { start = 4, width = 3 }\n";
    let work = tempfile::tempdir().expect("a folder");
    write(work.path(), "export.txt", b"001MED\n002SUR and more\n003PED   \n", layout, "");
    assert_eq!(run(work.path(), &[]).2, 0);
    let kept = rows(work.path(), "quarantine.csv");
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0][1].as_str(), kept[0][3].as_str()), ("2", "002SUR and more"));
}

#[test]
fn an_input_for_another_month_or_in_another_version_is_told_where_state_is_kept() {
    let text = "visit,service,attending,payer,admitted,dx\n1,MED,x,MA,2026-10-01,I10\n";
    let work = tempfile::tempdir().expect("a folder");
    write(work.path(), "export.csv", text.as_bytes(), LAYOUT, "state = \"state\"\n");
    let state = work.path().join("state/catalogue.sqlite");
    let again = |more: &[&str]| {
        let _ = std::fs::remove_dir_all(work.path().join("out"));
        assert_eq!(run(work.path(), more).2, 0);
    };
    assert_eq!(run(work.path(), &["--period", "2026-09", "--dry-run"]).2, 0);
    assert!(!state.exists());
    for _ in 0..2 {
        again(&["--period", "2026-09"]);
        assert_eq!((values(work.path(), "FIL003").len(), values(work.path(), "FIL016").len()), (0, 0));
    }
    again(&["--period", "2026-10"]);
    assert_eq!(values(work.path(), "FIL003").len(), 1);
    std::fs::write(work.path().join("export.csv"), text.replace("MED", "SUR")).expect("written");
    again(&["--period", "2026-10"]);
    assert_eq!((values(work.path(), "FIL003").len(), values(work.path(), "FIL016").len()), (0, 1));
}

#[test]
fn values_of_megabytes_are_shown_by_their_begin_in_little_memory() {
    const LONG: usize = 5_000_000;
    let work = tempfile::tempdir().expect("a folder");
    let long = "x".repeat(LONG);
    let mut text = String::from("visit,service,attending,payer,admitted,dx\n");
    for visit in 0..40 {
        let cells: Vec<&str> =
            (1..6).map(|column| if visit % 5 + 1 == column { long.as_str() } else { "MA" }).collect();
        text.push_str(&format!("{visit},{}\n", cells.join(",")));
    }
    text.push_str(&format!("40,{long}\n"));
    write(work.path(), "export.csv", text.as_bytes(), LAYOUT, "[statistics]\nformat = \"both\"\n");
    drop(text);
    let mut child = chartroom(work.path())
        .args(["run", "pipeline.toml", "--as-of", "2026-11-01", "--quiet"])
        .spawn()
        .expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("a child").is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with("VmHWM"));
        let kib = line.and_then(|line| line.split_whitespace().nth(1)).and_then(|number| number.parse().ok());
        peak = peak.max(kib.unwrap_or(0_u64));
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    assert_eq!(child.wait().expect("a child").code(), Some(0));
    println!("{} MiB", peak >> 10);
    assert!(peak < 512 << 10, "{} MiB", peak >> 10);

    assert_eq!(values(work.path(), "FIL015"), ["40"]);
    let folder = run_folder(&work.path().join("out")).join("data");
    let mut lists: Vec<_> =
        std::fs::read_dir(folder.join("worklists")).expect("worklists").flatten().map(|file| file.path()).collect();
    lists.extend(["findings.csv", "quarantine.csv"].map(|name| folder.join(name)));
    for path in lists {
        for row in csv::Reader::from_path(&path).expect("a list").records() {
            assert!(row.expect("a row").iter().all(|cell| cell.len() <= 32_767), "{}", path.display());
        }
    }
    let payers = values(work.path(), "FLD032");
    let told: Vec<&String> = payers.iter().filter(|value| value.len() > 100).collect();
    assert_eq!(told.len(), 8);
    let place = "x... (5,000,000 characters; whole value in export.csv row 4)";
    assert!(told.iter().any(|value| value.ends_with(place)), "{}", &told[0][31_990..]);
    let whole: usize = rows(work.path(), "quarantine.csv").iter().map(|row| row[3].len()).sum();
    assert_eq!(whole, LONG + "40,".len());
    assert_eq!(results(&work.path().join("out"))["totals"]["quarantined"], 1);
}

#[test]
fn rows_that_are_no_records_are_notes_and_the_rest_is_conserved() {
    let text = "visit,service,attending,payer,admitted,dx\n1,MED,x,MA,2026-10-01,I10\n,,,,,\nvisit,service,attending,payer,admitted,dx\n\
                2,MED,x,MA,2026-10-02,I10\n,,,,,\n,,,,,\n";
    let work = tempfile::tempdir().expect("a folder");
    write(work.path(), "export.csv", text.as_bytes(), LAYOUT, "");
    let (account, errors, code) = run(work.path(), &[]);
    assert_eq!((errors.as_str(), code), ("", 0), "{account}");
    let results = results(&work.path().join("out"));
    let input = &results["inputs"][0];
    let counts = ["read", "accepted", "quarantined", "duplicate", "notes"].map(|name| input[name].as_u64());
    assert_eq!(counts, [2, 2, 0, 0, 4].map(Some), "{input}");
    assert!(!values(work.path(), "FLD001").iter().any(|value| value == "visit"));
}

#[test]
fn a_delimiter_behind_every_row_that_the_heading_lacks_is_no_column_to_draft_and_run_alike() {
    let rows: String =
        (1..=30).map(|number| format!("\"V{number}\",\"MED\",\"x\",\"MA\",\"2026-10-02\",\"I10\",\n")).collect();
    let text = format!("visit,service,attending,payer,admitted,dx\n{rows}");
    let work = tempfile::tempdir().expect("a folder");
    write(work.path(), "export.csv", text.as_bytes(), LAYOUT, "");
    let (account, errors, code) = run(work.path(), &[]);
    assert_eq!((errors.as_str(), code), ("", 0), "{account}");
    assert_eq!(results(&work.path().join("out"))["totals"]["accepted"], 30);
    let draft = chartroom(work.path()).args(["layout", "draft", "export.csv"]).output().expect("the program starts");
    let (draft, _, _) = printed(&draft);
    assert!(draft.contains("header_row = 1"), "{draft}");
    std::fs::write(work.path().join("visits.toml"), &draft).expect("written");
    std::fs::remove_dir_all(work.path().join("out")).expect("removed");
    assert_eq!(run(work.path(), &[]).2, 0);
    let results = results(&work.path().join("out"));
    let counts = ["accepted", "quarantined"].map(|name| results["totals"][name].as_u64());
    assert_eq!(counts, [30, 0].map(Some), "{draft}");
}

#[test]
fn a_date_by_its_type_is_read_whatever_its_time_and_whatever_format_is_stated() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let format = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd hh:mm");
    for (column, name) in ["visit", "admitted", "discharged"].iter().enumerate() {
        sheet.write_string(0, column as u16, *name).expect("a cell");
    }
    for row in 1..=4u32 {
        sheet.write_string(row, 0, format!("V{row}")).expect("a cell");
        // The second and the fourth were discharged at midnight.
        let time = if row % 2 == 0 { 0.0 } else { 0.4375 };
        sheet.write_number_with_format(row, 1, 46_298.25, &format).expect("a cell");
        sheet.write_number_with_format(row, 2, 46_300.0 + time, &format).expect("a cell");
    }
    let bytes = book.save_to_buffer().expect("a workbook");
    for stated in ["%Y-%m-%d %H:%M:%S", "%m/%d/%Y"] {
        let layout = format!(
            "title = \"Visits\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"visit\"\n\
             admission_date = {{ column = \"admitted\", formats = [\"{stated}\"] }}\n\
             discharge_date = {{ column = \"discharged\", formats = [\"{stated}\"] }}\n"
        );
        let work = tempfile::tempdir().expect("a folder");
        write(work.path(), "export.xlsx", &bytes, &layout, "");
        let (account, errors, code) = run(work.path(), &[]);
        assert_eq!((errors.as_str(), code), ("", 0), "{account}");
        let results = results(&work.path().join("out"));
        assert_eq!(results["encounters"]["in_statistics"], 4, "{stated}");
        assert_eq!(values(work.path(), "FLD022"), Vec::<String>::new(), "{stated}");
    }
}

#[test]
fn what_a_spreadsheet_puts_around_a_text_is_no_part_of_it_and_stays_in_the_findings() {
    let text = "visit,service,attending,payer,admitted,dx\n=\"00012\",\u{a0}MED\u{a0},x,\u{a0}MA,2026-10-01\u{a0},\u{a0}I10\n\
                =\"00013\",MED,x,=\"XX\",2026-10-01,I10\n";
    let work = tempfile::tempdir().expect("a folder");
    write(work.path(), "export.csv", text.as_bytes(), LAYOUT, "");
    let (account, errors, code) = run(work.path(), &[]);
    assert_eq!((errors.as_str(), code), ("", 0), "{account}");
    let findings: Vec<[String; 3]> = rows(work.path(), "findings.csv")
        .into_iter()
        .filter(|row| row[1] == "error" || row[1] == "fatal")
        .map(|row| [row[0].clone(), row[2].clone(), row[5].clone()])
        .collect();
    assert!(findings.iter().all(|finding| finding[1] == "00013" || finding[1] == "00012"), "{findings:?}");
    let payers: Vec<&[String; 3]> = findings.iter().filter(|finding| finding[0] == "FLD032").collect();
    // The apostrophe keeps a spreadsheet from taking it for a formula.
    assert_eq!(payers, [&["FLD032", "00013", "'=\"XX\""].map(str::to_owned)], "the raw text");
    assert!(!findings.iter().any(|finding| finding[0] == "FLD021"), "{findings:?}");
}
