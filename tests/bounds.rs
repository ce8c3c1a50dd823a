//! Files that a column of is mapped wrongly, or that are larger than anything a department sends: memory and time stay bounded, every row is counted, and the
//! account says which column it is.
//!
//! Sizes are such that the program without bounds holds several times what is allowed here; with `CHARTROOM_LONG=1` they are those of issue and page.

use std::{
    fmt::Write as _,
    io::Write as _,
    path::Path,
    time::{Duration, Instant},
};

use crate::{
    command::{chartroom, results, run_folder},
    faults::table::{is_long, record},
    hostile_corpus::bounded::{Ended, watch},
};

/// Processor time that any of these may take, with a build for debugging on a busy machine in mind.
const LONGEST: Duration = Duration::from_secs(110);

/// Columns of the exports below.
const COLUMNS: [&str; 17] = [
    "encounter_id",
    "patient_id",
    "facility_id",
    "admission_date",
    "discharge_date",
    "birth_date",
    "sex",
    "payer",
    "discharge_status",
    "service",
    "attending_npi",
    "attending_name",
    "race",
    "coder",
    "coded_date",
    "diagnosis_code",
    "procedure_code",
];

/// A sound discharge.
fn sound(number: usize) -> [String; 17] {
    [
        format!("A{number:07}"),
        format!("P{number:07}"),
        "0042".to_owned(),
        format!("2026-10-{:02}", 1 + number % 20),
        format!("2026-10-{:02}", 3 + number % 20),
        "1960-05-01".to_owned(),
        "F".to_owned(),
        "MA".to_owned(),
        "01".to_owned(),
        "MED".to_owned(),
        "1200000051".to_owned(),
        "EDWARDS".to_owned(),
        "5".to_owned(),
        "C1".to_owned(),
        "2026-10-30".to_owned(),
        "I10".to_owned(),
        "0KQM0ZZ".to_owned(),
    ]
}

/// The place of a column.
fn at(column: &str) -> usize {
    COLUMNS.iter().position(|known| *known == column).expect("a column")
}

/// A site with one export, of which `change` makes the rows.
struct Site {
    work: tempfile::TempDir,
}

impl Site {
    fn new(rows: usize, change: impl Fn(usize, &mut [String; 17])) -> Site {
        let site = Site { work: tempfile::tempdir().expect("a folder") };
        let mut text = COLUMNS.join(",") + "\n";
        for number in 0..rows {
            let mut row = sound(number);
            change(number, &mut row);
            let _ = writeln!(text, "{}", row.join(","));
        }
        site.write("export.csv", text.as_bytes());
        let mut layout = "title = \"Export\"\ntable = \"encounters\"\n\n[columns]\n".to_owned();
        for column in COLUMNS {
            let formats = if column.ends_with("_date") { ", formats = [\"%Y-%m-%d\"]" } else { "" };
            let _ = match column {
                "diagnosis_code" | "procedure_code" => writeln!(layout, "{column} = {{ columns = [\"{column}\"] }}"),
                _ => writeln!(layout, "{column} = {{ column = \"{column}\"{formats} }}"),
            };
        }
        site.write("export.toml", layout.as_bytes());
        site.pipeline("export.csv", "");
        site
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.work.path().join(name), bytes).expect("written");
    }

    /// The pipeline: what reads the export, and more.
    fn pipeline(&self, files: &str, more: &str) {
        let profiles = crate::command::root().join("pipelines/profiles");
        let profile = |name: &str| profiles.join(format!("{name}.toml")).display().to_string();
        self.write(
            "night.toml",
            format!(
                "title = \"Night\"\noutput = \"out\"\n\n[[ingest]]\nname = \"export\"\nfiles = \"{files}\"\nlayout = \"export.toml\"\n\n{more}\n[edits]\nprofile = [\"{}\", \"{}\"]\n\n[statistics]\nformat = \"both\"\n",
                profile("internal"),
                profile("registry-12-months"),
            )
            .as_bytes(),
        );
    }

    fn folder(&self) -> &Path {
        self.work.path()
    }

    fn run(&self, more: &[&str]) -> Ended {
        let mut command = chartroom(self.folder());
        command.args(["run", "night.toml", "--as-of", "2026-11-10"]).args(more);
        watch(command, LONGEST)
    }

    /// Runs it, and holds how it ended: published, within the memory, in MiB, that it takes on a quiet machine and a quarter more: where threads wait for each
    /// other, more partitions are in hand.
    fn bounded(&self, most_memory: u64) -> serde_json::Value {
        let ended = self.run(&[]);
        assert!(
            matches!(ended.code, Some(0 | 1)),
            "ended with {:?} after {:?}: {}",
            ended.code,
            ended.took,
            ended.complained
        );
        println!("held {} MiB, took {:?}", ended.peak, ended.took);
        assert!(ended.peak < most_memory * 5 / 4, "held {} MiB", ended.peak);
        results(&self.folder().join("out"))
    }

    /// A file of the output.
    fn output(&self, name: &str) -> String {
        std::fs::read_to_string(run_folder(&self.folder().join("out")).join("data").join(name)).expect("an output")
    }
}

/// So many rows here, so many with `CHARTROOM_LONG=1`.
fn rows(few: usize, many: usize) -> usize {
    if is_long() { many } else { few }
}

fn columns_told(results: &serde_json::Value) -> Vec<(String, u64)> {
    let told = results["inputs"][0]["too_many_values"].as_object().expect("columns");
    told.iter().map(|(field, values)| (field.clone(), values.as_u64().expect("a count"))).collect()
}

fn values_that_every_row_has_of_its_own_are_counted_together_and_their_columns_told() {
    let rows = rows(30_000, 300_000);
    let fields = ["coder", "facility_id", "payer", "service"];
    let site = Site::new(rows, |number, row| {
        for field in fields.iter().chain(&["attending_npi", "attending_name", "race", "discharge_status"]) {
            row[at(field)] = format!("K{number:07}");
        }
    });
    let results = site.bounded(420);
    assert_eq!(columns_told(&results), fields.map(|field| (field.to_owned(), rows as u64)));
    assert_eq!(results["encounters"]["in_statistics"], rows);
    let finding = results["file_findings"].as_array().expect("findings").iter().find(|own| own["rule"] == "FIL050");
    let words = finding.expect("FIL050")["words"].as_str().expect("words").to_owned();
    assert!(words.contains("facility_id has") && words.ends_with("different values"), "{words}");
    // Every table by these adds up to all discharges, in the one row.
    let text = site.output("statistics.txt");
    let lines: Vec<&str> = text.lines().filter(|line| line.trim_start().starts_with("all others")).collect();
    assert!(
        lines.len() >= 4 && lines.iter().all(|line| line.replace(',', "").contains(&rows.to_string())),
        "{lines:?}"
    );
    assert!(!text.contains("K0000001"), "a value is listed");
}

fn figures_do_not_depend_on_threads_or_on_the_order_of_rows() {
    let count = 12_000;
    let site = |turned: bool| {
        Site::new(count, move |number, row| {
            let number = if turned { count - 1 - number } else { number };
            *row = sound(number);
            // One more than are listed of the one, exactly so many of the other.
            row[at("facility_id")] = format!("F{}", number % 10_001);
            row[at("service")] = format!("S{}", number % 10_000);
        })
    };
    let figures = |site: &Site, threads: &str| {
        let ended = site.run(&["--threads", threads]);
        assert!(matches!(ended.code, Some(0 | 1)), "{}", ended.complained);
        let results = results(&site.folder().join("out"));
        assert_eq!(columns_told(&results), [("facility_id".to_owned(), 10_001)]);
        let text = site.output("statistics.txt");
        assert!(text.contains("S9999") && !text.contains("F9999"));
        // The sheet of the run names the input's digest, which is another of a file in another order.
        let digest = results["inputs"][0]["sha256"].as_str().expect("a digest").to_owned();
        let run = results["run_id"].as_str().expect("a run").to_owned();
        text.replace(&digest, "-").replace(&run, "-")
    };
    let first = figures(&site(false), "1");
    assert_eq!(first, figures(&site(false), "4"));
    assert_eq!(first, figures(&site(true), "3"));
}

fn dates_of_ten_thousand_months_are_not_held_against_a_history() {
    let rows = rows(60_000, 1_000_000);
    let site = Site::new(rows, |number, row| {
        let (year, month) = (1100 + number % 10_000 / 12, 1 + number % 12);
        row[at("facility_id")] = (number / 10_000).to_string();
        row[at("admission_date")] = format!("{year}-{month:02}-03");
        row[at("discharge_date")] = format!("{year}-{month:02}-05");
    });
    let results = site.bounded(400);
    assert_eq!(columns_told(&results)[0].0, "discharge_date");
    assert_eq!(site.output("facility_months.csv").lines().filter(|line| line.contains("discharges")).count(), 0);
    assert_eq!(results["encounters"]["examined"], rows);
}

fn rows_of_one_encounter_number_are_parted_and_every_one_is_counted() {
    let rows = rows(100_000, 1_000_000);
    let site = Site::new(rows, |_, row| row[0] = "A1".to_owned());
    let results = site.bounded(330);
    assert_eq!(results["encounters"]["accepted"], rows);
    assert_eq!(results["inputs"][0]["rows_beyond_one_stay"], rows - 16_384);
    assert!(site.output("findings.csv").contains("FIL051"));
}

/// Where versions of a record come, many rows of one number are held: as many as a partition has bytes for.
fn long_rows_of_one_number_are_parted_by_their_bytes() {
    let rows = rows(70_000, 600_000);
    let site = Site::new(rows, |number, row| {
        row[0] = "A1".to_owned();
        row[at("attending_name")] = format!("{number:0600}");
    });
    site.pipeline("export.csv", "delivery = \"changes\"\n");
    let results = site.bounded(500);
    assert_eq!(results["encounters"]["accepted"], rows);
    let beyond = results["inputs"][0]["rows_beyond_one_stay"].as_u64().expect("rows");
    assert!(beyond > 0 && beyond < rows as u64 - 1_000, "{beyond}");
}

/// A number of 16 bits does not count them.
fn seventy_thousand_documents_of_one_stay_are_told_apart() {
    let site = Site::new(20, |_, _| ());
    let text: String = (0..70_000).map(|number| format!("A0000001,{number},note\n")).collect();
    site.write("documents.csv", format!("number,seq,code\n{text}").as_bytes());
    site.write(
        "documents.toml",
        b"title = \"Rows\"\ntable = \"documents\"\n\n[columns]\nencounter_id = \"number\"\ndocument_id = \"seq\"\ndocument_type = \"code\"\n",
    );
    site.pipeline(
        "export.csv",
        "[[ingest]]\nname = \"documents\"\nfiles = \"documents.csv\"\nlayout = \"documents.toml\"\ndelivery = \"changes\"\n",
    );
    let results = site.bounded(300);
    assert_eq!(results["encounters"]["documents"], 70_000);
}

/// Names are counted for each facility, and a feed has many files: neither makes a sound column or a sound file the one that is accused.
fn the_column_and_the_file_that_are_told_are_the_wrong_ones() {
    let rows = rows(110_000, 300_000);
    let site = Site::new(rows, |number, row| row[at("facility_id")] = format!("K{number:07}"));
    let sound: Vec<String> = (0..10).map(|number| sound(rows + number).join(",") + "\n").collect();
    site.write("expor.csv", (COLUMNS.join(",") + "\n" + &sound.concat()).as_bytes());
    site.pipeline("expor*.csv", "");
    let results = site.bounded(600);
    let told: Vec<(&serde_json::Value, &serde_json::Value)> = results["inputs"]
        .as_array()
        .expect("inputs")
        .iter()
        .map(|input| (&input["file"], &input["too_many_values"]))
        .collect();
    let wrong = serde_json::json!({ "facility_id": rows + 1 });
    assert_eq!(told, [(&"expor.csv".into(), &serde_json::json!({})), (&"export.csv".into(), &wrong)]);
}

fn rows_without_a_number_are_parted() {
    let rows = rows(100_000, 1_000_000);
    let site = Site::new(rows, |_, row| row[0].clear());
    let results = site.bounded(300);
    assert_eq!(results["encounters"]["accepted"], rows);
    // Equal rows stay together all the same, wherever a partition ends.
    let site = Site::new(40_000, |number, row| {
        *row = sound(0);
        row[0].clear();
        row[at("service")] = format!("S{}", number % 2);
    });
    let results = site.bounded(300);
    assert_eq!((&results["totals"]["accepted"], &results["totals"]["duplicate"]), (&2.into(), &39_998.into()));
}

fn codes_and_documents_of_one_stay_are_not_held_against_each_other_without_end() {
    let count = 40_000;
    let site = Site::new(20, |_, _| ());
    let mut more = String::new();
    for (table, layout, row) in [
        (
            "diagnoses",
            "diagnosis_sequence = \"seq\"\ndiagnosis_code = \"code\"\n",
            (|number| format!("A0000001,{},{}{:05}", number + 1, ["I", "E", "K"][number % 3], number))
                as fn(usize) -> String,
        ),
        ("procedures", "procedure_sequence = \"seq\"\nprocedure_code = \"code\"\n", |number| {
            format!("A0000001,{},0{number:06}", number + 1)
        }),
        ("documents", "document_id = \"seq\"\ndocument_type = \"code\"\n", |number| {
            format!("A0000001,{number},note{number}")
        }),
    ] {
        let text: String = (0..count).map(|number| row(number) + "\n").collect();
        site.write(&format!("{table}.csv"), format!("number,seq,code\n{text}").as_bytes());
        let head = format!("title = \"Rows\"\ntable = \"{table}\"\n\n[columns]\nencounter_id = \"number\"\n");
        site.write(&format!("{table}.toml"), (head + layout).as_bytes());
        let _ = writeln!(more, "[[ingest]]\nname = \"{table}\"\nfiles = \"{table}.csv\"\nlayout = \"{table}.toml\"\n");
    }
    let matrix = crate::command::root().join("pipelines/matrices/expected-documents.toml");
    let _ = writeln!(more, "[deficiency]\nmatrix = \"{}\"\n", matrix.display());
    site.pipeline("export.csv", &more);
    let begun = Instant::now();
    let results = site.bounded(300);
    println!("{:?}", begun.elapsed());
    let encounters = &results["encounters"];
    let used = |of: &str| encounters[of].as_u64().expect("a count");
    // The stay keeps the first of its codes by position: two thousand, with the one on its own row.
    let all = used("diagnoses") + used("procedures") + used("documents") + used("without_encounter");
    assert_eq!(all, 3 * count as u64 + 2 * 20);
    assert!(used("diagnoses") <= 2_000 + 20 && used("without_encounter") >= 76_000, "{encounters}");
    // Each input says how many of its rows are no stay's.
    let beyond: u64 =
        (1..4).map(|place| results["inputs"][place]["rows_beyond_one_stay"].as_u64().expect("rows")).sum();
    assert_eq!(beyond, used("without_encounter"));
    // None of them names an encounter that is not there.
    assert!(!site.output("findings.csv").contains("TAB001"));
}

fn codes_that_no_table_has_are_too_many_to_be_listed() {
    let rows = rows(110_000, 1_000_000);
    let site = Site::new(rows, |number, row| {
        row[at("diagnosis_code")] = format!("Q{number:06}");
        row[at("procedure_code")] = format!("{number:07}");
    });
    site.pipeline(
        "export.csv",
        "[[coding.diagnoses]]\nfrom = \"icd10cm\"\nto = \"icd9cm\"\nby = \"gem\"\n\n[[coding.procedures]]\nfrom = \"icd10pcs\"\nto = \"icd9pcs\"\nby = \"site_map\"\nsite_map = \"map.csv\"\n",
    );
    site.write("map.csv", b"from_system,from_code,to_system,to_code,note,occurrences\n");
    let results = site.bounded(if is_long() { 1024 } else { 500 });
    let told = columns_told(&results);
    assert!(told.contains(&("diagnosis_code".to_owned(), rows as u64)), "{told:?}");
    assert!(results["codes"]["to_coder"].as_u64() >= Some(rows as u64));
    assert!(site.output("worklists/codes_to_decide.csv").lines().count() < rows);
}

fn a_zip_folder_of_many_members_is_read_once() {
    let members = rows(600, 5_000);
    let site = Site::new(0, |_, _| ());
    let mut folder = zip::ZipWriter::new(std::fs::File::create(site.folder().join("export.zip")).expect("made"));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    // What makes it large is no table, and is hidden.
    folder.start_file(".large", options).expect("begun");
    let noise: Vec<u8> = (0..8u32 << 20).map(|place| (place.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    folder.write_all(&noise).expect("written");
    for number in 0..members {
        folder.start_file(format!("day-{number:05}.csv"), options).expect("begun");
        folder.write_all(format!("{}\n{}\n", COLUMNS.join(","), sound(number).join(",")).as_bytes()).expect("written");
    }
    folder.finish().expect("whole");
    site.pipeline("export.zip", "");
    let results = site.bounded(300);
    assert_eq!(results["totals"]["accepted"], members);
    let size = std::fs::metadata(site.folder().join("export.zip")).expect("there").len();
    assert!(results["inputs"].as_array().expect("inputs").iter().all(|input| input["bytes"] == size));
}

fn rows_of_commas_alone_are_told_and_hide_nothing() {
    let commas = rows(3_000_000, 10_000_000);
    let site = Site::new(1, |_, _| ());
    let line = |number: usize| sound(number).join(",") + "\n";
    let mut text = COLUMNS.join(",") + "\n" + &line(1) + &",".repeat(commas) + "\n" + &line(2);
    text += &("x".to_owned() + &",".repeat(commas) + "\n");
    text += &line(3);
    site.write("export.csv", text.as_bytes());
    let results = site.bounded(400);
    let input = &results["inputs"][0];
    assert_eq!((&input["accepted"], &input["quarantined"], &input["notes"]), (&3.into(), &1.into(), &1.into()));
    // Headings of a million columns, and a file of nothing else.
    for text in [
        (0..1_000_000).map(|number| format!("c{number},")).collect::<String>() + "\n",
        ",".repeat(commas),
        (",".repeat(1000) + "\n").repeat(1000),
    ] {
        site.write("export.csv", text.as_bytes());
        let ended = site.run(&["--out", "other"]);
        assert_eq!(ended.code, Some(65), "{}", ended.complained);
        assert!(ended.peak < 300, "held {} MiB", ended.peak);
    }
}

fn a_quote_that_is_never_closed_hides_nothing_of_a_large_file() {
    let rows = rows(20_000, 2_000_000);
    let site = Site::new(rows, |number, row| {
        if number == 7 {
            row[at("attending_name")] = "\"EDWARDS".to_owned();
        }
    });
    let results = site.bounded(if is_long() { 700 } else { 300 });
    let input = &results["inputs"][0];
    assert_eq!((&input["accepted"], &input["quarantined"]), (&(rows - 1).into(), &1.into()));
}

fn a_million_failing_rows_of_one_patient_are_bounded() {
    let rows = rows(40_000, 1_000_000);
    let site = Site::new(rows, |number, row| {
        row[at("patient_id")] = "P1".to_owned();
        row[at("payer")] = format!("V{number}");
        row[at("race")] = format!("R{number}");
        row[at("sex")] = format!("S{number}");
        row[at("discharge_status")] = format!("X{number}");
        row[at("discharge_date")] = format!("{number} days");
    });
    let results = site.bounded(if is_long() { 1024 } else { 420 });
    assert_eq!(results["encounters"]["undated"], rows);
}

/// What is tried, one after the other: each is measured.
const CASES: &[(&str, fn())] = &[
    (
        "values that every row has of its own are counted together and their columns told",
        values_that_every_row_has_of_its_own_are_counted_together_and_their_columns_told,
    ),
    (
        "figures do not depend on threads or on the order of rows",
        figures_do_not_depend_on_threads_or_on_the_order_of_rows,
    ),
    (
        "dates of ten thousand months are not held against a history",
        dates_of_ten_thousand_months_are_not_held_against_a_history,
    ),
    (
        "rows of one encounter number are parted and every one is counted",
        rows_of_one_encounter_number_are_parted_and_every_one_is_counted,
    ),
    ("rows without a number are parted", rows_without_a_number_are_parted),
    (
        "codes and documents of one stay are not held against each other without end",
        codes_and_documents_of_one_stay_are_not_held_against_each_other_without_end,
    ),
    ("codes that no table has are too many to be listed", codes_that_no_table_has_are_too_many_to_be_listed),
    ("a zip folder of many members is read once", a_zip_folder_of_many_members_is_read_once),
    ("rows of commas alone are told and hide nothing", rows_of_commas_alone_are_told_and_hide_nothing),
    (
        "a quote that is never closed hides nothing of a large file",
        a_quote_that_is_never_closed_hides_nothing_of_a_large_file,
    ),
    ("long rows of one number are parted by their bytes", long_rows_of_one_number_are_parted_by_their_bytes),
    ("seventy thousand documents of one stay are told apart", seventy_thousand_documents_of_one_stay_are_told_apart),
    (
        "the column and the file that are told are the wrong ones",
        the_column_and_the_file_that_are_told_are_the_wrong_ones,
    ),
    ("a million failing rows of one patient are bounded", a_million_failing_rows_of_one_patient_are_bounded),
];

#[test]
fn files_that_are_mapped_wrongly_or_absurd_stay_within_bounds() {
    let mut survived = 0;
    for (name, case) in CASES {
        println!("{name}");
        match std::panic::catch_unwind(case) {
            Ok(()) => survived += 1,
            Err(_) => println!("FAILED: {name}"),
        }
    }
    record("columns mapped wrongly", CASES.len() as u64, survived, "cargo test --test chartroom bounds");
}
