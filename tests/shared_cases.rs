//! The cases of the reference folder: inputs that went wrong in use, each with what is right and why (`expect.md` there). Each stands for a kind; the kinds have
//! inputs of their own in `code_readings`, `parts_of_files`, `dates_and_stays`, `delivery`, `charts` and `drafts`.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use polars::prelude::{AnyValue, ParquetReader, SerReader as _};

use crate::{
    command::{chartroom, copy, printed, run_folder},
    shared_folder,
};

/// A case in a folder of its own.
struct Case {
    work: tempfile::TempDir,
}

impl Case {
    /// `None` where the reference folder is absent.
    fn open(name: &str) -> Option<Case> {
        let from = shared_folder::path(&format!("cases/{name}"))?;
        let work = tempfile::tempdir().expect("a folder");
        copy(&from, work.path());
        Some(Case { work })
    }

    fn says(&self, arguments: &[&str]) -> (String, i32) {
        let output = chartroom(self.work.path()).args(arguments).output().expect("the program starts");
        let (out, error, code) = printed(&output);
        (format!("{out}{error}"), code)
    }

    fn edit(&self, file: &str, edit: impl Fn(&str) -> String) -> &Case {
        let path = self.work.path().join(file);
        std::fs::write(&path, edit(&std::fs::read_to_string(&path).expect("a file"))).expect("written");
        self
    }

    /// Runs the case's pipeline; what was printed, and the outputs.
    fn run(&self) -> (String, Data) {
        let pipeline = ["p.toml", "pipeline.toml"].into_iter().find(|name| self.work.path().join(name).is_file());
        let out = self.work.path().join("out");
        let _ = std::fs::remove_dir_all(&out);
        let arguments =
            ["run", pipeline.expect("a pipeline"), "--as-of", "2165-01-01", "--format", "both", "--out", "out"];
        let (said, code) = self.says(&arguments);
        assert!(matches!(code, 0 | 1), "{code}: {said}");
        (said, Data { folder: run_folder(&out).join("data") })
    }
}

struct Data {
    folder: PathBuf,
}

impl Data {
    fn rows(&self, file: &str) -> Vec<BTreeMap<String, String>> {
        rows(&self.folder.join(file))
    }

    /// Encounters in which a rule found something, in order.
    fn found(&self, rule: &str) -> String {
        let rows = self.rows("findings.csv").into_iter().filter(|row| row["rule"] == rule);
        let mut found: Vec<String> = rows.map(|row| row["encounter_id"].clone()).collect();
        found.sort();
        found.join(" ")
    }

    /// A column of the coded records by encounter, lists joined with `;`.
    fn coded(&self, column: &str) -> BTreeMap<String, String> {
        let file = std::fs::File::open(self.folder.join("coded_records.parquet")).expect("the records");
        let columns = Some(vec!["encounter_id".to_owned(), column.to_owned()]);
        let frame = ParquetReader::new(file).with_columns(columns).finish().expect("a table");
        let cell = |name: &str, row| match frame.column(name).expect("the column").get(row).expect("a cell") {
            AnyValue::List(codes) => {
                codes.iter().map(|code| code.str_value().into_owned()).collect::<Vec<_>>().join(";")
            }
            value => value.str_value().into_owned(),
        };
        (0..frame.height()).map(|row| (cell("encounter_id", row), cell(column, row))).collect()
    }

    fn codes(&self, column: &str) -> String {
        self.coded(column).into_values().collect::<Vec<_>>().join(" ")
    }

    fn statistics(&self) -> String {
        std::fs::read_to_string(self.folder.join("statistics.txt")).expect("the statistics as text")
    }
}

fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

#[test]
fn every_case_has_its_test() {
    let Some(folder) = shared_folder::path("cases") else { return };
    let own = include_str!("shared_cases.rs");
    let names = std::fs::read_dir(&folder).expect("the cases").map(|entry| entry.expect("an entry"));
    let names: Vec<String> = names
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let tested = names.iter().filter(|name| own.contains(&format!("\"{name}\""))).count();
    shared_folder::total("cases of the reference folder", "cases", names.len(), tested, 18);
    assert_eq!(tested, names.len());
}

#[test]
fn what_does_not_fit_a_layout_is_said_before_the_run() {
    let Some(case) = Case::open("check-of-a-layout-that-does-not-fit") else { return };
    let (said, code) = case.says(&["check", "p.toml"]);
    assert!(said.contains("NOPE") && code != 0, "{code}: {said}");
}

#[test]
fn discharge_statuses_are_those_of_the_day() {
    let Some(case) = Case::open("discharge-status-in-force") else { return };
    let (_, data) = case.run();
    assert_eq!(data.found("FLD034"), "E02 E03 E05 E09 E11 E13 E27");
    assert_eq!(data.found("FLD033"), "E08 E20 E22 E23 E24 E25");
    assert_eq!((data.found("LOG129"), data.found("LOG120")), ("E29".to_owned(), "E30".to_owned()));
}

#[test]
fn several_codes_of_a_fixed_width_line_are_read() {
    let Some(case) = Case::open("fixed-width-several-diagnoses") else { return };
    let (said, code) = case.says(&["check", "p.toml"]);
    assert!(code == 2 && said.contains("positions = ["), "{said}");
    let (draft, _) = case.says(&["layout", "draft", "in.txt"]);
    assert!(draft.contains("diagnosis_code = { positions = ") || draft.contains("repeat = 3"), "{draft}");
    case.edit("layouts/l.toml", |text| {
        text.replace("{ columns = \"DX{1..3}\" }", "{ start = 34, width = 6, repeat = 3 }")
    });
    let (_, data) = case.run();
    let codes = data.coded("diagnosis_code");
    assert_eq!(codes.values().map(|codes| codes.split(';').count()).sum::<usize>(), 180, "three of 60 records");
    assert_eq!(codes["100000"], "E119;I5022;E119");
}

#[test]
fn a_history_before_the_stay_counts_for_thirty_days() {
    let Some(case) = Case::open("history-before-the-stay") else { return };
    let (_, data) = case.run();
    let found = |code: &str| {
        let rows = data.rows("worklists/deficiencies.csv").into_iter().filter(|row| row["code"] == code);
        rows.map(|row| row["encounter_id"].clone()).collect::<Vec<_>>().join(" ")
    };
    // E1 and E6 are timely by 6 and by 30 days, E4 within 24 hours; 61 days (E2, with an update E5) and 31 (E7) are too old.
    assert_eq!((found("DEF01"), found("DEF04")), ("E2 E5 E7".to_owned(), "E3".to_owned()));
}

#[test]
fn categories_stand_and_only_what_must_be_is_padded() {
    let Some(case) = Case::open("icd9-category-not-a-lost-zero") else { return };
    let (said, data) = case.run();
    assert_eq!(data.found("COD103"), "1 2 3 5 7 8", "categories are not billable");
    let restored = data.rows("zeros_restored.csv").into_iter().map(|row| row["code"].clone());
    assert_eq!(restored.collect::<Vec<_>>().join(" "), "038 042 008", "{said}");
    assert_eq!(data.codes("diagnosis_code"), "401 414 599 25083 038 042 428 008");
}

#[test]
fn only_the_part_before_the_dot_is_padded() {
    let Some(case) = Case::open("icd9-dotted-zeros-lost") else { return };
    let (_, data) = case.run();
    assert_eq!(
        data.codes("diagnosis_code"),
        "486;0412 486;0311 486;0462 486;04111 486;0071 486;03811 486;0412 486 486"
    );
    let procedures = data.coded("procedure_code");
    assert_eq!((procedures["E8"].as_str(), procedures["E9"].as_str()), ("0331", "0117"));
    assert_eq!(data.coded("charlson_score")["E1"], "0", "no myocardial infarction");
}

#[test]
fn filler_is_no_part_of_a_code() {
    let Some(case) = Case::open("icd9-filler-dashes") else { return };
    let (_, data) = case.run();
    assert_eq!(data.codes("diagnosis_code"), "486;4019 486;496");
    assert_eq!(data.codes("diagnosis_verdict"), "valid valid");
    assert!(!data.statistics().contains("486.-"));
}

#[test]
fn a_procedure_number_with_two_readings_goes_to_a_coder() {
    let Some(case) = Case::open("icd9-procedure-two-readings") else { return };
    let (_, data) = case.run();
    assert_eq!(data.found("COD111"), "E1 E2");
    let offered: Vec<String> =
        data.rows("worklists/codes_to_decide.csv").iter().map(|row| row["candidates"].clone()).collect();
    assert!(offered.iter().any(|codes| codes.contains("331") && codes.contains("0331")), "{offered:?}");
    assert!(offered.iter().any(|codes| codes.contains("412") && codes.contains("0412")), "{offered:?}");
    // 87.0 and 11.4 and the like are categories: said as such, and no other code is made of them.
    assert_eq!(data.found("COD203"), "E3 E4 E5 E6 E7");
}

#[test]
fn a_revision_that_is_not_stated_is_written_by_the_draft_and_asked_for_by_the_run() {
    let Some(case) = Case::open("icd9-revision-not-stated") else { return };
    let (draft, _) = case.says(&["layout", "draft", "dx.csv"]);
    assert!(draft.contains("\ndiagnosis_revision = { constant = \"icd9cm\" }"), "{draft}");
    let (said, _) = case.run();
    assert!(said.contains("diagnosis_revision = { constant = \"icd9cm\" }"), "{said}");
}

#[test]
fn a_list_of_the_export_s_own_is_a_question() {
    let Some(case) = Case::open("local-status-list") else { return };
    let (draft, _) = case.says(&["layout", "draft", "in.csv"]);
    let stated = |field: &str| draft.lines().any(|line| line.starts_with(&format!("{field} =")));
    assert!(!stated("discharge_status") && !stated("age"), "{draft}");
    assert!(
        draft.contains("unit_column = \"age_units\", units = { years = \"1\", months = \"2\", days = \"3\" }"),
        "{draft}"
    );
}

#[test]
fn identifiers_that_a_spreadsheet_cut_are_found_and_are_not_one_patient() {
    let Some(case) = Case::open("patient-number-in-scientific-notation") else { return };
    let (_, data) = case.run();
    let cut: Vec<_> = data.rows("findings.csv").into_iter().filter(|row| row["rule"] == "FIL030").collect();
    assert_eq!(cut.len(), 1);
    assert_eq!(cut[0]["value"], "attending_npi 1, encounter_id 2, patient_id 4");
    assert!(data.rows("findings.csv").iter().all(|row| !row["rule"].starts_with("PAT")), "four patients are not one");
}

#[test]
fn rows_without_a_number_are_numbered_by_their_place() {
    let Some(case) = Case::open("rows-without-a-number") else { return };
    let (draft, _) = case.says(&["layout", "draft", "in.csv"]);
    assert!(draft.contains("encounter_id = { row_number = true }"), "{draft}");
    let layout = "title = \"x\"\ntable = \"encounters\"\n[columns]\nencounter_id = { row_number = true }\nsex = \"sex\"\nage = \"age\"\ndiagnosis_code = \"dx1\"\n";
    std::fs::create_dir_all(case.work.path().join("layouts")).expect("a folder");
    std::fs::write(case.work.path().join("layouts/l.toml"), layout).expect("written");
    let pipeline = "title = \"x\"\n[[ingest]]\nname = \"x\"\nfiles = \"in.csv\"\nlayout = \"l\"\n[statistics]\n";
    std::fs::write(case.work.path().join("p.toml"), pipeline).expect("written");
    let (said, data) = case.run();
    assert_eq!(data.coded("sex").len(), 3, "the two that are alike are two: {said}");
    assert!(said.contains("duplicate 0"), "{said}");
}

#[test]
fn a_stated_stay_is_the_stay() {
    let Some(case) = Case::open("stay-stated-without-admission-date") else { return };
    let (_, data) = case.run();
    assert_eq!(data.codes("length_of_stay_days"), "7 3");
    assert_eq!(data.codes("length_of_stay_origin"), "stated stated");
}

#[test]
fn the_heading_is_found_beneath_a_title_whatever_the_padding() {
    let Some(case) = Case::open("title-row-padded-with-commas") else { return };
    for (file, row) in [("in.csv", 3), ("a.csv", 2), ("b.csv", 2), ("c.csv", 3), ("d.csv", 3), ("in2.csv", 2)] {
        let (draft, _) = case.says(&["layout", "draft", file]);
        assert!(draft.contains(&format!("header_row = {row}\n")), "{file}: {draft}");
    }
}

#[test]
fn offsets_are_instants_and_the_civil_day_is_the_hospital_s() {
    let Some(case) = Case::open("utc-offsets") else { return };
    let (_, data) = case.run();
    assert!(
        data.rows("findings.csv").iter().all(|row| !row["rule"].starts_with("LOG")),
        "E1 left 20 minutes after it came"
    );
    assert!(data.rows("findings.csv").iter().any(|row| row["rule"] == "FIL031"), "several clocks are said");
    case.edit("layouts/case.toml", |text| format!("time_zone = \"America/New_York\"\n{text}"));
    // E1 left on 1 November, and every other on 31 October.
    let (said, _) = case.run();
    assert!(said.contains("in statistics 4, rejected 0, outside the period 1"), "{said}");
}

#[test]
fn formulas_without_a_value_are_counted_and_found() {
    let Some(case) = Case::open("workbook-formula-without-value") else { return };
    let (said, data) = case.run();
    assert!(said.contains("6 cells hold a formula with no stored value"), "{said}");
    let found: Vec<_> = data.rows("findings.csv").into_iter().filter(|row| row["rule"] == "FIL020").collect();
    assert_eq!((found.len(), found[0]["value"].as_str()), (1, "6"));
    assert_eq!(data.found("COD101"), "E1 E2", "no diagnosis is left out in silence");
}

#[test]
fn every_month_of_a_workbook_is_read_or_named() {
    let Some(case) = Case::open("workbook-three-months") else { return };
    let (draft, _) = case.says(&["layout", "draft", "in.xlsx"]);
    assert!(draft.contains("Sep") && draft.contains("Oct") && draft.contains("sheets = "), "{draft}");
    let (said, data) = case.run();
    assert!(said.contains("sheet `Sep` (20 rows") && said.contains("sheet `Oct` (20 rows"), "{said}");
    assert_eq!(data.coded("sex").len(), 20);
    case.edit("layouts/l.toml", |text| text.replace("header_row = 1\n", "header_row = 1\nsheets = \"*\"\n"));
    let (said, data) = case.run();
    assert_eq!(data.coded("sex").len(), 60, "{said}");
}

#[test]
fn a_second_sheet_is_read_or_named() {
    let Some(case) = Case::open("workbook-two-sheets") else { return };
    let (said, _) = case.says(&["check", "pipeline.toml"]);
    assert!(said.contains("`Feb`"), "{said}");
    let (said, data) = case.run();
    assert!(said.contains("sheet `Feb` (2 rows"), "{said}");
    let found = data.rows("findings.csv");
    assert!(found.iter().any(|row| row["rule"] == "FIL018" && row["value"].contains("`Feb`")), "{found:?}");
}
