//! What an export states of days: stays without an admission date, months and years, two orders of day and month, ages with a unit column or in bands, rows
//! without a number.

use std::{collections::BTreeMap, path::Path};

use polars::prelude::{ParquetReader, SerReader as _};

use crate::command::{chartroom, printed, results, run_folder};

/// A folder with one export, its layout and a pipeline.
pub struct Site {
    work: tempfile::TempDir,
}

impl Site {
    /// An export of encounters; `columns` is the layout beneath `[columns]`, `top` the pipeline before its feed.
    pub fn new(export: &str, columns: &str, top: &str) -> Site {
        Site::of_files(&[("export.csv", export)], columns, top)
    }

    /// Several files of one feed.
    pub fn of_files(files: &[(&str, &str)], columns: &str, top: &str) -> Site {
        let work = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(work.path().join(name), text).expect("written");
        for (name, text) in files {
            write(name, text);
        }
        write("stays.toml", &format!("title = \"Stays\"\ntable = \"encounters\"\n{}", with_columns(columns)));
        let feed = "[[ingest]]\nname = \"stays\"\nfiles = \"export*\"\nlayout = \"stays.toml\"\n";
        write("pipeline.toml", &format!("title = \"Stays\"\n{top}[statistics]\nformat = \"both\"\n{feed}"));
        Site { work }
    }

    /// Adds a feed of another table.
    pub fn and(self, table: &str, export: &str, columns: &str) -> Site {
        let path = self.work.path();
        let write = |name: String, text: &str| std::fs::write(path.join(name), text).expect("written");
        write(format!("{table}.csv"), export);
        write(format!("{table}.toml"), &format!("title = \"x\"\ntable = \"{table}\"\n{}", with_columns(columns)));
        let pipeline = std::fs::read_to_string(path.join("pipeline.toml")).expect("the pipeline");
        let feed = format!("[[ingest]]\nname = \"{table}\"\nfiles = \"{table}.csv\"\nlayout = \"{table}.toml\"\n");
        write("pipeline.toml".to_owned(), &(pipeline + &feed));
        self
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.work.path()
    }

    /// Runs it; what the program printed.
    pub fn run(&self) -> String {
        let output = chartroom(self.path()).args(["run", "pipeline.toml", "--as-of", "2027-01-01"]).output();
        let (account, errors, code) = printed(&output.expect("the program starts"));
        assert_eq!((errors.as_str(), code), ("", 0), "{account}");
        account
    }

    /// What `check` says of a fault.
    pub fn refused(&self) -> String {
        let output = chartroom(self.path()).args(["check", "pipeline.toml"]).output().expect("the program starts");
        let (said, errors, code) = printed(&output);
        assert_eq!(code, 2, "{said}{errors}");
        said + &errors
    }

    /// The findings of one rule: encounter and value.
    pub fn findings(&self, rule: &str) -> Vec<(String, String)> {
        let path = run_folder(&self.path().join("out")).join("data/findings.csv");
        let mut reader = csv::Reader::from_path(path).expect("the findings");
        let rows = reader.records().map(|row| row.expect("a row"));
        rows.filter(|row| &row[0] == rule).map(|row| (row[2].to_owned(), row[5].to_owned())).collect()
    }

    /// A column of the coded records that is no day, by encounter.
    pub fn coded(&self, column: &str) -> BTreeMap<String, String> {
        let path = run_folder(&self.path().join("out")).join("data/coded_records.parquet");
        let reader = ParquetReader::new(std::fs::File::open(path).expect("records"));
        let columns = ["encounter_id", column].map(str::to_owned).to_vec();
        let frame = reader.with_columns(Some(columns)).finish().expect("a table");
        let texts = |name: &str| -> Vec<String> {
            let column = frame.column(name).unwrap_or_else(|_| panic!("no column {name}"));
            (0..frame.height()).map(|row| column.get(row).expect("a cell").str_value().into_owned()).collect()
        };
        texts("encounter_id").into_iter().zip(texts(column)).collect()
    }

    /// The values of a column of the coded records in the order of encounters, joined.
    pub fn coded_line(&self, column: &str) -> String {
        self.coded(column).into_values().collect::<Vec<_>>().join(" ")
    }

    /// The text of the workbook.
    pub fn book(&self) -> String {
        let path = run_folder(&self.path().join("out")).join("data/statistics.txt");
        std::fs::read_to_string(path).expect("the statistics as text")
    }

    /// The days of discharge in the statistics.
    pub fn days(&self) -> String {
        let book = self.book();
        let table = &book[book.find("By day of discharge").expect("the table of days")..];
        let is_day = |line: &&str| {
            line.starts_with(|letter: char| letter.is_ascii_digit()) && line.as_bytes()[4..8].ends_with(b"-")
        };
        let rows = table.lines().map(str::trim_start).skip_while(|line| !is_day(line)).take_while(is_day);
        rows.map(|line| line.split_whitespace().take(2).collect::<Vec<_>>().join(":")).collect::<Vec<_>>().join(" ")
    }

    /// The results.
    pub fn results(&self) -> serde_json::Value {
        results(&self.path().join("out"))
    }
}

fn with_columns(columns: &str) -> String {
    if columns.contains("[columns]") { columns.to_owned() } else { format!("[columns]\n{columns}") }
}

/// The line of a text that begins with some words, its blanks joined.
fn line(text: &str, begins: &str) -> String {
    let line = text
        .lines()
        .skip_while(|line| text.contains("== Discharges ==") && *line != "== Discharges ==")
        .find(|line| line.trim_start().starts_with(begins))
        .unwrap_or_else(|| panic!("no line {begins} in {text}"));
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_stated_stay_is_the_stay_where_the_dates_do_not_give_it() {
    let site = Site::new(
        "id,adm,dis,los,dead\n1,,2010-06-30,7,N\n2,,2010-06-30,3,Y\n3,2010-06-01,2010-06-05,9,N\n4,,2010-06-30,,N\n5,,2010-06-30,0,N\n",
        "encounter_id = \"id\"\nadmission_date = \"adm\"\ndischarge_date = \"dis\"\nlength_of_stay_days = \"los\"\ndeath_flag = \"dead\"\n",
        "period = \"2010\"\n",
    );
    site.run();
    assert_eq!(site.coded_line("length_of_stay_days"), "7 3 4 null 1");
    assert_eq!(site.coded_line("length_of_stay_origin"), "stated stated computed null stated");
    assert_eq!(site.findings("LOG105"), [("3".to_owned(), "9".to_owned())]);
    // 7 + 3 + 4 + 1 days in four stays.
    let book = site.book();
    assert!(line(&book, "all groups").contains(" 15 3.75"), "{book}");
}

#[test]
fn a_stay_that_counts_the_day_of_discharge_is_compared_as_it_is_counted() {
    let columns = |counts: &str| {
        format!(
            "encounter_id = \"id\"\nadmission_date = \"adm\"\ndischarge_date = \"dis\"\nlength_of_stay_days = {{ column = \"los\"{counts} }}\n"
        )
    };
    let export = "id,adm,dis,los\n1,2010-06-01,2010-06-05,5\n2,2010-06-01,2010-06-05,4\n3,2010-06-01,2010-06-01,1\n4,,2010-06-05,5\n5,2010-06-01,2010-06-02,1\n";
    let inclusive = Site::new(export, &columns(", stay_counts = \"inclusive\""), "");
    inclusive.run();
    assert_eq!(inclusive.coded_line("length_of_stay_days"), "4 4 1 4 1");
    let failed = |site: &Site| site.findings("LOG105").into_iter().map(|(id, _)| id).collect::<Vec<_>>().join(" ");
    assert_eq!(failed(&inclusive), "2 5");
    let exclusive = Site::new(export, &columns(""), "");
    exclusive.run();
    assert_eq!((failed(&exclusive).as_str(), exclusive.coded_line("length_of_stay_days").as_str()), ("1", "4 4 1 5 1"));
}

#[test]
fn a_month_is_counted_as_a_month_and_no_day_is_made_up() {
    let site = Site::new(
        "id,month,los,dx\n1,06,7,V270\n2,06,3,4280\n3,07,2,4280\n4,13,2,4280\n5,,2,4280\n",
        "encounter_id = \"id\"\ndischarge_date = { column = \"month\", formats = [\"%m\"], year = 2010 }\nlength_of_stay_days = \"los\"\ndiagnosis_code = { columns = \"dx\" }\n",
        "period = \"2010-06\"\n",
    );
    site.run();
    let encounters = &site.results()["encounters"];
    assert_eq!(
        (&encounters["in_statistics"], &encounters["outside_period"], &encounters["undated"]),
        (&2.into(), &1.into(), &2.into())
    );
    assert_eq!(site.days(), "", "no day is made up");
    assert_eq!(
        (site.coded_line("discharge_year"), site.coded_line("discharge_month")),
        ("2010 2010 2010 null null".to_owned(), "6 6 7 null null".to_owned())
    );
    // The month tells the code system of the day, and the edits that need a day are not asked.
    assert_eq!(site.coded("diagnosis_system")["1"], "icd9cm");
    assert_eq!(site.findings("FLD005"), [("5".to_owned(), String::new())]);
    assert_eq!(site.findings("FLD022"), [("4".to_owned(), "13".to_owned())]);
    assert_eq!(site.findings("FIL034"), [(String::new(), "discharge_date 3".to_owned())]);
    assert!(site.findings("FLD051").is_empty());
    let book = site.book();
    assert!(line(&book, "2010-06").starts_with("2010-06 2 "), "{book}");
    assert!(line(&book, "all groups").contains(" 10 5.00"), "{book}");
}

#[test]
fn the_year_and_the_month_may_stand_in_columns_of_their_own() {
    let site = Site::new(
        "id,day,month,year\n1,28,2,2019\n2,29,feb,2019\n3,29,Feb,2020\n4,5,12,19\n5,5,,2019\n6,,2,2019\n",
        "encounter_id = \"id\"\ndischarge_date = { column = \"day\", formats = [\"%d\"], month_column = \"month\", year_column = \"year\" }\n",
        "",
    );
    site.run();
    assert_eq!(site.days(), "2019-02-28:1 2019-12-05:1 2020-02-29:1");
    let unreadable: Vec<String> = site.findings("FLD022").into_iter().map(|(id, _)| id).collect();
    assert_eq!(unreadable, ["2", "5"]);
}

#[test]
fn a_period_of_a_month_does_not_take_a_year() {
    let site = Site::new(
        "id,dis,born\n1,2010,1950\n2,2011,1950\n3,2010-06,1950-02\n4,2010-06-15,1950-02-03\n",
        "encounter_id = \"id\"\ndischarge_date = { column = \"dis\", formats = [\"%Y-%m-%d\", \"%Y-%m\", \"%Y\"] }\nbirth_date = { column = \"born\", formats = [\"%Y-%m-%d\", \"%Y-%m\", \"%Y\"] }\n",
        "period = \"2010-06\"\n",
    );
    site.run();
    let encounters = &site.results()["encounters"];
    assert_eq!(
        (&encounters["in_statistics"], &encounters["outside_period"], &encounters["undated"]),
        (&2.into(), &1.into(), &1.into())
    );
    assert_eq!(site.coded_line("birth_year"), "1950 1950 1950 1950");
    assert!(site.findings("FLD006").is_empty() && site.findings("FLD022").is_empty());
}

/// Dates of both orders with a column of months and the days of the stay, the first counted: 4 January and 1 April are told apart by it.
const TWO_ORDERS: &str = "id,adm,dis,month year,days\n\
    1,4/1/2017,4/5/2017,Apr-17,5\n\
    2,4/1/2017,7/1/2017,Jan-17,4\n\
    3,13/04/2017,15/04/2017,Apr-17,3\n\
    4,5/5/2017,5/6/2017,May-17,2\n\
    5,4/1/2017,4/5/2017,Jun-17,5\n\
    6,4/1/2017,4/5/2017,,\n";

#[test]
fn another_column_decides_the_order_of_day_and_month() {
    let site = Site::new(
        TWO_ORDERS,
        "encounter_id = \"id\"\n\
         admission_date = { column = \"adm\", formats = [\"%m/%d/%Y\", \"%d/%m/%Y\"], decided_by = \"month year\" }\n\
         discharge_date = { column = \"dis\", formats = [\"%m/%d/%Y\", \"%d/%m/%Y\"], decided_by = \"length_of_stay_days\" }\n\
         length_of_stay_days = { column = \"days\", stay_counts = \"inclusive\" }\n",
        "",
    );
    site.run();
    // 5 is contradicted, and nothing decides 6; the discharge of 5 is then not decided either.
    assert_eq!(site.days(), "2017-01-07:1 2017-04-05:1 2017-04-15:1 2017-05-06:1");
    assert_eq!(site.coded_line("length_of_stay_days"), "4 3 2 1 4 null");
    assert_eq!(site.coded_line("length_of_stay_origin"), "computed computed computed computed stated null");
    let unreadable = |rule: &str| site.findings(rule).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(
        (unreadable("FLD021"), unreadable("FLD022")),
        (vec!["5".to_owned(), "6".to_owned()], vec!["5".to_owned(), "6".to_owned()])
    );
    let said = &site.findings("FIL033")[0].1;
    assert_eq!(said, "decided: admission_date 2, discharge_date 3; not decided: admission_date 2, discharge_date 2");
}

#[test]
fn two_orders_without_what_decides_them_are_refused() {
    let refused = |columns: &str| Site::new("id,adm\n1,4/1/2017\n", columns, "").refused();
    let two = "formats = [\"%m/%d/%Y\", \"%d/%m/%Y\"]";
    assert!(
        refused(&format!("encounter_id = \"id\"\nadmission_date = {{ column = \"adm\", {two} }}\n"))
            .contains("ambiguous-date")
    );
    let no_stay = format!(
        "encounter_id = \"id\"\nadmission_date = {{ column = \"adm\", {two}, decided_by = \"length_of_stay_days\" }}\n"
    );
    assert!(refused(&no_stay).contains("missing-key-field"));
    let one = "encounter_id = \"id\"\nadmission_date = { column = \"adm\", formats = [\"%m/%d/%Y\"], decided_by = \"month year\" }\n";
    assert!(refused(one).contains("no-effect"));
    let no_year = "encounter_id = \"id\"\nadmission_date = { column = \"adm\", formats = [\"%m\"] }\n";
    assert!(refused(no_year).contains("year_column"));
    let no_day = "encounter_id = \"id\"\ncoded_date = { column = \"adm\", formats = [\"%Y-%m\"] }\n";
    assert!(refused(no_day).contains("needs a year"));
}

#[test]
fn an_age_is_read_in_the_unit_of_its_row() {
    let site = Site::new(
        "id,age,unit,adm,born\n1,5,1,2010-06-15,\n2,30,2,2010-06-15,\n3,400,3,2010-06-15,\n4,60,4,2010-06-15,\n5,50,5,2010-06-15,\n6,9,,2010-06-15,\n7,9,8,2010-06-15,\n8,366,3,2010-06-15,2009-06-15\n",
        "encounter_id = \"id\"\nadmission_date = \"adm\"\nbirth_date = \"born\"\n\
         age = { column = \"age\", unit_column = \"unit\", units = { years = \"1\", months = \"2\", days = \"3\", weeks = \"4\", hours = [\"5\", \"h\"] } }\n",
        "",
    );
    site.run();
    assert_eq!(site.coded_line("age_years"), "5 2 1 1 0 null null 1");
    assert_eq!(site.findings("FLD026"), [("6".to_owned(), "9".to_owned()), ("7".to_owned(), "9".to_owned())]);
    let usual = Site::new(
        "id,age,unit\n1,5,Years\n2,30,mo\n3,3,W\n",
        "encounter_id = \"id\"\nage = { column = \"age\", unit_column = \"unit\" }\n",
        "",
    );
    usual.run();
    assert_eq!(usual.coded_line("age_years"), "5 2 0");
}

#[test]
fn columns_are_read_together_in_a_fixed_width_layout_too() {
    let site = Site::new(
        "1105061\n2130062\n",
        "[source]\nformat = \"fixed_width\"\n[columns]\nencounter_id = { start = 1, width = 1 }\n\
         age = { start = 3, width = 2, unit_column = { start = 2, width = 1 }, units = { years = \"1\", months = \"3\" } }\n\
         discharge_date = { start = 5, width = 2, formats = [\"%m\"], year = 2010 }\nlength_of_stay_days = { start = 7, width = 1 }\n",
        "period = \"2010-06\"\n",
    );
    site.run();
    assert_eq!(
        (site.coded_line("age_years"), site.coded_line("length_of_stay_days")),
        ("5 30".to_owned(), "1 2".to_owned())
    );
    assert_eq!(site.results()["encounters"]["in_statistics"], 2);
}

#[test]
fn rows_without_a_number_are_numbered_by_their_place_and_kept() {
    let rows = "sex,age,dx1\nF,30,V270\nF,30,V270\nM,60,4280\n";
    let columns =
        "encounter_id = { row_number = true }\nsex = \"sex\"\nage = \"age\"\ndiagnosis_code = { columns = \"dx1\" }\n";
    let site = Site::of_files(&[("export-1.csv", rows), ("export-2.csv", rows)], columns, "");
    let account = site.run();
    let totals = &site.results()["totals"];
    assert_eq!((&totals["accepted"], &totals["duplicate"]), (&6.into(), &0.into()));
    let numbers: Vec<String> = site.coded("sex").into_keys().collect();
    assert_eq!(
        numbers.join(" "),
        "001-000000002 001-000000003 001-000000004 002-000000002 002-000000003 002-000000004"
    );
    assert!(account.contains("numbered by their place"), "{account}");
    assert!(site.book().contains("numbered by their place"));
    assert_eq!(site.findings("FIL032").len(), 2);
    assert!(site.findings("DUP001").is_empty() && site.findings("FLD001").is_empty());
}

#[test]
fn a_row_number_is_of_encounters_alone() {
    let refused = |columns: &str| Site::new("id\n1\n", columns, "").refused();
    assert!(refused("encounter_id = { row_number = true, missing = \"x\" }\n").contains("no-effect"));
    assert!(refused("encounter_id = \"id\"\npatient_id = { row_number = true }\n").contains("no-effect"));
    assert!(refused("encounter_id = { column = \"id\", row_number = true }\n").contains("column-source"));
}

#[test]
fn age_bands_are_counted_as_the_export_has_them_and_edits_use_what_is_certain_of_them() {
    let site = Site::new(
        "id,band,sex,dx\n1,[70-80),F,O80\n2,[10-20),F,O80\n3,[0-10),F,O80\n4,[60-70),F,O80\n5,old,F,I10\n6,,F,I10\n7,[70-80),F,I10\n",
        "encounter_id = \"id\"\nage_band = \"band\"\nsex = \"sex\"\ndischarge_date = { constant = \"2026-10-05\" }\ndiagnosis_code = { columns = \"dx\" }\n",
        "",
    );
    site.run();
    assert_eq!(site.findings("FLD070"), [("5".to_owned(), "old".to_owned())]);
    assert_eq!(site.coded("age_band")["1"], "[70-80)");
    // 9 to 64 may be pregnant: of 70 to 79 none can be, of 0 to 9 and of 60 to 69 some.
    let book = site.book();
    let bands = &book[book.find("By age band").expect("a table of bands")..];
    assert!(line(bands, "[70-80)").starts_with("[70-80) 2 "), "{bands}");
    assert!(line(bands, "not stated").starts_with("not stated 1 "), "{bands}");
    assert!(line(bands, "not in the list").starts_with("not in the list 1 "), "{bands}");
    let maternal: Vec<String> =
        ["LOG117", "LOG118"].iter().flat_map(|rule| site.findings(rule)).map(|(id, _)| id).collect();
    assert_eq!(maternal, ["1"]);
}

#[test]
fn one_column_feeds_two_fields() {
    let site = Site::new(
        "case,dis\nA1,2026-10-05\n",
        "patient_id = { column = \"case\", repair = \"upper_case\" }\nmedical_record_number = \"case\"\nencounter_id = \"case\"\nadmission_date = \"dis\"\ndischarge_date = \"dis\"\n",
        "",
    );
    site.run();
    assert_eq!(
        (site.coded_line("patient_id"), site.coded_line("length_of_stay_days")),
        ("A1".to_owned(), "1".to_owned())
    );
    assert!(site.findings("FLD003").is_empty());
}

#[test]
fn a_year_of_birth_of_the_patients_feed_leaves_two_ages() {
    let site = Site::new(
        "id,mrn,adm,dx\n1,P1,2010-06-15,Z3800\n2,P2,2010-06-15,Z3800\n3,P3,2010-06-15,Z3800\n",
        "encounter_id = \"id\"\npatient_id = \"mrn\"\nadmission_date = \"adm\"\ndiagnosis_code = { columns = \"dx\" }\ndiagnosis_revision = { constant = \"icd10cm\" }\n",
        "",
    )
    .and(
        "patients",
        "mrn,born\nP1,2010\nP2,2009\nP3,2008\n",
        "patient_id = \"mrn\"\nbirth_date = { column = \"born\", formats = [\"%Y\"] }\n",
    );
    site.run();
    // Born in 2009, the patient may be under one year in June 2010; born in 2008, never.
    assert_eq!(site.findings("LOG116"), [("3".to_owned(), "Z3800".to_owned())]);
    assert_eq!(site.coded_line("age_years"), "null null null");
    assert!(site.findings("FLD006").is_empty());
}

#[test]
fn a_stated_age_stands_where_the_birth_date_cannot_be() {
    let site = Site::new(
        "id,adm,born,age\n1,2026-10-03,2027-01-01,40\n2,2026-10-03,1880-01-01,41\n3,2026-10-03,1980-10-03,45\n4,2026-10-03,2026-10-04,\n5,2026-10-03,1901-10-04,\n6,2026-10-03,2027-01-01,200\n7,2026-10-03,2027-01-01,-1\n",
        "encounter_id = \"id\"\nadmission_date = \"adm\"\nbirth_date = \"born\"\nage = \"age\"\n",
        "",
    );
    site.run();
    assert_eq!(site.coded_line("age_years"), "40 41 46 null 124 null null", "an age that cannot be takes no place");
    let found = |rule: &str| site.findings(rule).into_iter().map(|(id, _)| id).collect::<Vec<_>>().join(" ");
    assert_eq!(
        (found("LOG102"), found("LOG132"), found("LOG103")),
        ("1 4 6 7".to_owned(), "2".to_owned(), "3".to_owned())
    );
    let rows =
        std::fs::read_to_string(run_folder(&site.path().join("out")).join("data/findings.csv")).expect("findings");
    assert!(
        rows.lines()
            .any(|row| row.starts_with("LOG102")
                && row.contains("a stated age, where there is one, stands in its place"))
    );
}

#[test]
fn patients_whose_number_a_spreadsheet_has_cut_are_not_one_patient() {
    let export = "id,mrn,adm,dis,born,sex,npi\n\
        E1,4.56E+09,2026-10-02,2026-10-06,1951-05-05,F,1234567893\n\
        E2,4.56E+09,2026-10-03,2026-10-05,1952-05-05,M,1234567893\n\
        E3,\"1,23E+11\",2026-10-03,2026-10-05,1953-05-05,F,1.23E+09\n\
        4.56E+09,P7,2026-10-01,2026-10-04,1960-05-05,F,\n\
        4.56E+09,P8,2026-10-01,2026-10-04,1961-05-05,F,\n\
        E6,P9,2026-10-02,2026-10-06,1951-05-05,F,1234567893\n\
        E7,P9,2026-10-03,2026-10-05,1952-05-05,M,1234567893\n";
    let columns = "encounter_id = \"id\"\npatient_id = \"mrn\"\nadmission_date = \"adm\"\ndischarge_date = \"dis\"\nbirth_date = \"born\"\nsex = \"sex\"\nattending_npi = \"npi\"\n";
    let site = Site::new(export, columns, "")
        .and("diagnoses", "id,dx\n4.56E+09,I10\nE1,I10\n", "encounter_id = \"id\"\ndiagnosis_code = \"dx\"\n")
        .and("patients", "mrn,race\n4.56E+09,A\n4.56E+09,B\nP7,C\n", "patient_id = \"mrn\"\nrace = \"race\"\n");
    site.run();
    assert_eq!(
        site.findings("FIL030").into_iter().map(|(_, value)| value).collect::<Vec<_>>(),
        ["attending_npi 1, encounter_id 2, patient_id 3", "encounter_id 1", "patient_id 2"]
    );
    // P9 is one patient and at odds with itself; nothing is said of those who only seem to be one.
    let path = run_folder(&site.path().join("out")).join("data/findings.csv");
    let text = std::fs::read_to_string(path).expect("findings");
    let between: Vec<&str> = text.lines().filter(|row| row.starts_with("PAT")).collect();
    assert!(
        !between.is_empty() && between.iter().all(|row| row.contains(",E6,") || row.contains(",E7,")),
        "{between:?}"
    );
    // What hangs on such a number of two stays hangs on none, and no such row of the patients feed fills a record.
    assert_eq!(site.results()["encounters"]["without_encounter"], 1);
    assert_eq!(
        (site.coded("race")["E1"].as_str(), site.results()["encounters"]["patients"].as_u64()),
        ("null", Some(3))
    );
}

/// Times of one hospital in New York: E1 over the change of clocks, E2 local, E3 the same instants in UTC, E4 and E5 mixed.
const OFFSETS: &str = "id,adm,dis\n\
    E1,2026-11-01T01:50:00-04:00,2026-11-01T01:10:00-05:00\n\
    E2,2026-10-20T23:30:00-04:00,2026-10-31T23:30:00-04:00\n\
    E3,2026-10-21T03:30:00Z,2026-11-01T03:30:00Z\n\
    E4,2026-10-21T03:30:00Z,2026-10-31T23:30:00-04:00\n\
    E5,2026-10-21T03:30:00+0000,2026-10-31T23:30:00-0400\n";

const WITH_OFFSETS: &str = "[columns]\nencounter_id = \"id\"\nadmission_date = { column = \"adm\", formats = [\"%Y-%m-%dT%H:%M:%S%z\"] }\n\
    discharge_date = { column = \"dis\", formats = [\"%Y-%m-%dT%H:%M:%S%z\"] }\n";

#[test]
fn times_with_offsets_are_instants_and_the_day_is_the_hospital_s_where_its_zone_is_stated() {
    let zoned = Site::new(OFFSETS, &format!("time_zone = \"America/New_York\"\n{WITH_OFFSETS}"), "");
    zoned.run();
    assert!(zoned.findings("LOG101").is_empty() && zoned.findings("FIL031").is_empty());
    assert_eq!(zoned.coded_line("length_of_stay_days"), "1 11 11 11 11");
    assert_eq!(zoned.days(), "2026-10-31:4 2026-11-01:1");
    assert!(zoned.book().contains("time zone America/New_York (tz database 20"), "the edition is said");

    let plain = Site::new(OFFSETS, WITH_OFFSETS, "");
    plain.run();
    assert!(plain.findings("LOG101").is_empty());
    // Stays are right without a zone too: times of one record are brought to one clock. The day of E3 is that of UTC, which is said.
    assert_eq!(plain.coded_line("length_of_stay_days"), "1 11 11 11 11");
    assert_eq!(plain.days(), "2026-10-31:3 2026-11-01:2");
    assert_eq!(
        plain.findings("FIL031"),
        [(String::new(), "of several clocks: admission_date 5, discharge_date 5".to_owned())]
    );
    let utc = Site::new("id,adm,dis\nE3,2026-10-21T03:30:00Z,2026-11-01T03:30:00Z\n", WITH_OFFSETS, "");
    utc.run();
    assert_eq!(utc.findings("FIL031"), [(String::new(), "in UTC: admission_date 1, discharge_date 1".to_owned())]);
    let local = Site::new(&OFFSETS.lines().take(3).collect::<Vec<_>>().join("\n"), WITH_OFFSETS, "");
    local.run();
    assert!(local.findings("FIL031").is_empty(), "a clock before and after its change is one clock");
}

#[test]
fn a_local_time_in_the_hour_that_comes_twice_is_no_error_by_itself() {
    let export = "id,adm,dis\n1,2026-11-01 01:50,2026-11-01 01:10\n2,2026-10-25 01:50,2026-10-25 01:10\n";
    let columns = "[columns]\nencounter_id = \"id\"\nadmission_date = { column = \"adm\", formats = [\"%Y-%m-%d %H:%M\"] }\ndischarge_date = { column = \"dis\", formats = [\"%Y-%m-%d %H:%M\"] }\n";
    let site = Site::new(export, &format!("time_zone = \"America/New_York\"\n{columns}"), "");
    site.run();
    assert_eq!(site.findings("LOG101").into_iter().map(|(id, _)| id).collect::<Vec<_>>(), ["2"]);
    let refused = Site::new(export, &format!("time_zone = \"America/New_Yrok\"\n{columns}"), "").refused();
    assert!(refused.contains("unknown-time-zone") && refused.contains("America/New_York"), "{refused}");
}

#[test]
fn documents_are_held_against_a_stay_by_instants() {
    let documents = "id,kind,written,signed\nE2,history_and_physical,2026-10-21T03:00:00Z,2026-10-20T23:10:00-04:00\nE2,discharge_summary,2026-10-31T12:00:00-04:00,2026-10-31T15:30:00Z\n";
    let columns = "encounter_id = \"id\"\ndocument_type = \"kind\"\ndictated_at = { column = \"written\", formats = [\"%Y-%m-%dT%H:%M:%S%z\"] }\nsigned_at = { column = \"signed\", formats = [\"%Y-%m-%dT%H:%M:%S%z\"] }\n";
    let site = Site::new(OFFSETS, WITH_OFFSETS, "").and("documents", documents, columns);
    site.run();
    // 23:10 local is ten minutes after 03:00 UTC; 15:30 UTC is 11:30 local, before 12:00.
    assert_eq!(site.findings("DOC001").len(), 1);
}
