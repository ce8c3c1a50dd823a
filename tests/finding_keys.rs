//! A finding is known by the same key from run to run: whatever the threads, the order of the rows, the names and places of the files, and the files that the rows
//! stand in. Facilities that share encounter numbers are told apart in every list.

use std::{collections::BTreeMap, path::Path};

use polars::prelude::{ParquetReader, SerReader as _};

use crate::command::{chartroom, printed, root, run_folder};

const STAYS: &str = r#"title = "Stays"
table = "encounters"
[columns]
encounter_id = "VISIT"
facility_id = "FAC"
patient_id = "MRN"
sex = "SEX"
birth_date = "BIRTH"
admission_date = "ADM"
discharge_date = "DIS"
discharge_status = "STATUS"
attending_name = "ATT"
diagnosis_code = { columns = "DX{1..3}" }
present_on_admission = { columns = "POA{1..3}" }
"#;

const DOCUMENTS: &str = r#"title = "Documents"
table = "documents"
[columns]
encounter_id = "VISIT"
facility_id = "FAC"
document_id = "DOC"
document_type = "TYPE"
document_author = "AUTH"
dictated_at = { column = "WRITTEN", formats = ["%Y-%m-%d %H:%M"] }
signed_at = { column = "SIGNED", formats = ["%Y-%m-%d %H:%M"] }
"#;

const STAY_HEADING: &str = "VISIT,FAC,MRN,SEX,BIRTH,ADM,DIS,STATUS,ATT,DX1,DX2,DX3,POA1,POA2,POA3\n";
const DOCUMENT_HEADING: &str = "VISIT,FAC,DOC,TYPE,AUTH,WRITTEN,SIGNED\n";

/// Both facilities have the visit V1 and the patient P1. A code stands twice on one record (two findings of one rule and value), stays of P1 overlap, two rows state
/// no number and overlap with each other, and of V6 there are two versions, none of which is known to be the newer.
const ROWS: [&str; 10] = [
    "V1,A,P1,,1960-01-01,2026-10-01,2026-10-04,01,LEE,I10X,I10X,E119,Y,Q,Y\n",
    "V1,B,P1,F,1960-01-01,2026-10-02,2026-10-05,01,CHO,I10,,,Q,,\n",
    "V2,A,P1,F,1960-01-01,2026-10-03,2026-10-09,01,LEE,I10,,,Y,,\n",
    "V3,B,P2,,1960-01-01,2026-10-09,2026-10-03,01,CHO,I10,,,Y,,\n",
    "V4,B,P3,M,1950-01-01,2026-10-02,2026-10-03,01,CHO,e11.9,,,Y,,\n",
    "V4,A,P3,M,1950-01-01,2026-10-02,2026-10-03,01,LEE,e11.9,,,Y,,\n",
    ",A,P9,M,,2026-10-02,2026-10-05,01,LEE,I10,,,Y,,\n",
    ",A,P9,M,,2026-10-03,2026-10-08,01,CHO,E119,,,Y,,\n",
    "V6,B,P6,F,1950-01-01,2026-10-02,2026-10-03,01,CHO,I10X,,,Y,,\n",
    "V6,B,P6,F,1950-01-01,2026-10-02,2026-10-04,01,CHO,I10X,,,Y,,\n",
];
/// The last two are of one kind, unsigned and without a number; the two before name no encounter.
const DOCUMENT_ROWS: [&str; 9] = [
    "V1,A,D1,discharge_summary,LEE,2026-10-04 10:00,\n",
    "V1,B,D1,history_and_physical,CHO,2026-10-02 10:00,2026-10-02 11:00\n",
    "V9,A,D9,discharge_summary,LEE,2026-10-04 10:00,\n",
    "V9,B,D9,discharge_summary,CHO,2026-10-04 10:00,\n",
    "V8,A,D8,discharge_summary,LEE,2026-10-04 10:00,\n",
    ",A,D7,discharge_summary,LEE,2026-10-04 10:00,\n",
    ",B,D7,discharge_summary,LEE,2026-10-04 10:00,\n",
    "V2,A,,progress_note,LEE,2026-10-04 10:00,\n",
    "V2,A,,progress_note,LEE,2026-10-05 10:00,\n",
];

const ACCEPT: &str = r#"
[[edits.accept]]
rule = "FLD007"
facility = "A"
record = "V1"
reason = "the patient declines to state it"
author = "M. Alvarez"

[[edits.accept]]
facility = "A"
record = "V8"
reason = "an outpatient, whose stays are not sent"
author = "M. Alvarez"
"#;

/// A folder with the pipeline, and files of these rows. Lists of names stand for the same rows over as many files.
fn work(names: [&[&str]; 2], stays: &[&str], documents: &[&str]) -> tempfile::TempDir {
    let work = tempfile::tempdir().expect("a folder");
    let matrix = root().join("pipelines/matrices/expected-documents.toml");
    let pipeline = format!(
        "title = \"T\"\n[[ingest]]\nname = \"stays\"\nfiles = \"s*.csv\"\nlayout = \"stays.toml\"\n[[ingest]]\nname = \"documents\"\nfiles = \"d*.csv\"\nlayout = \"documents.toml\"\n[edits]\nencounter_numbers = \"facility\"\npatient_numbers = \"facility\"\n{ACCEPT}[deficiency]\nmatrix = \"{}\"\n[statistics]\nformat = \"text\"\n",
        matrix.display()
    );
    let write = |name: &str, text: &str| std::fs::write(work.path().join(name), text).expect("written");
    write("pipeline.toml", &pipeline);
    write("stays.toml", STAYS);
    write("documents.toml", DOCUMENTS);
    for (names, heading, rows) in [(names[0], STAY_HEADING, stays), (names[1], DOCUMENT_HEADING, documents)] {
        for (place, name) in names.iter().enumerate() {
            let own = rows.iter().enumerate().filter(|(row, _)| row % names.len() == place);
            write(name, &format!("{heading}{}", own.map(|(_, row)| *row).collect::<String>()));
        }
    }
    work
}

fn run(work: &Path, threads: &str) -> std::path::PathBuf {
    let mut command = chartroom(work);
    command.args(["run", "pipeline.toml", "--as-of", "2026-12-20"]).env("RAYON_NUM_THREADS", threads);
    let (_, errors, code) = printed(&command.output().expect("it starts"));
    assert_eq!(code, 0, "{errors}");
    run_folder(&work.join("out")).join("data")
}

/// The lines of a table, each by its columns.
fn lines(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("the table");
    let headings = reader.headers().expect("headings").clone();
    let cell = |(name, cell): (&str, &str)| (name.to_owned(), cell.to_owned());
    reader.records().map(|row| headings.iter().zip(&row.expect("a row")).map(cell).collect()).collect()
}

const LISTS: [(&str, &str); 5] = [
    ("findings.csv", "finding_key"),
    ("accepted.csv", "finding_key"),
    ("worklists/records_to_correct.csv", "finding_keys"),
    ("worklists/patients_to_review.csv", "finding_key"),
    ("worklists/deficiencies.csv", "deficiency_key"),
];

/// Of every list: facility, encounter, rule and value of each line with its key, sorted.
fn keys(data: &Path) -> Vec<[String; 6]> {
    let mut all = Vec::new();
    for (list, key) in LISTS {
        for line in lines(&data.join(list)) {
            let cell = |name: &str| line.get(name).cloned().unwrap_or_default();
            let is_by_place = cell("encounter_id").contains('-');
            let encounter = if is_by_place { "by place".to_owned() } else { cell("encounter_id") };
            all.push([list.to_owned(), cell("facility_id"), encounter, cell("rule"), cell("value"), cell(key)]);
        }
    }
    all.sort();
    all
}

#[test]
fn a_key_is_the_same_over_threads_shuffled_rows_renamed_files_other_places_and_other_cuts() {
    let first = work([&["s.csv"], &["d.csv"]], &ROWS, &DOCUMENT_ROWS);
    let expected = keys(&run(first.path(), "1"));
    assert!(expected.len() > 20, "{expected:#?}");
    for list in ["findings.csv", "worklists/deficiencies.csv"] {
        let mut of_list: Vec<&String> = expected.iter().filter(|line| line[0] == list).map(|line| &line[5]).collect();
        let count = of_list.len();
        of_list.sort_unstable();
        of_list.dedup();
        assert_eq!(of_list.len(), count, "no two lines of {list} have one key: {expected:#?}");
        assert!(of_list.iter().all(|key| key.len() == 17 && key.starts_with('k')));
    }
    for wanted in ["PAT002", "V6"] {
        assert!(expected.iter().any(|line| line.iter().any(|cell| cell == wanted)), "{wanted}: {expected:#?}");
    }
    let of_notes = |line: &&[String; 6]| line[0] == "worklists/deficiencies.csv" && line[2] == "V2";
    assert!(expected.iter().filter(of_notes).count() > 1, "two notes are unsigned: {expected:#?}");
    let (mut shuffled, mut documents) = (ROWS, DOCUMENT_ROWS);
    shuffled.reverse();
    shuffled.swap(1, 4);
    documents.reverse();
    for (what, other) in [
        ("shuffled rows", work([&["s.csv"], &["d.csv"]], &shuffled, &documents)),
        ("renamed files", work([&["stays of October.csv"], &["documents, new.csv"]], &ROWS, &DOCUMENT_ROWS)),
        (
            "three files and two",
            work([&["s1.csv", "s2.csv", "s3.csv"], &["d1.csv", "d2.csv"]], &shuffled, &DOCUMENT_ROWS),
        ),
    ] {
        for threads in ["1", "2", "5"] {
            assert_eq!(keys(&run(other.path(), threads)), expected, "{what}, {threads} threads");
            std::fs::remove_dir_all(other.path().join("out")).expect("removed");
        }
    }
}

#[test]
fn facilities_that_share_encounter_numbers_are_told_apart_in_every_list() {
    let work = work([&["s.csv"], &["d.csv"]], &ROWS, &DOCUMENT_ROWS);
    let data = run(work.path(), "2");
    let of = |list: &str, wanted: &[(&str, &str)]| -> Vec<[String; 2]> {
        let lines = lines(&data.join(list)).into_iter();
        let own = lines.filter(|line| wanted.iter().all(|(name, value)| line[*name] == *value));
        own.map(|line| ["facility_id", "encounter_id"].map(|name| line[name].clone())).collect()
    };
    let pair = |facility: &str, encounter: &str| [facility.to_owned(), encounter.to_owned()];
    // The mark Q at each facility's V1.
    assert_eq!(
        of("findings.csv", &[("field", "present_on_admission"), ("value", "Q")]),
        [pair("A", "V1"), pair("B", "V1")]
    );
    // One code with a dot and in lower case, at both.
    let by_value = lines(&data.join("findings.csv")).into_iter().find(|line| line["count"] == "2").expect("a value");
    assert_eq!(by_value["samples"], "V4 of A; V4 of B");
    // Sex is missing at A's V1, where it is accepted, and at B's V3, where it is not.
    assert_eq!(of("accepted.csv", &[("rule", "FLD007")]), [pair("A", "V1")]);
    assert_eq!(of("findings.csv", &[("rule", "FLD007")]), [pair("B", "V3")]);
    let to_correct = of("worklists/records_to_correct.csv", &[("encounter_id", "V1")]);
    assert_eq!(to_correct, [pair("A", "V1"), pair("B", "V1")]);
    // P1 of A overlaps; P1 of B is another patient.
    let to_review = lines(&data.join("worklists/patients_to_review.csv"));
    assert!(!to_review.is_empty());
    assert!(
        to_review.iter().all(|line| line["facility_id"] == "A" && line["other_facility_id"] == "A"),
        "{to_review:#?}"
    );
    let deficiencies =
        of("worklists/deficiencies.csv", &[("encounter_id", "V1"), ("document_type", "history_and_physical")]);
    assert_eq!(deficiencies, [pair("A", "V1")], "B's is there, and A's is missing");
    // Documents that name no encounter have the facility that their row states.
    let unnumbered = lines(&data.join("findings.csv"))
        .into_iter()
        .filter(|line| line["encounter_id"].is_empty() && line["input"].contains("d.csv"));
    let facilities: Vec<String> = unnumbered.map(|line| line["facility_id"].clone()).collect();
    assert!(!facilities.is_empty() && facilities.iter().all(|facility| !facility.is_empty()), "{facilities:?}");
    // The sources of both records named V1.
    let file = std::fs::File::open(data.join("record_sources.parquet")).expect("the sources");
    let sources = ParquetReader::new(file).finish().expect("they are read");
    let texts = |column: &str| -> Vec<Option<String>> {
        let texts = sources.column(column).expect("a column").str().expect("texts");
        texts.iter().map(|text| text.map(str::to_owned)).collect()
    };
    let of_v1: Vec<Option<String>> = texts("encounter_id")
        .into_iter()
        .zip(texts("table"))
        .zip(texts("facility_id"))
        .filter(|((number, table), _)| number.as_deref() == Some("V1") && table.as_deref() == Some("encounters"))
        .map(|(_, facility)| facility)
        .collect();
    assert_eq!(of_v1, [Some("A".to_owned()), Some("B".to_owned())]);
    // Documents without their encounter: of one number at two facilities each, and one that is accepted.
    assert_eq!(of("findings.csv", &[("encounter_id", "V9")]), [pair("A", "V9"), pair("B", "V9")]);
    assert_eq!(of("findings.csv", &[("encounter_id", "V8")]), Vec::<[String; 2]>::new());
    assert_eq!(of("accepted.csv", &[("encounter_id", "V8")]), [pair("A", "V8")]);
}

/// The key of a finding on each file, by the name of the file.
fn keys_of_files(data: &Path, rule: &str) -> BTreeMap<String, String> {
    let found = lines(&data.join("findings.csv")).into_iter().filter(|line| line["rule"] == rule);
    found.map(|line| (line["input"].clone(), line["finding_key"].clone())).collect()
}

/// A file is known by its content: another name, a folder beside it, a file more or less before it leave the key of its finding as it is; another content does not.
#[test]
fn a_finding_of_a_file_is_known_by_the_content_of_the_file() {
    // A row that is cut short is no row of the file: FIL004.
    let cut_short = |number: &str| format!("{STAY_HEADING}{}{number},A\n", ROWS[2]);
    let site = work([&["s-2.csv"], &["d.csv"]], &ROWS, &DOCUMENT_ROWS);
    let write = |name: &str, number: &str| std::fs::write(site.path().join(name), cut_short(number)).expect("written");
    let keys = || {
        let keys = keys_of_files(&run(site.path(), "2"), "FIL004");
        std::fs::remove_dir_all(site.path().join("out")).expect("removed");
        keys
    };
    write("s-1.csv", "X1");
    write("s-3.csv", "X3");
    write("s-4.csv", "X4");
    let all = keys();
    assert_eq!(all.keys().collect::<Vec<_>>(), ["s-1.csv", "s-3.csv", "s-4.csv"]);
    assert!(all["s-1.csv"] != all["s-3.csv"] && all["s-3.csv"] != all["s-4.csv"]);
    // The oldest goes away, one is renamed.
    std::fs::remove_file(site.path().join("s-1.csv")).expect("removed");
    std::fs::rename(site.path().join("s-3.csv"), site.path().join("stays, once more.csv")).expect("renamed");
    let fewer = keys();
    assert_eq!(fewer["stays, once more.csv"], all["s-3.csv"]);
    assert_eq!(fewer["s-4.csv"], all["s-4.csv"]);
    // Another content is another file; the same content twice is told apart.
    write("s-4.csv", "X5");
    write("s-5.csv", "X5");
    let changed = keys();
    assert_ne!(changed["s-4.csv"], all["s-4.csv"]);
    assert_ne!(changed["s-4.csv"], changed["s-5.csv"]);
    assert_eq!(changed["stays, once more.csv"], all["s-3.csv"]);
}

/// Of three versions of one number, none of which is known to be the newest, one goes: the others keep their keys.
#[test]
fn a_version_keeps_its_key_when_another_goes() {
    let versions: Vec<String> = ["03", "04", "05"]
        .map(|day| format!("V6,B,P6,F,1950-01-01,2026-10-02,2026-10-{day},01,CHO,I10X,,,Y,,\n"))
        .to_vec();
    let keys_of = |rows: &[&str]| -> BTreeMap<String, Vec<String>> {
        let work = work([&["s.csv"], &["d.csv"]], rows, &DOCUMENT_ROWS);
        let mut of_rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for line in lines(&run(work.path(), "2").join("findings.csv")) {
            if line["encounter_id"] == "V6" && line["rule"].starts_with("COD") {
                let row = rows[line["row"].parse::<usize>().expect("a row") - 2];
                of_rows.entry(row.to_owned()).or_default().push(line["finding_key"].clone());
            }
        }
        of_rows
    };
    let rows: Vec<&str> = versions.iter().map(String::as_str).collect();
    let (all, two) = (keys_of(&rows), keys_of(&rows[1..]));
    assert_eq!((all.len(), two.len()), (3, 2), "{all:#?}");
    assert!(two.iter().all(|(row, keys)| all[row] == *keys), "{all:#?} {two:#?}");
}

/// Of two unsigned notes without a number one is signed: the other keeps its key, for it is known by its own times and its author.
#[test]
fn a_document_without_a_number_keeps_its_key_when_another_is_signed() {
    let keys_of_notes = |documents: &[&str]| -> Vec<String> {
        let work = work([&["s.csv"], &["d.csv"]], &ROWS, documents);
        let all = lines(&run(work.path(), "2").join("worklists/deficiencies.csv")).into_iter();
        let notes = all.filter(|line| line["document_type"] == "progress_note");
        let mut keys: Vec<String> = notes.map(|line| line["deficiency_key"].clone()).collect();
        keys.sort_unstable();
        keys
    };
    for unsigned in [
        ["V2,A,,progress_note,LEE,2026-10-04 10:00,\n", "V2,A,,progress_note,LEE,2026-10-05 10:00,\n"],
        ["V2,A,,progress_note,CHO,2026-10-04 10:00,\n", "V2,A,,progress_note,LEE,2026-10-04 10:00,\n"],
        ["V2,A,,progress_note,CHO,,\n", "V2,A,,progress_note,LEE,,\n"],
    ] {
        let all = keys_of_notes(&unsigned);
        assert_eq!(all.len(), 2, "{all:?}");
        let mut left = Vec::new();
        for signed in 0..2 {
            let mut documents = unsigned.map(str::to_owned);
            documents[signed] = documents[signed].replace(",\n", ",2026-10-06 10:00\n");
            left.extend(keys_of_notes(&documents.each_ref().map(String::as_str)));
        }
        left.sort_unstable();
        assert_eq!(left, all, "{unsigned:?}");
    }
}

/// A stay that overlaps another of its patient: its finding stands in the record's own figures wherever these are told.
#[test]
fn a_finding_between_records_counts_in_every_figure_of_its_record() {
    // V2 of A begins before V1 of A ends; the first is put right but for that.
    let rows = [
        "V1,A,P1,F,1960-01-01,2026-10-01,2026-10-04,01,LEE,I10,,,Y,,\n",
        "V2,A,P1,F,1960-01-01,2026-10-03,2026-10-09,01,CHO,I10,,,Y,,\n",
        "V3,A,P2,F,1960-01-01,2026-10-03,2026-10-09,01,CHO,I10,,,Y,,\n",
    ];
    let work = work([&["s.csv"], &["d.csv"]], &rows, &DOCUMENT_ROWS);
    let data = run(work.path(), "2");
    let found: Vec<_> = lines(&data.join("findings.csv")).into_iter().filter(|line| line["rule"] == "PAT002").collect();
    let [finding] = found.as_slice() else { panic!("one overlap: {found:#?}") };
    assert_eq!((finding["encounter_id"].as_str(), finding["severity"].as_str()), ("V2", "error"));
    let to_correct = lines(&data.join("worklists/records_to_correct.csv"));
    let [record] = to_correct.as_slice() else { panic!("one record: {to_correct:#?}") };
    assert_eq!((record["encounter_id"].as_str(), record["attending_name"].as_str()), ("V2", "CHO"));
    assert_eq!((record["error"].as_str(), record["rules"].as_str()), ("1", "PAT002"));
    assert_eq!(record["finding_keys"], finding["finding_key"]);
    let file = std::fs::File::open(data.join("coded_records.parquet")).expect("the coded records");
    let wanted = ["encounter_id", "findings_error"].map(str::to_owned).to_vec();
    let records = ParquetReader::new(file).with_columns(Some(wanted)).finish().expect("they are read");
    let numbers = records.column("encounter_id").expect("numbers").str().expect("texts").clone();
    let errors = records.column("findings_error").expect("errors").i32().expect("figures").clone();
    let of_records: Vec<(Option<&str>, Option<i32>)> = numbers.iter().zip(errors.iter()).collect();
    assert_eq!(of_records, [(Some("V1"), Some(0)), (Some("V2"), Some(1)), (Some("V3"), Some(0))]);
}
