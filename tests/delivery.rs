//! Nights of a record room: exports, corrections, deletions and full deliveries, and what each leaves in the statistics.
//!
//! Right is what the field says: a stay is one discharge, and a death is counted once; the newest version of a record is the record.

use std::{collections::BTreeMap, fs, path::Path};

use crate::command::{chartroom, printed, results, run_folder};

const STAYS: &str = "title = \"Stays\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"ID\"\npatient_id = \"MRN\"\nfacility_id = \"FAC\"\nadmission_date = \"ADM\"\ndischarge_date = \"DIS\"\ndischarge_status = \"STATUS\"\nsex = \"SEX\"\n";
const DIAGNOSES: &str = "title = \"Diagnoses\"\ntable = \"diagnoses\"\n[columns]\nencounter_id = \"ID\"\ndiagnosis_code = \"CODE\"\ndiagnosis_sequence = \"SEQ\"\n";
const DOCUMENTS: &str = "title = \"Documents\"\ntable = \"documents\"\n[columns]\nencounter_id = \"ID\"\ndocument_id = \"DOC\"\ndocument_type = \"TYPE\"\ndocument_author = \"AUTHOR\"\nevent_date = \"DAY\"\n";
const PATIENTS: &str =
    "title = \"Patients\"\ntable = \"patients\"\n[columns]\npatient_id = \"MRN\"\nbirth_date = \"BIRTH\"\n";

const HEADING: &str = "ID,MRN,FAC,ADM,DIS,STATUS,SEX\n";

/// A site of a test: its layouts, and the exports as they come.
struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new() -> Site {
        let folder = tempfile::tempdir().expect("a folder");
        let layouts = [("stays", STAYS), ("diagnoses", DIAGNOSES), ("documents", DOCUMENTS), ("patients", PATIENTS)];
        for (name, text) in layouts {
            fs::write(folder.path().join(format!("{name}.toml")), text).expect("written");
        }
        Site { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn file(&self, name: &str, content: &str) -> &Site {
        fs::write(self.path().join(name), content).expect("written");
        self
    }

    /// An export of stays: the heading and rows.
    fn stays(&self, name: &str, rows: &[&str]) -> &Site {
        self.file(name, &format!("{HEADING}{}\n", rows.join("\n")))
    }

    /// Runs October 2026 over `stays-*.csv`, delivered as `delivery` says, with more sections.
    fn night(&self, delivery: &str, more: &str) -> Night {
        let text = format!(
            "title = \"Night\"\nperiod = \"2026-10\"\n{}\n[[ingest]]\nname = \"stays\"\nfiles = \"stays-*.csv\"\nlayout = \"./stays.toml\"\n{delivery}\n{more}",
            if self.path().join("state").exists() { "state = \"state\"" } else { "" },
        );
        fs::write(self.path().join("night.toml"), text).expect("written");
        let out = self.path().join("out");
        let _ = fs::remove_dir_all(&out);
        let output = chartroom(self.path())
            .args(["run", "night.toml", "--as-of", "2026-12-01", "--format", "both", "--out", "out"])
            .output()
            .expect("the program starts");
        let (account, errors, code) = printed(&output);
        assert!(matches!(code, 0 | 1), "{code}: {errors}");
        let data = run_folder(&out).join("data");
        let read = |name: &str| fs::read_to_string(data.join(name)).expect("an output");
        Night {
            account,
            results: results(&out),
            statistics: read("statistics.txt"),
            superseded: lines(&read("superseded.csv")),
            duplicates: lines(&read("duplicates.csv")),
            findings: lines(&read("findings.csv")),
        }
    }
}

/// What a night left.
struct Night {
    account: String,
    results: serde_json::Value,
    statistics: String,
    superseded: Vec<BTreeMap<String, String>>,
    duplicates: Vec<BTreeMap<String, String>>,
    findings: Vec<BTreeMap<String, String>>,
}

fn lines(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

impl Night {
    /// A count of the encounters' account.
    fn count(&self, name: &str) -> u64 {
        self.results["encounters"][name].as_u64().unwrap_or_else(|| panic!("{name}"))
    }

    /// The figure of a line of the workbook's text.
    fn figure(&self, line: &str) -> u64 {
        let lines = self.statistics.lines().skip_while(|text| *text != "== Discharges ==");
        let found = { lines }.find(|text| text.trim().starts_with(line));
        let found = found.unwrap_or_else(|| panic!("{line} is not in\n{}", self.statistics));
        found.split_whitespace().last().and_then(|word| word.replace(',', "").parse().ok()).expect("a figure")
    }

    /// Discharges and deaths of the workbook; both equations hold.
    fn figures(&self) -> (u64, u64) {
        for input in self.results["inputs"].as_array().expect("inputs") {
            let of = |name: &str| input[name].as_u64().expect("a count");
            assert_eq!(of("read"), of("accepted") + of("quarantined") + of("duplicate"), "{input}");
        }
        let parts = [
            "superseded",
            "withdrawn",
            "undecided",
            "excluded",
            "in_statistics",
            "rejected",
            "outside_period",
            "undated",
        ];
        assert_eq!(self.count("accepted"), parts.iter().map(|part| self.count(part)).sum::<u64>());
        let listed = |fate: &str| {
            self.superseded.iter().filter(|line| line["became"] == fate && line["table"] == "encounters").count() as u64
        };
        for fate in ["superseded", "withdrawn", "undecided"] {
            assert_eq!(self.count(fate), listed(fate), "{fate}");
        }
        let first_page = format!("Undecided discharges {}", self.count("undecided_discharges"));
        let in_order = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_there = self.statistics.lines().any(|line| {
            let line = in_order(line);
            line == first_page || line.starts_with(&format!("{first_page}."))
        });
        assert!(is_there, "{first_page} is not in\n{}", self.statistics);
        (self.figure("Discharges, deaths included"), self.figure("Deaths"))
    }

    /// Superseded, withdrawn and undecided encounters.
    fn aside(&self) -> [u64; 3] {
        [self.count("superseded"), self.count("withdrawn"), self.count("undecided")]
    }

    fn found(&self, rule: &str) -> Vec<&BTreeMap<String, String>> {
        self.findings.iter().filter(|finding| finding["rule"] == rule).collect()
    }
}

const A1_STAYS: &str = "A1,P1,0042,2026-10-01,2026-10-05,06,F";
const A1_DIED: &str = "A1,P1,0042,2026-10-01,2026-10-07,20,F";
const A2: &str = "A2,P2,0042,2026-10-02,2026-10-09,01,M";
const A3: &str = "A3,P3,0042,2026-10-02,2026-10-10,20,M";

const CHANGES: &str = "delivery = \"changes\"";
const FULL: &str = "delivery = \"full\"";

#[test]
fn a_corrected_stay_is_one_discharge_and_one_death() {
    let site = Site::new();
    site.stays("stays-2026-10.csv", &[A1_STAYS, A2]);
    let night = site.night(CHANGES, "");
    assert_eq!((night.figures(), night.aside()), ((2, 0), [0, 0, 0]));
    site.stays("stays-2026-11-05.csv", &[A1_DIED]);
    let night = site.night(CHANGES, "");
    assert_eq!((night.figures(), night.aside()), ((2, 1), [1, 0, 0]));
    assert!(night.found("DUP001").is_empty());
    let line = &night.superseded[0];
    assert_eq!((line["input"].as_str(), line["row"].as_str()), ("stays-2026-10.csv", "2"));
    assert_eq!((line["newest_input"].as_str(), line["newest_row"].as_str()), ("stays-2026-11-05.csv", "2"));
    assert_eq!(line["changed_fields"], "discharge_date discharge_status");
    assert!(night.account.contains("superseded by a newer version 1"), "{}", night.account);
    // A third version, and the first once more: the row that comes back is the newest again.
    site.stays("stays-2026-11-06.csv", &[A1_STAYS]);
    let night = site.night(CHANGES, "");
    assert_eq!((night.figures(), night.aside()), ((2, 0), [1, 0, 0]));
}

/// Facilities may have numbers in common: which one a row is of is said, whether numbers are each facility's own or not, and nothing where it states none.
#[test]
fn rows_that_are_not_in_the_figures_name_their_facility() {
    for numbers in ["", "[edits]\nencounter_numbers = \"facility\"\n"] {
        let site = Site::new();
        let rows = ["A1,P1,0042,2026-10-01,2026-10-05,06,F", "A1,P2,0099,2026-10-01,2026-10-05,06,F"];
        let more = ["A7,P7,,2026-10-01,2026-10-05,06,F", "A7,P7,,2026-10-01,2026-10-05,06,F", rows[1], rows[1]];
        site.stays("stays-2026-10-01.csv", &[&rows[..], &more].concat());
        let newer = [
            "A1,P1,0042,2026-10-01,2026-10-07,20,F",
            "A1,P2,0099,2026-10-01,2026-10-08,01,F",
            "A7,P7,,2026-10-01,2026-10-09,01,F",
        ];
        site.stays("stays-2026-10-02.csv", &newer);
        let night = site.night(CHANGES, numbers);
        let facilities = |lines: &[BTreeMap<String, String>]| {
            let mut found: Vec<String> = lines.iter().map(|line| line["facility_id"].clone()).collect();
            found.sort();
            found
        };
        assert_eq!(facilities(&night.duplicates), ["", "0099", "0099"], "{numbers}");
        assert!(night.duplicates.iter().all(|line| line["repeats_row"] < line["row"]), "{numbers}");
        assert!(night.superseded.len() >= 3, "{numbers}: {:?}", night.superseded);
        for line in &night.superseded {
            let row: usize = line["row"].parse().expect("a number");
            let of_file =
                if line["input"] == "stays-2026-10-02.csv" { &newer[..] } else { &[rows[0], rows[1], more[0]][..] };
            let stated = of_file[row - 2].split(',').nth(2).expect("a column");
            assert_eq!(line["facility_id"], stated, "{numbers}: {line:?}");
        }
    }
}

#[test]
fn without_a_setting_neither_version_is_in_the_statistics() {
    let site = Site::new();
    site.stays("stays-2026-10.csv", &[A1_STAYS, A2]).stays("stays-2026-11-05.csv", &[A1_DIED, A2]);
    let night = site.night("", "");
    assert_eq!((night.figures(), night.aside()), ((1, 0), [0, 0, 2]));
    assert_eq!(night.count("undecided_discharges"), 1);
    let found = night.found("DUP001");
    assert!(found.len() == 2 && found.iter().all(|finding| finding["severity"] == "error"));
    assert!(night.superseded.iter().all(|line| line["changed_fields"] == "discharge_date discharge_status"));
    assert!(night.account.contains("2 records of 1 number with other content"), "{}", night.account);
    // Ignoring the edit does not count a stay twice, and the equal row is a duplicate.
    let night = site.night("", "[edits]\nignore = \"DUP001\"\n");
    assert_eq!((night.figures(), night.aside()), ((1, 0), [0, 0, 2]));
    assert_eq!(night.results["totals"]["duplicate"], 1);
}

#[test]
fn versions_that_are_all_outside_the_period_are_not_undecided_discharges_of_it() {
    let site = Site::new();
    site.stays(
        "stays-2026-10.csv",
        &[A2, "B1,P9,0042,2026-09-01,2026-09-05,06,F", "B1,P9,0042,2026-09-01,2026-09-07,20,F"],
    );
    let night = site.night("", "");
    assert_eq!((night.figures(), night.aside()), ((1, 0), [0, 0, 0]));
    assert_eq!((night.count("outside_period"), night.found("DUP001").len()), (2, 2));
}

#[test]
fn a_deletion_mark_withdraws_the_record_until_a_newer_version_comes() {
    let site = Site::new();
    let heading = "ID,MRN,FAC,ADM,DIS,STATUS,SEX,ACTION\n";
    let delivery = format!("{CHANGES}\ndeletion = {{ column = \"ACTION\", values = [\"D\"] }}");
    site.file("stays-2026-10.csv", &format!("{heading}{A2},I\n{A3},I\n"));
    let night = site.night(&delivery, "");
    assert_eq!((night.figures(), night.aside()), ((2, 1), [0, 0, 0]));
    // The column of the mark is asked, though the layout does not map it.
    assert!(night.found("FIL009").is_empty());
    site.file("stays-2026-11-01.csv", &format!("{heading}A3,,,,,,,d\n"));
    let night = site.night(&delivery, "");
    assert_eq!((night.figures(), night.aside()), ((1, 0), [1, 1, 0]));
    assert!(night.superseded.iter().any(|line| line["became"] == "withdrawn" && line["why"] == "marked as deleted"));
    site.file("stays-2026-11-02.csv", &format!("{heading}{A3},U\n"));
    let night = site.night(&delivery, "");
    assert_eq!((night.figures(), night.aside()), ((2, 1), [2, 0, 0]));
}

#[test]
fn a_record_that_is_missing_from_the_newest_full_file_is_withdrawn() {
    let site = Site::new();
    site.stays("stays-2026-11-01.csv", &[A1_STAYS, A2, A3]);
    site.stays("stays-2026-11-02.csv", &[A1_DIED, A2]);
    let night = site.night(FULL, "");
    assert_eq!((night.figures(), night.aside()), ((2, 1), [1, 1, 0]));
    let withdrawn = night.superseded.iter().find(|line| line["became"] == "withdrawn").expect("A3");
    assert_eq!((withdrawn["number"].as_str(), withdrawn["why"].as_str()), ("A3", "not in the newest full file"));
    // Full files repeat themselves: that is no finding.
    assert!(night.found("FIL005").is_empty());
    assert_eq!(night.results["totals"]["duplicate"], 1);
    // A file that cannot be read whole, or has no rows, withdraws nothing.
    site.file("stays-2026-11-03.csv", &format!("{HEADING}{A2}\nA9,too,few\n"));
    let night = site.night(FULL, "");
    assert_eq!((night.figures(), night.found("FIL036").len()), ((2, 1), 1));
    site.file("stays-2026-11-03.csv", HEADING);
    let night = site.night(FULL, "");
    assert_eq!((night.figures(), night.found("FIL036").len()), ((2, 1), 1));
    // It comes back in the next whole file.
    site.stays("stays-2026-11-03.csv", &[A2, A3]);
    let night = site.night(FULL, "");
    assert_eq!((night.figures(), night.aside()), ((2, 1), [1, 1, 0]));
}

#[test]
fn full_files_of_two_hospitals_withdraw_nothing_of_each_other() {
    let site = Site::new();
    site.stays("stays-north-2026-11-01.csv", &[A1_STAYS, A2]).stays("stays-south-2026-11-01.csv", &[A3]);
    site.stays("stays-north-2026-11-02.csv", &[A2]);
    let night = site.night(FULL, "");
    assert_eq!((night.figures(), night.aside()), ((2, 1), [0, 1, 0]));
}

#[test]
fn two_rows_of_one_number_in_one_file_are_undecided_unless_a_column_orders_them() {
    let site = Site::new();
    let heading = "ID,MRN,FAC,ADM,DIS,STATUS,SEX,CHANGED\n";
    let rows =
        format!("{heading}{A1_DIED},2026-10-08 09:00:02\n{A1_STAYS},2026-10-08 09:00:01\n{A2},2026-10-09 10:00\n");
    site.file("stays-2026-10.csv", &rows);
    let night = site.night(CHANGES, "");
    assert_eq!((night.figures(), night.aside()), ((1, 0), [0, 0, 2]));
    let night = site.night(&format!("{CHANGES}\nnewest_by = {{ column = \"CHANGED\" }}"), "");
    assert_eq!((night.figures(), night.aside()), ((2, 1), [1, 0, 0]));
    // The column decides against the names of the files as well.
    site.file("stays-2026-11-05.csv", &format!("{heading}{A1_STAYS},2026-10-06 08:00\n"));
    let night = site.night(&format!("{CHANGES}\nnewest_by = {{ column = \"changed\" }}"), "");
    assert_eq!((night.figures(), night.aside()), ((2, 1), [2, 0, 0]));
    // A version that says nothing may be the newest.
    site.file("stays-2026-11-05.csv", &format!("{heading}{A1_STAYS},soon\n"));
    let night = site.night(&format!("{CHANGES}\nnewest_by = {{ column = \"CHANGED\" }}"), "");
    assert_eq!((night.figures(), night.aside()), ((1, 0), [1, 0, 2]));
    // Times of a stated format.
    let heading = "ID,MRN,FAC,ADM,DIS,STATUS,SEX,CHANGED\n";
    site.file("stays-2026-10.csv", &format!("{heading}{A1_DIED},10/08/2026 09:30\n{A1_STAYS},10/08/2026 09:00\n"));
    fs::remove_file(site.path().join("stays-2026-11-05.csv")).expect("removed");
    let by = "newest_by = { column = \"CHANGED\", formats = \"%m/%d/%Y %H:%M\" }";
    let night = site.night(&format!("{CHANGES}\n{by}"), "");
    assert_eq!((night.figures(), night.aside()), ((1, 1), [1, 0, 0]));
}

#[test]
fn files_are_ordered_by_their_dates_or_as_they_are_named_and_else_not_at_all() {
    let site = Site::new();
    site.stays("stays-b.csv", &[A1_STAYS]).stays("stays-a.csv", &[A1_DIED]);
    let night = site.night(CHANGES, "");
    assert_eq!((night.figures(), night.aside()), ((0, 0), [0, 0, 2]));
    assert_eq!(night.found("FIL035").len(), 2);
    // By their names, a comes before b.
    let order = format!("{CHANGES}\nnewest_by = \"order\"");
    let night = site.night(&order, "");
    assert_eq!((night.figures(), night.aside()), ((1, 0), [1, 0, 0]));
    assert!(night.found("FIL035").is_empty());
    // A file of a day within the month of another is neither newer nor older.
    let site = Site::new();
    site.stays("stays-2026-10.csv", &[A1_STAYS]).stays("stays-2026-10-20.csv", &[A1_DIED]);
    assert_eq!(site.night(CHANGES, "").aside(), [0, 0, 2]);
    // Two of one day, ordered by the time.
    let site = Site::new();
    site.stays("stays-20261020_1500.csv", &[A1_DIED]).stays("stays-20261020_0300.csv", &[A1_STAYS]);
    assert_eq!(site.night(CHANGES, "").figures(), (1, 1));
}

#[test]
fn the_order_of_the_list_of_files_decides_where_it_is_asked_to() {
    let site = Site::new();
    site.stays("export.csv", &[A1_STAYS, A2]).stays("corrections.csv", &[A1_DIED]);
    let pipeline = |files: &str| {
        format!(
            "title = \"Order\"\n[[ingest]]\nname = \"stays\"\nfiles = {files}\nlayout = \"./stays.toml\"\n{CHANGES}\nnewest_by = \"order\"\n"
        )
    };
    for (files, deaths) in [("[\"export.csv\", \"corrections.csv\"]", 1), ("[\"corrections.csv\", \"export.csv\"]", 0)]
    {
        site.file("order.toml", &pipeline(files));
        let _ = fs::remove_dir_all(site.path().join("out"));
        let arguments = ["run", "order.toml", "--as-of", "2026-12-01", "--format", "text", "--out", "out"];
        assert!(chartroom(site.path()).args(arguments).output().expect("the program starts").status.success());
        let text = fs::read_to_string(run_folder(&site.path().join("out")).join("data/statistics.txt")).expect("text");
        let line = text.lines().find(|line| line.trim().starts_with("Deaths ")).expect("deaths");
        assert_eq!(line.split_whitespace().last(), Some(deaths.to_string().as_str()), "{files}");
    }
}

const A_DIAGNOSES: &str =
    "[[ingest]]\nname = \"diagnoses\"\nfiles = \"diagnoses-*.csv\"\nlayout = \"./diagnoses.toml\"\n";

#[test]
fn diagnoses_follow_the_setting_of_their_own_feed() {
    let site = Site::new();
    site.stays("stays-2026-10.csv", &[A1_STAYS, A2]);
    site.file("diagnoses-2026-10.csv", "ID,CODE,SEQ\nA1,I10,1\nA1,E119,2\nA2,J189,1\n");
    site.file("diagnoses-2026-11-05.csv", "ID,CODE,SEQ\nA1,I639,1\n");
    let night = site.night(CHANGES, A_DIAGNOSES);
    assert_eq!(night.count("diagnoses"), 4);
    let night = site.night(CHANGES, &format!("{A_DIAGNOSES}{CHANGES}\n"));
    assert_eq!((night.count("diagnoses"), night.figures()), (2, (2, 0)));
    let aside = night.superseded.iter().filter(|line| line["table"] == "diagnoses");
    assert_eq!(aside.filter(|line| line["became"] == "superseded").count(), 2);
    // What hangs on a withdrawn stay goes with it, and hangs on nothing.
    site.stays("stays-2026-11-06.csv", &[A2]);
    let night = site.night(FULL, &format!("{A_DIAGNOSES}{CHANGES}\n"));
    assert_eq!((night.figures(), night.aside(), night.count("diagnoses")), ((1, 0), [0, 1, 0], 1));
    assert_eq!(night.count("without_encounter"), 0);
    let of_a1 = night.superseded.iter().filter(|line| line["why"] == "its encounter is withdrawn").count();
    assert_eq!(of_a1, 1);
}

#[test]
fn a_newer_version_of_a_document_replaces_it_alone_and_a_newer_patient_row_the_older() {
    let site = Site::new();
    site.stays("stays-2026-10.csv", &[A1_STAYS]);
    site.file(
        "documents-2026-10-06.csv",
        "ID,DOC,TYPE,AUTHOR,DAY\nA1,D1,discharge_summary,,2026-10-05\nA1,D2,history_and_physical,X,2026-10-01\n",
    );
    site.file(
        "documents-2026-10-08.csv",
        "ID,DOC,TYPE,AUTHOR,DAY\nA1,D1,discharge_summary,X,2026-10-05\nA1,D3,progress_note,X,2026-10-02\n",
    );
    site.file("patients-2026-10-06.csv", "MRN,BIRTH\nP1,1990-01-01\n");
    site.file("patients-2026-10-07.csv", "MRN,BIRTH\nP1,1950-01-01\n");
    let more = |delivery: &str| {
        format!(
            "[[ingest]]\nname = \"documents\"\nfiles = \"documents-*.csv\"\nlayout = \"./documents.toml\"\n{delivery}\n[[ingest]]\nname = \"patients\"\nfiles = \"patients-*.csv\"\nlayout = \"./patients.toml\"\n{delivery}\n"
        )
    };
    let night = site.night("", &more(""));
    assert_eq!((night.count("documents"), night.found("DUP002").len()), (4, 1));
    let night = site.night("", &more(CHANGES));
    assert_eq!((night.count("documents"), night.found("DUP002").len()), (3, 0));
    assert!(night.statistics.lines().any(|line| line.contains("75-84") && line.contains(" 1")), "{}", night.statistics);
    let tables: Vec<&str> = night.superseded.iter().map(|line| line["table"].as_str()).collect();
    assert_eq!(tables, ["patients", "documents"]);
}

#[test]
fn one_number_at_two_facilities_is_never_one_version_of_the_other() {
    let site = Site::new();
    site.stays("stays-2026-10.csv", &[A1_STAYS])
        .stays("stays-2026-11-05.csv", &["A1,P7,0099,2026-10-11,2026-10-12,20,M"]);
    let night = site.night(CHANGES, "");
    assert_eq!((night.figures(), night.aside()), ((0, 0), [0, 0, 2]));
    let own = "[edits]\nencounter_numbers = \"facility\"\n";
    let night = site.night(CHANGES, own);
    assert_eq!((night.figures(), night.aside()), ((2, 1), [0, 0, 0]));
    site.stays("stays-2026-11-06.csv", &[A1_DIED]);
    let night = site.night(CHANGES, own);
    assert_eq!((night.figures(), night.aside()), ((2, 2), [1, 0, 0]));
}

#[test]
fn a_choice_is_made_of_the_newest_version_and_leaves_the_other_of_two_records_decided() {
    let site = Site::new();
    let only = "only = { sex = \"F\" }";
    // The correction says that the patient is a man: the woman of the older version is nobody.
    site.stays("stays-2026-10.csv", &[A1_STAYS, A2]);
    site.stays("stays-2026-11-05.csv", &["A1,P1,0042,2026-10-01,2026-10-05,06,M"]);
    let night = site.night(&format!("{CHANGES}\n{only}"), "");
    assert_eq!((night.figures(), night.aside(), night.count("excluded")), ((0, 0), [1, 0, 0], 2));
    let night = site.night(only, "");
    assert_eq!((night.figures(), night.aside(), night.found("DUP001").len()), ((1, 0), [0, 0, 0], 1));
}

#[test]
fn the_files_in_any_order_give_the_same_figures() {
    let versions = [("2026-10-20", A1_STAYS), ("2026-10-21", A1_DIED), ("2026-10-22", A2), ("2026-10-23", A3)];
    for turn in 0..versions.len() {
        let site = Site::new();
        let mut written = versions;
        written.rotate_left(turn);
        // The names are in another order than the dates.
        for (place, (date, row)) in written.iter().enumerate() {
            site.stays(&format!("stays-{place}-{date}.csv"), &[row]);
        }
        let night = site.night(CHANGES, "");
        assert_eq!((night.figures(), night.aside()), ((3, 2), [1, 0, 0]));
    }
}

#[test]
fn a_number_with_a_great_many_versions_takes_no_longer_than_as_many_records() {
    let site = Site::new();
    let mut text = "ID,MRN,FAC,ADM,DIS,STATUS,SEX,CHANGED\n".to_owned();
    for place in 0..70_000 {
        text.push_str(&format!("A1,P1,0042,2026-10-01,2026-10-05,06,F,{place}\n"));
    }
    site.file("stays-2026-10.csv", &text);
    let night = site.night(&format!("{CHANGES}\nnewest_by = {{ column = \"CHANGED\" }}"), "");
    assert_eq!((night.figures(), night.aside()), ((1, 0), [69_999, 0, 0]));
    let night = site.night("", "");
    assert_eq!((night.figures(), night.aside()), ((0, 0), [0, 0, 70_000]));
}

#[test]
fn the_file_that_is_sent_again_is_accused_and_not_the_original() {
    let accused = |night: &Night, rule: &str| -> Vec<String> {
        night.found(rule).iter().map(|finding| finding["input"].clone()).collect()
    };
    for (original, again) in [
        ("stays-2026-10.csv", "stays-2026-10-resent.csv"),
        ("stays-2026-10.csv", "stays-2026-10 (2).csv"),
        ("stays-2026-10-06.csv", "stays-0-2026-10-07.csv"),
        ("stays-20261006_0300.csv", "stays-0-20261006_1500.csv"),
    ] {
        let site = Site::new();
        site.stays(original, &[A1_STAYS, A2]).stays(again, &[A1_STAYS, A2]);
        let night = site.night("", "");
        assert_eq!(night.figures(), (2, 0));
        for rule in ["FIL003", "FIL005"] {
            assert_eq!(accused(&night, rule), [again], "{rule}");
        }
    }
    // Where state is kept, the original is the file that was taken before, whatever the names.
    let site = Site::new();
    fs::create_dir(site.path().join("state")).expect("made");
    site.stays("stays-october.csv", &[A1_STAYS, A2]);
    site.night("", "");
    site.stays("stays-a.csv", &[A1_STAYS, A2]);
    for _ in 0..2 {
        let night = site.night("", "");
        for rule in ["FIL003", "FIL005"] {
            assert_eq!(accused(&night, rule), ["stays-a.csv"], "{rule}");
        }
    }
}

/// A stay is corrected to a death, and then Monday's file comes once more under Thursday's name: the patient stays dead.
#[test]
fn a_file_that_is_sent_again_undoes_no_correction() {
    for delivery in [CHANGES, "delivery = \"changes\"\nnewest_by = \"order\""] {
        let site = Site::new();
        let monday = [A1_STAYS, A2];
        site.stays("stays-2026-10-12.csv", &monday).stays("stays-2026-10-13.csv", &[A1_DIED]);
        site.stays("stays-2026-10-15.csv", &monday);
        let night = site.night(delivery, "");
        assert_eq!((night.figures(), night.aside()), ((2, 1), [1, 0, 0]), "{delivery}");
        assert_eq!(night.superseded[0]["newest_input"], "stays-2026-10-13.csv", "{delivery}");
        // With another row it is another file, and says of every record what is so on its own day.
        site.stays("stays-2026-10-15.csv", &[A1_STAYS, A2, A3]);
        assert_eq!(site.night(delivery, "").figures(), (3, 1), "{delivery}");
    }
    // Of full files the newest is believed, also where it is the same as one before.
    let site = Site::new();
    site.stays("stays-2026-10-12.csv", &[A1_STAYS, A2]).stays("stays-2026-10-13.csv", &[A1_DIED]);
    site.stays("stays-2026-10-15.csv", &[A1_STAYS, A2]);
    assert_eq!(site.night(FULL, "").figures(), (2, 0));
}

#[test]
fn settings_that_cannot_be_kept_are_refused_with_what_to_do() {
    let site = Site::new();
    site.stays("stays-2026-10.csv", &[A2]);
    site.file(
        "census.toml",
        "title = \"Census\"\ntable = \"census\"\n[columns]\ncensus_date = \"DAY\"\ncensus_discharges = \"N\"\n",
    );
    site.file(
        "index.toml",
        "title = \"Index\"\ntable = \"documents\"\n[columns]\nencounter_id = \"ID\"\ndocument_type = \"TYPE\"\n",
    );
    site.file(
        "places.toml",
        "title = \"Places\"\ntable = \"encounters\"\n[columns]\nencounter_id = { row_number = true }\ndischarge_date = \"DIS\"\n",
    );
    let refused = |delivery: &str, more: &str| {
        let text = format!(
            "title = \"Night\"\n[[ingest]]\nname = \"stays\"\nfiles = \"stays-*.csv\"\nlayout = \"./stays.toml\"\n{delivery}\n{more}"
        );
        site.file("night.toml", &text);
        let output = chartroom(site.path()).args(["check", "night.toml"]).output().expect("the program starts");
        let (_, errors, code) = printed(&output);
        assert_ne!(code, 0, "{delivery}{more}");
        errors
    };
    let feed = |layout: &str| {
        format!("[[ingest]]\nname = \"more\"\nfiles = \"stays-*.csv\"\nlayout = \"./{layout}.toml\"\n{CHANGES}\n")
    };
    for (delivery, more, words) in [
        ("delivery = \"change\"", String::new(), "did you mean `changes`?"),
        ("newest_by = \"order\"", String::new(), "write delivery = \"changes\" or delivery = \"full\""),
        (
            "delivery = \"full\"\nnewest_by = { column = \"X\" }",
            String::new(),
            "of full files one is the newest as a whole",
        ),
        ("delivery = \"changes\"\nnewest_by = { colum = \"X\" }", String::new(), "did you mean `column`?"),
        ("delivery = \"changes\"\ndeletion = { column = \"X\" }", String::new(), "needs the key `values`"),
        ("", feed("census"), "rows of a register bear no number"),
        ("", feed("index"), "map document_id in the layout"),
        ("", feed("places"), "map a column with the number of the stay as encounter_id"),
    ] {
        let errors = refused(delivery, &more);
        assert!(errors.contains(words), "{words} is missing in\n{errors}");
    }
    // A column that a file does not have makes that file unusable, and says so.
    let deletion = format!("{CHANGES}\ndeletion = {{ column = \"ACTON\", values = \"D\" }}");
    site.file("stays-2026-10.csv", "ID,MRN,FAC,ADM,DIS,STATUS,SEX,ACTION\nA2,P2,0042,2026-10-02,2026-10-09,01,M,I\n");
    site.file("night.toml", &format!("title = \"Night\"\n[[ingest]]\nname = \"stays\"\nfiles = \"stays-*.csv\"\nlayout = \"./stays.toml\"\n{deletion}\n"));
    let output = chartroom(site.path()).args(["run", "night.toml", "--as-of", "2026-12-01"]).output().expect("starts");
    let (_, errors, code) = printed(&output);
    assert_eq!(code, 65);
    assert!(
        errors.contains("the column `ACTON` that `deletion` of the pipeline names is not there; is it `ACTION`?"),
        "{errors}"
    );
}
