//! Chart deficiencies through the program: what a records department calls incomplete is on the worklist of the one who must act, and nothing else is.

use std::path::Path;

use crate::command::{chartroom, printed, results, root, run_folder};

const STAYS: &str = r#"title = "Stays"
table = "encounters"
[columns]
encounter_id = "VISIT"
facility_id = "FAC"
patient_id = "MRN"
admission_date = "ADM"
discharge_date = "DIS"
discharge_status = "STATUS"
attending_name = "ATT"
operating_npi = "OPNPI"
procedure_code = { columns = "PR{1..2}" }
procedure_date = { columns = "PRD{1..2}" }
surgeon_npi = { columns = "SURG{1..2}" }
"#;

const DOCUMENTS: &str = r#"title = "Documents"
table = "documents"
[columns]
encounter_id = "VISIT"
document_id = "DOC"
document_type = "TYPE"
document_author = "AUTH"
document_cosigner = "COS"
event_date = { column = "EVENT", formats = ["%Y-%m-%d"] }
dictated_at = { column = "WRITTEN", formats = ["%Y-%m-%d %H:%M"] }
signed_at = { column = "SIGNED", formats = ["%Y-%m-%d %H:%M"] }
cosigned_at = { column = "COSIGNED", formats = ["%Y-%m-%d %H:%M"] }
character_count = "CH"
"#;

const STAY_HEADING: &str = "VISIT,FAC,MRN,ADM,DIS,STATUS,ATT,OPNPI,PR1,PRD1,SURG1,PR2,PRD2,SURG2\n";
const DOCUMENT_HEADING: &str = "VISIT,DOC,TYPE,AUTH,COS,EVENT,WRITTEN,SIGNED,COSIGNED,CH\n";

/// A work folder with these stays and documents; without documents there is no such file.
fn work(stays: &str, documents: Option<&str>) -> tempfile::TempDir {
    let work = tempfile::tempdir().expect("a folder");
    let matrix = root().join("pipelines/matrices/expected-documents.toml");
    let pipeline = format!(
        "title = \"T\"\n[[ingest]]\nname = \"stays\"\nfiles = \"stays.csv\"\nlayout = \"stays.toml\"\n[[ingest]]\nname = \"documents\"\nfiles = \"documents.csv\"\nlayout = \"documents.toml\"\nrequired = false\n[deficiency]\nmatrix = \"{}\"\n[statistics]\nformat = \"text\"\n",
        matrix.display()
    );
    for (name, text) in
        [("stays.toml", STAYS.to_owned()), ("documents.toml", DOCUMENTS.to_owned()), ("pipeline.toml", pipeline)]
    {
        std::fs::write(work.path().join(name), text).expect("written");
    }
    std::fs::write(work.path().join("stays.csv"), format!("{STAY_HEADING}{stays}")).expect("written");
    if let Some(documents) = documents {
        std::fs::write(work.path().join("documents.csv"), format!("{DOCUMENT_HEADING}{documents}")).expect("written");
    }
    work
}

/// Runs and returns what was printed.
fn run(work: &Path, as_of: &str) -> String {
    let _ = std::fs::remove_dir_all(work.join("out"));
    let output = chartroom(work).args(["run", "pipeline.toml", "--as-of", as_of]).output().expect("it starts");
    let (account, errors, code) = printed(&output);
    assert!(code < 2 || errors.contains("documents.csv"), "{errors}");
    account
}

/// Rows of a worklist with these columns, joined by `|`.
fn worklist(work: &Path, name: &str, columns: &[&str]) -> Vec<String> {
    let path = run_folder(&work.join("out")).join("data/worklists").join(name);
    let mut reader = csv::Reader::from_path(path).expect("the worklist");
    let headings = reader.headers().expect("headings").clone();
    let places: Vec<usize> = columns
        .iter()
        .map(|name| headings.iter().position(|heading| heading == *name).unwrap_or_else(|| panic!("{name}")))
        .collect();
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| places.iter().map(|place| &row[*place]).collect::<Vec<_>>().join("|")).collect()
}

fn deficiencies(work: &Path) -> Vec<String> {
    worklist(work, "deficiencies.csv", &["encounter_id", "code", "document_type", "document_id", "clinician"])
}

const TIMELY: &str = "E1,D1,history_and_physical,\"CHO, M\",,,2026-09-01 10:00,2026-09-01 12:00,,100\nE1,D2,discharge_summary,\"CHO, M\",,,2026-09-06 10:00,2026-09-06 12:00,,100\n";

#[test]
fn every_document_of_the_index_is_signed_countersigned_and_has_text_whatever_the_matrix_expects() {
    // 42 CFR 482.24(c)(1): every entry of the record is authenticated by the person responsible for it.
    let stays =
        "E1,,P1,2026-09-01,2026-09-05,01,\"CHO, M\",,,,,,,\nE2,,P2,2026-09-02,2026-09-02,01,\"LEE, K\",,,,,,,\n";
    let documents = format!(
        "{TIMELY}E1,D3,consultation,\"CARDIO, X\",,,2026-09-03 10:00,,,100\nE1,D4,progress_note,\"RES, Y\",\"CHO, M\",,2026-09-03 10:00,2026-09-03 10:00,,100\nE2,D5,history_and_physical,\"LEE, K\",,,2026-09-02 10:00,2026-09-02 12:00,,100\nE2,D6,discharge_summary,\"LEE, K\",,,2026-09-02 10:00,,,0\n"
    );
    let work = work(stays, Some(&documents));
    run(work.path(), "2026-11-01");
    assert_eq!(
        deficiencies(work.path()),
        [
            "E1|DEF02|consultation|D3|CARDIO, X",
            "E1|DEF03|progress_note|D4|CHO, M",
            "E2|DEF05|discharge_summary|D6|LEE, K"
        ]
    );
    // Thirty days after discharge, by the rule that is named.
    let due = worklist(work.path(), "deficiencies.csv", &["document_id", "due_date", "rule"]);
    assert!(due[0].starts_with("D3|2026-10-05|42 CFR 482.24(c)(1)-(2)"), "{due:?}");
}

#[test]
fn without_a_document_index_nobody_is_accused_and_the_run_says_so() {
    let stays = "E1,,P1,2026-09-01,2026-09-05,01,\"CHO, M\",,,,,,,\n";
    for (documents, what) in [(None, "away"), (Some(""), "header only"), (Some("\0damaged"), "damaged")] {
        let work = work(stays, documents.filter(|text| text.is_empty()));
        if what == "damaged" {
            std::fs::write(work.path().join("documents.csv"), b"PK\x03\x04 no table of any kind").expect("written");
        }
        let account = run(work.path(), "2026-11-01");
        assert_eq!(deficiencies(work.path()), [""; 0], "{what}");
        assert!(account.contains("deficiencies not applicable: no document index"), "{what}: {account}");
        let results = results(&work.path().join("out"));
        let of = &results["deficiencies"];
        assert_eq!(of["missing_documents"], "not applicable", "{what}");
        assert!(of["why"].as_str().expect("words").starts_with("no document index"), "{what}");
        assert_eq!((of["open"].as_u64(), of["incomplete_records"].as_u64()), (Some(0), Some(0)), "{what}");
        assert_eq!(of["charts_without_index"], 1, "{what}");
        let text = run_folder(&work.path().join("out")).join("data/statistics.txt");
        let text = std::fs::read_to_string(text).expect("the statistics");
        assert!(text.contains("not applicable: no document index"), "{what}");
    }
}

#[test]
fn an_index_without_a_document_of_any_chart_of_a_month_or_facility_does_not_hold_it() {
    let stays = "E1,A,P1,2026-09-01,2026-09-05,01,\"CHO, M\",,,,,,,\nE2,A,P2,2026-09-02,2026-09-06,01,\"CHO, M\",,,,,,,\nE3,A,P3,2026-10-02,2026-10-06,01,\"CHO, M\",,,,,,,\nE4,B,P4,2026-09-02,2026-09-06,01,\"LEE, K\",,,,,,,\n";
    let work = work(stays, Some(TIMELY));
    let account = run(work.path(), "2026-11-01");
    // The index holds September of facility A: there, and there alone, a chart without documents lacks them.
    assert_eq!(
        deficiencies(work.path()),
        ["E2|DEF01|history_and_physical||CHO, M", "E2|DEF01|discharge_summary||CHO, M"]
    );
    assert!(account.contains("missing documents looked for in some charts alone"), "{account}");
    for words in ["1 discharged 2026-09 of facility B", "1 discharged 2026-10 of facility A"] {
        assert!(account.contains(words), "{account}");
    }
    let results = results(&work.path().join("out"));
    assert_eq!(results["deficiencies"]["charts_without_index"], 2);
    assert_eq!(results["deficiencies"]["missing_documents"], "judged in some charts");
}

#[test]
fn an_index_of_which_rows_cannot_be_read_says_of_no_document_that_it_is_missing() {
    let stays =
        "E1,,P1,2026-09-01,2026-09-05,01,\"CHO, M\",,,,,,,\nE2,,P2,2026-09-02,2026-09-06,01,\"CHO, M\",,,,,,,\n";
    // One row in three breaks off; a signature whose time cannot be read is a signature.
    let documents = format!("{}E2,D3\n", TIMELY.replace("2026-09-06 12:00", "6 Sept noon"));
    let work = work(stays, Some(&documents));
    let account = run(work.path(), "2026-11-01");
    assert_eq!(deficiencies(work.path()), [""; 0], "{account}");
    assert!(account.contains("the document index is not whole: 1 of 3 rows cannot be read"), "{account}");
}

#[test]
fn a_missing_operative_report_goes_to_the_surgeon_of_that_day() {
    let stays = "E1,,P1,2026-09-01,2026-09-05,01,\"CHO, M\",1200000036,0DTJ4ZZ,2026-09-02,1200000085,0DTJ4ZZ,2026-09-03,1200000077\nE2,,P2,2026-09-01,2026-09-05,01,\"CHO, M\",1200000036,0DTJ4ZZ,2026-09-02,,,,\nE3,,P3,2026-09-01,2026-09-05,01,\"CHO, M\",,0DTJ4ZZ,2026-09-02,,,,\n";
    let work = work(stays, Some(TIMELY));
    run(work.path(), "2026-11-01");
    let rows = worklist(work.path(), "deficiencies.csv", &["document_type", "encounter_id", "event_date", "clinician"]);
    let reports: Vec<&str> = rows.iter().filter_map(|row| row.strip_prefix("operative_report|")).collect();
    assert_eq!(
        reports,
        ["E1|2026-09-02|1200000085", "E1|2026-09-03|1200000077", "E2|2026-09-02|1200000036", "E3|2026-09-02|CHO, M"]
    );
}

#[test]
fn a_requirement_is_met_by_the_first_document_that_meets_it() {
    let stays =
        "E1,,P1,2026-09-01,2026-09-05,01,\"CHO, M\",,,,,,,\nE2,,P2,2026-09-01,2026-09-05,01,\"CHO, M\",,,,,,,\n";
    // A second history and physical on the third day makes nobody late; two that came late are late once.
    let documents = format!(
        "{TIMELY}E1,D8,history_and_physical,\"CHO, M\",,,2026-09-04 10:00,2026-09-04 12:00,,100\nE2,D9,discharge_summary,\"CHO, M\",,,2026-09-06 10:00,2026-09-06 12:00,,100\nE2,D11,history_and_physical,\"CHO, M\",,,2026-09-05 10:00,2026-09-05 12:00,,100\nE2,D10,history_and_physical,\"CHO, M\",,,2026-09-04 10:00,2026-09-04 12:00,,100\n"
    );
    let work = work(stays, Some(&documents));
    run(work.path(), "2026-11-01");
    assert_eq!(deficiencies(work.path()), ["E2|DEF04|history_and_physical|D10|CHO, M"]);
}

#[test]
fn what_happens_after_the_business_date_has_not_happened_yet() {
    let stays = "E3,,P3,2026-09-02,2026-09-06,01,\"LEE, K\",,,,,,,\n";
    let documents = "E3,D7,history_and_physical,\"LEE, K\",,,2026-09-02 10:00,2026-09-02 12:00,,100\nE3,D9,discharge_summary,\"LEE, K\",,,2026-10-20 10:00,2026-10-22 12:00,,100\n";
    let work = work(stays, Some(documents));
    let on = |day: &str| {
        run(work.path(), day);
        worklist(work.path(), "deficiencies.csv", &["code", "document_id", "status"])
    };
    assert_eq!(on("2026-10-01"), ["DEF01||incomplete"]);
    assert_eq!(on("2026-10-15"), ["DEF01||delinquent"]);
    // Dictated and not signed.
    assert_eq!(on("2026-10-20"), ["DEF02|D9|delinquent", "DEF04|D9|complete, late"]);
    assert_eq!(on("2026-10-22"), ["DEF04|D9|complete, late"]);
}

#[test]
fn spellings_of_a_kind_of_document_are_the_kind_and_unknown_kinds_are_listed_by_frequency() {
    let stays = "E1,,P1,2026-09-01,2026-09-05,01,\"CHO, M\",,,,,,,\n";
    let documents = "E1,D1,History & Physical,\"CHO, M\",,,2026-09-01 10:00,2026-09-01 12:00,,100\nE1,D2,Dischrge Summary,\"CHO, M\",,,2026-09-06 10:00,2026-09-06 12:00,,100\nE1,D3,ECG,\"CHO, M\",,,2026-09-06 10:00,2026-09-06 12:00,,100\nE1,D4,ECG,\"CHO, M\",,,2026-09-06 11:00,2026-09-06 12:00,,100\n";
    let work = work(stays, Some(documents));
    let account = run(work.path(), "2026-11-01");
    assert_eq!(deficiencies(work.path()), ["E1|DEF01|discharge_summary||CHO, M"]);
    assert_eq!(
        worklist(work.path(), "document_types.csv", &["document_type", "documents", "probably_meant"]),
        ["ECG|2|", "Dischrge Summary|1|discharge_summary"]
    );
    assert!(account.contains("3 documents are of kinds that the matrix does not name"), "{account}");
}

#[test]
fn what_names_an_encounter_number_hangs_on_the_stay_of_its_own_facility_or_on_none() {
    let encounters = "title = \"E\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"VISIT\"\nfacility_id = \"FAC\"\nsex = \"SEX\"\ndischarge_date = \"DIS\"\n";
    let diagnoses = "title = \"D\"\ntable = \"diagnoses\"\n[columns]\nencounter_id = \"VISIT\"\ndiagnosis_sequence = \"SEQ\"\ndiagnosis_code = \"CODE\"\n";
    let by_facility = format!("{diagnoses}facility_id = {{ column = \"FAC\", values = {{ B = [\"Hospital B\"] }} }}\n");
    let feeds = "title = \"T\"\n[[ingest]]\nname = \"e\"\nfiles = \"e.csv\"\nlayout = \"e.toml\"\n[[ingest]]\nname = \"d\"\nfiles = \"d.csv\"\nlayout = \"d.toml\"\n";
    let work = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(work.path().join(name), text).expect("written");
    write("e.csv", "VISIT,FAC,SEX,DIS\n1001,A,M,2026-10-05\n1001,B,F,2026-10-06\n1002,A,M,2026-10-05\n");
    write("d.csv", "VISIT,FAC,SEQ,CODE\n1001,A,1,I214\n1001,Hospital B,1,O80\n1001,Hospital B,2,Z370\n1002,A,1,I10\n");
    write("e.toml", encounters);
    let run = |pipeline: &str, layout: &str| -> (i32, String, Vec<String>) {
        write("pipeline.toml", &format!("{feeds}{pipeline}"));
        write("d.toml", layout);
        let _ = std::fs::remove_dir_all(work.path().join("out"));
        let output = chartroom(work.path()).args(["run", "pipeline.toml", "--as-of", "2026-11-01"]).output();
        let (_, errors, code) = printed(&output.expect("it starts"));
        let path = work.path().join("out/t-as-of-2026-11-01/data/findings.csv");
        let text = std::fs::read_to_string(path).unwrap_or_default();
        (code, errors, text.lines().map(str::to_owned).collect())
    };
    let with = |rows: &[String], code: &str| rows.iter().filter(|row| row.starts_with(code)).count();

    // A delivery (O80) on a man is LOG126; two facilities' stays under one number are DUP001.
    let (code, errors, rows) = run("[edits]\nencounter_numbers = \"facility\"\n", &by_facility);
    assert_eq!(code, 0, "{errors}");
    let maternal = |row: &&String| row.contains("male") || row.contains("O80");
    assert_eq!((with(&rows, "DUP001"), with(&rows, "TAB001")), (0, 0), "{rows:?}");
    assert_eq!(rows.iter().filter(maternal).count(), 0, "{rows:?}");
    let results = results(&work.path().join("out"));
    assert_eq!(results["encounters"]["diagnoses"], 4);

    // Shared numbers: what names the number of two stays comes to neither, and is found.
    let (code, errors, rows) = run("", diagnoses);
    assert_eq!(code, 0, "{errors}");
    assert_eq!((with(&rows, "DUP001"), with(&rows, "TAB001")), (2, 1), "{rows:?}");
    assert_eq!(rows.iter().filter(maternal).count(), 0, "{rows:?}");

    // A table that does not say whose its numbers are cannot be hung on them.
    let (code, errors, _) = run("[edits]\nencounter_numbers = \"facility\"\n", diagnoses);
    assert_eq!(code, 2, "{errors}");
    assert!(errors.contains("the layout of `d` maps no facility_id"), "{errors}");
}

/// 42 CFR 482.24(c)(4)(i)(A)-(B): a history is of at most 30 days before admission, and one from before the stay is updated within 24 hours of it.
#[test]
fn a_history_from_before_the_stay_is_valid_for_30_days_and_wants_an_update() {
    let stays: String = ["E1", "E2", "E3", "E4", "E5", "E6"]
        .map(|visit| format!("{visit},,P{visit},2026-10-01,2026-10-02,01,\"CHO, M\",,,,,,,\n"))
        .concat();
    let written = |visit: &str, document: &str, kind: &str, at: &str| {
        format!("{visit},{document},{kind},\"CHO, M\",,,{at},{at},,100\n")
    };
    let (history, update) = ("history_and_physical", "history_and_physical_update");
    let documents = [
        written("E1", "D1", history, "2026-09-25 10:00"),
        written("E2", "D2", history, "2026-08-31 10:00"),
        written("E3", "D3", history, "2026-10-03 09:00"),
        written("E4", "D4", history, "2026-09-01 10:00"),
        written("E4", "D5", update, "2026-10-01 10:00"),
        written("E5", "D6", history, "2026-08-01 10:00"),
        written("E5", "D7", update, "2026-10-01 10:00"),
        written("E6", "D8", history, "2026-10-01 10:00"),
    ]
    .concat();
    let work = work(&stays, Some(&documents));
    run(work.path(), "2026-11-15");
    let columns = ["encounter_id", "code", "document_type", "document_id"];
    assert_eq!(
        worklist(work.path(), "deficiencies.csv", &columns),
        [
            "E1|DEF01|history_and_physical_update|",
            "E2|DEF01|history_and_physical|D2",
            "E3|DEF04|history_and_physical|D3",
            "E5|DEF01|history_and_physical|D6"
        ]
    );
    let rules = worklist(work.path(), "deficiencies.csv", &["rule"]);
    assert!(rules[1].contains("the one of 2026-08-31 is too old (at most 30 days before admission)"), "{rules:?}");
}
