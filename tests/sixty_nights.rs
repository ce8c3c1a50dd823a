//! Sixty nights of a department of three facilities: what comes in the inbox, night after night, against everything at once.
//!
//! A night has some two hundred records: patients who are admitted, who go home, documents that come late, records that are corrected or withdrawn, rows that stand
//! twice. Beside that files are sent again under another name, are named otherwise, come after later ones, or do not come at all. Nothing stays in the inbox: what was
//! taken lies in the store. After every night the month that is counted from the store is the one that is counted from all files that ever came; at the end the
//! records, the keys of findings and deficiencies, and every figure are.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use chartroom::record::date::Day;

use crate::{
    catalogue::dump,
    command::{chartroom, printed, run_folder},
    night_site,
    shared_folder::say,
};

const FEEDS: &str = r#"
[[ingest]]
name = "discharges"
files = "FOLDER/discharges*.csv"
layout = "discharges.toml"
delivery = "changes"
newest_by = "file_name_date"
deletion = { column = "ACTION", values = ["D"] }
required = false
[[ingest]]
name = "diagnoses"
files = "FOLDER/diagnoses*.csv"
layout = "diagnoses.toml"
delivery = "changes"
required = false
[[ingest]]
name = "documents"
files = "FOLDER/documents*.csv"
layout = "documents.toml"
delivery = "changes"
required = false
[[ingest]]
name = "patients"
files = "FOLDER/patients*.csv"
layout = "patients.toml"
delivery = "changes"
required = false
"#;
const DESKS: &str = r#"
[deficiency]
matrix = "charts.toml"
[statistics]
format = "text"
"#;
const DISCHARGES: &str = r#"
title = "Discharges"
table = "encounters"
[columns]
encounter_id = "STAY"
patient_id = "PATIENT"
facility_id = "FACILITY"
admission_date = { column = "ADMITTED", formats = ["%Y-%m-%d"] }
discharge_date = { column = "DISCHARGED", formats = ["%Y-%m-%d"] }
sex = "SEX"
discharge_status = "STATUS"
service = "SERVICE"
payer = "PAYER"
attending_name = "ATTENDING"
"#;
const PATIENTS: &str = r#"
title = "Patients"
table = "patients"
[columns]
patient_id = "PATIENT"
birth_date = { column = "BORN", formats = ["%Y-%m-%d"] }
"#;

const FIRST: &str = "2026-08-01";
const CODES: [&str; 8] = ["I21.4", "J18.9", "E11.9", "Z38.00", "O80", "N17.9", "Q99.X", "S72.001A"];

/// Chances that are the same everywhere (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % bound
    }

    fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }
}

/// A stay as the department knows it.
#[derive(Clone)]
struct Stay {
    number: String,
    patient: String,
    facility: &'static str,
    admitted: Day,
    discharged: Option<Day>,
    sex: &'static str,
    status: &'static str,
    service: &'static str,
    code: &'static str,
}

impl Stay {
    fn row(&self, action: &str) -> String {
        let Stay { number, patient, facility, admitted, discharged, sex, status, service, .. } = self;
        let discharged = discharged.map_or(String::new(), |day| day.to_string());
        let status = if discharged.is_empty() { "30" } else { status };
        format!(
            "{number},{patient},{facility},{admitted},{discharged},{sex},{status},{service},MA,\"Doe, J\",{action}\n"
        )
    }
}

/// The department, and the files that it sends.
struct Department {
    chance: Chance,
    stays: Vec<Stay>,
    patients: usize,
    documents: usize,
}

/// The files of a night by their names.
type Files = BTreeMap<String, String>;

impl Department {
    /// What happens on a day, as the exports of the night say it.
    fn day(&mut self, day: Day, records: usize) -> Files {
        let mut discharges =
            "STAY,PATIENT,FACILITY,ADMITTED,DISCHARGED,SEX,STATUS,SERVICE,PAYER,ATTENDING,ACTION\n".to_owned();
        let mut diagnoses = "STAY,POSITION,CODE\n".to_owned();
        let mut documents = "DOCUMENT,STAY,TYPE,AUTHOR,SIGNED\n".to_owned();
        let mut patients = "PATIENT,BORN\n".to_owned();
        let mut sent = BTreeSet::new();
        for _ in 0..records {
            let place = if self.stays.is_empty() || self.chance.below(10) < 4 {
                self.admit(day, &mut patients)
            } else {
                self.chance.below(self.stays.len())
            };
            if !sent.insert(place) {
                continue;
            }
            let chance = &mut self.chance;
            let stay = &mut self.stays[place];
            let mut action = "";
            match (stay.discharged, chance.below(12)) {
                // Goes home, now and then with a day that cannot be.
                (None, _) if stay.admitted < day && chance.below(3) > 0 => {
                    stay.discharged = Some(if chance.one_in(40) { Day(stay.admitted.0 - 3) } else { day });
                    stay.status = ["01", "20", "03", "06"][chance.below(4)];
                }
                (Some(_), 0) => action = "D",
                (Some(_), 1) => stay.sex = if stay.sex == "F" { "M" } else { "F" },
                (Some(_), 2) => stay.service = ["MED", "SUR", "OBS"][chance.below(3)],
                (Some(_), 3) => stay.code = CODES[chance.below(CODES.len())],
                _ => {}
            }
            discharges += &stay.row(action);
            if chance.one_in(25) {
                discharges += &stay.row(action);
            }
            if action.is_empty() && stay.discharged.is_some() {
                diagnoses += &format!("{},1,{}\n", stay.number, stay.code);
                if chance.one_in(2) {
                    diagnoses += &format!("{},2,E11.9\n", stay.number);
                }
            }
        }
        // Documents come when they come.
        for _ in 0..records / 2 {
            let stay = &self.stays[self.chance.below(self.stays.len())];
            self.documents += 1;
            documents += &format!("D{},{},discharge_summary,\"Doe, J\",{day}\n", self.documents, stay.number);
        }
        let named = |name: &str| format!("{name}-{day}.csv");
        [("discharges", discharges), ("diagnoses", diagnoses), ("documents", documents), ("patients", patients)]
            .map(|(name, text)| (named(name), text))
            .into()
    }

    fn admit(&mut self, day: Day, patients: &mut String) -> usize {
        let patient =
            if self.patients > 0 && self.chance.one_in(5) { self.chance.below(self.patients) } else { self.patients };
        if patient == self.patients {
            self.patients += 1;
            *patients += &format!("P{patient},19{:02}-0{}-11\n", 30 + self.chance.below(65), 1 + self.chance.below(9));
        }
        let number = self.stays.len();
        self.stays.push(Stay {
            number: format!("S{number}"),
            patient: format!("P{patient}"),
            facility: ["0042", "0043", "0044"][number % 3],
            admitted: Day(day.0 - self.chance.below(4) as i32),
            discharged: None,
            sex: if self.chance.one_in(2) { "F" } else { "M" },
            status: "01",
            service: ["MED", "SUR", "OBS"][self.chance.below(3)],
            code: CODES[self.chance.below(CODES.len())],
        });
        number
    }
}

/// A site with three pipelines: the night, which keeps its records; the month from the store; the month from every file that ever came.
fn site() -> tempfile::TempDir {
    let work = tempfile::tempdir().expect("a folder");
    let inbox = FEEDS.replace("FOLDER", "inbox");
    night_site::make(
        work.path(),
        &format!("title = \"Night\"\nstate = \"state\"\n[store]\n{inbox}{DESKS}"),
        DISCHARGES,
    );
    fs::write(work.path().join("patients.toml"), PATIENTS).expect("written");
    fs::create_dir(work.path().join("all")).expect("made");
    let all = FEEDS.replace("FOLDER", "all");
    for (name, text) in [
        ("stored.toml", format!("title = \"Month\"\nstate = \"state\"\nfrom = \"store\"\n{DESKS}")),
        ("month.toml", format!("title = \"Month\"\n{all}{DESKS}")),
        ("at-once.toml", format!("title = \"Night\"\n{all}{DESKS}")),
    ] {
        fs::write(work.path().join(name), text).expect("written");
    }
    work
}

/// Runs a pipeline into an output folder of its own and gives the folder of the run.
fn run(work: &Path, pipeline: &str, day: Day, more: &[&str]) -> PathBuf {
    let out = work.join(format!("out-{pipeline}"));
    let _ = fs::remove_dir_all(&out);
    let output = chartroom(work)
        .args(["run", &format!("{pipeline}.toml"), "--as-of", &day.to_string(), "--out", &out.to_string_lossy()])
        .args(more)
        .output()
        .expect("the program starts");
    let (account, errors, code) = printed(&output);
    assert_eq!((errors.as_str(), code), ("", 0), "{pipeline} of {day}: {account}");
    run_folder(&out)
}

/// The sheets of the statistics by their titles, but for the cover, the run sheet, and what is told of files.
fn sheets(folder: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(folder.join("data/statistics.txt")).expect("the statistics");
    let sheets = text.split("\n== ").skip(1).filter_map(|sheet| sheet.split_once(" ==\n"));
    sheets.map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
}

/// The values of a column of a table.
fn column(folder: &Path, table: &str, column: &str) -> BTreeSet<String> {
    let mut reader = csv::Reader::from_path(folder.join("data").join(table)).expect("a table");
    let place = reader.headings(column);
    reader.records().map(|row| row.expect("a row")[place].to_owned()).collect()
}

trait Headings {
    fn headings(&mut self, column: &str) -> usize;
}

impl Headings for csv::Reader<fs::File> {
    fn headings(&mut self, column: &str) -> usize {
        self.headers().expect("a heading").iter().position(|own| own == column).unwrap_or_else(|| panic!("no {column}"))
    }
}

/// What became of every key, told night by night in a plain loop over the lists of findings and deficiencies.
#[derive(Default)]
struct Lives {
    /// By key: the night on which it was found first, and the one on which it was found last.
    known: BTreeMap<String, (Day, Day)>,
    before: Option<Day>,
    statuses: BTreeMap<String, u64>,
}

/// The lines of a table, each by its columns.
fn lines(folder: &Path, table: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder.join("data").join(table)).expect("a table");
    let headings = reader.headers().expect("headings").clone();
    let line = |row: csv::StringRecord| headings.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect();
    reader.records().map(|row| line(row.expect("a row"))).collect()
}

impl Lives {
    /// Holds the worklists of a night against the loop.
    fn hold(&mut self, folder: &Path, day: Day) {
        let results = fs::read_to_string(folder.join("data/run_results.json")).expect("results");
        let results: serde_json::Value = serde_json::from_str(&results).expect("json");
        let by_record: BTreeSet<&str> = results["rules"]
            .as_array()
            .expect("rules")
            .iter()
            .filter(|rule| {
                rule["reported"] == "by record" && !rule["code"].as_str().is_some_and(|code| code.starts_with("FIL0"))
            })
            .map(|rule| rule["code"].as_str().expect("a code"))
            .collect();
        let findings = lines(folder, "findings.csv")
            .into_iter()
            .filter(|line| line["severity"] != "info" && by_record.contains(line["rule"].as_str()));
        let deficiencies = lines(folder, "worklists/deficiencies.csv").into_iter();
        let deficiencies = deficiencies.filter(|line| line["status"] != "complete, late");
        let tonight: BTreeSet<String> = findings
            .map(|line| line["finding_key"].clone())
            .chain(deficiencies.map(|line| line["deficiency_key"].clone()))
            .collect();
        let mut expected: BTreeMap<String, [String; 3]> = BTreeMap::new();
        for key in &tonight {
            let known = self.known.get(key).copied();
            let status = match known {
                None => "new",
                Some((_, last)) if Some(last) == self.before => "open",
                Some(_) => "reopened",
            };
            *self.statuses.entry(status.to_owned()).or_default() += 1;
            let first = known.map_or(day, |(first, _)| first);
            expected.insert(key.clone(), [status.to_owned(), first.to_string(), (day.0 - first.0).to_string()]);
        }
        let told: BTreeMap<String, [String; 3]> = lines(folder, "worklists/to_resolve.csv")
            .into_iter()
            .map(|line| {
                let of = |name: &str| line[name].clone();
                (of("finding_key"), [of("status"), of("first_seen"), of("days_open")])
            })
            .collect();
        assert_eq!(told, expected, "open on {day}");
        let gone = self.known.iter().filter(|(key, (_, last))| Some(*last) == self.before && !tonight.contains(*key));
        let gone: BTreeMap<String, [String; 3]> = gone
            .map(|(key, (first, last))| (key.clone(), ["corrected".to_owned(), first.to_string(), last.to_string()]))
            .collect();
        let told: BTreeMap<String, [String; 3]> = lines(folder, "worklists/no_longer_found.csv")
            .into_iter()
            .map(|line| {
                let of = |name: &str| line[name].clone();
                (of("finding_key"), [of("status"), of("first_seen"), of("last_seen")])
            })
            .collect();
        assert_eq!(told, gone, "no longer found on {day}");
        *self.statuses.entry("corrected".to_owned()).or_default() += gone.len() as u64;
        for key in tonight {
            self.known.entry(key).or_insert((day, day)).1 = day;
        }
        self.before = Some(day);
    }
}

#[test]
fn sixty_nights_in_a_row_are_what_everything_at_once_is() {
    let nights = 60;
    let work = site();
    let first = Day::from_iso(FIRST).expect("a day");
    let mut department = Department { chance: Chance(0x5EED_0060), stays: Vec::new(), patients: 0, documents: 0 };
    let mut late: Vec<Files> = Vec::new();
    let (mut compared, mut came) = (0, 0);
    let mut lives = Lives::default();
    for night in 0..nights {
        let day = Day(first.0 + night);
        let mut files = department.day(day, 200);
        match night % 10 {
            // Nothing comes; it comes with the next night, after its files or before them.
            3 => late.push(std::mem::take(&mut files)),
            // A file is named otherwise.
            5 => {
                let text = files.remove(&format!("discharges-{day}.csv")).expect("there");
                files.insert(format!("discharges_new_{day}.csv"), text);
            }
            // A file of an earlier night is sent again under another name.
            7 => {
                let before = Day(day.0 - 2);
                let again = fs::read_to_string(work.path().join(format!("all/documents-{before}.csv"))).expect("there");
                files.insert(format!("documents-again-{day}.csv"), again);
            }
            _ => {}
        }
        if night % 10 == 4 || night == nights - 1 {
            late.drain(..).for_each(|late| files.extend(late));
        }
        for (name, text) in &files {
            fs::write(work.path().join("inbox").join(name), text).expect("written");
            fs::write(work.path().join("all").join(name), text).expect("written");
        }
        came += files.len();
        let tonight = run(work.path(), "night", day, &[]);
        lives.hold(&tonight, day);
        for name in files.keys() {
            fs::remove_file(work.path().join("inbox").join(name)).expect("taken away");
        }
        // Once in a while the segments are joined: nothing is another one for it.
        if night % 20 == 13 {
            let joined = chartroom(work.path()).args(["state", "compact", "night.toml"]).output().expect("starts");
            let (text, errors, code) = printed(&joined);
            assert!(code == 0 && text.contains("segments are one of"), "{text}{errors}");
            let segments = fs::read_dir(work.path().join("state/segments")).expect("segments").count();
            assert_eq!(segments, 1, "the joined ones are removed");
        }
        let period = day.to_string()[..7].to_owned();
        if night % 6 == 5 || night > nights - 3 || night < 3 {
            let from_store = run(work.path(), "stored", day, &["--period", &period]);
            let from_files = run(work.path(), "month", day, &["--period", &period]);
            let (stored, read) = (sheets(&from_store), sheets(&from_files));
            assert!(stored.len() > 10, "{:?}", stored.keys());
            for (name, text) in &read {
                if name == "Run" {
                    continue;
                }
                assert_eq!(stored.get(name), Some(text), "{name} of {day}");
                compared += 1;
            }
        }
        if night == nights - 1 {
            let at_once = run(work.path(), "at-once", day, &[]);
            for (table, key) in [("findings.csv", "finding_key"), ("worklists/deficiencies.csv", "deficiency_key")] {
                let (one, other) = (column(&tonight, table, key), column(&at_once, table, key));
                assert!(!one.is_empty());
                assert_eq!(one, other, "{table}");
            }
            for table in [
                "coded_records.parquet",
                "worklists/deficiencies.csv",
                "worklists/records_to_correct.csv",
                "worklists/codes_to_decide.csv",
            ] {
                let of = |folder: &Path| fs::read(folder.join("data").join(table)).expect("a table");
                assert!(of(&tonight) == of(&at_once), "{table} differs");
            }
        }
    }
    let state = dump(&work.path().join("state/catalogue.sqlite"));
    assert_eq!(state.matches("\nkept_input | ").count(), came, "every file was taken once");
    let statuses: Vec<String> = lives.statuses.iter().map(|(status, count)| format!("{status} {count}")).collect();
    assert!(["new", "open", "reopened", "corrected"].iter().all(|status| lives.statuses.contains_key(*status)));
    say(&format!(
        "sixty nights: {came} files, {} stays, {compared} sheets compared; findings and deficiencies {}",
        department.stays.len(),
        statuses.join(", ")
    ));
}
