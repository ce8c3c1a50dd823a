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
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % bound
    }

    pub fn one_in(&mut self, bound: usize) -> bool {
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
    /// Codes exist, days agree, and the discharge summary comes with the discharge: most records are soon at rest.
    tidy: bool,
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
        // In a tidy department everybody goes home after some days.
        let is_due = |(_, stay): &(usize, &Stay)| stay.discharged.is_none() && stay.admitted.0 < day.0 - 2;
        let mut due: Vec<usize> =
            self.stays.iter().enumerate().filter(is_due).filter(|_| self.tidy).map(|(place, _)| place).collect();
        for _ in 0..records.max(due.len()) {
            let place = if let Some(place) = due.pop() {
                place
            } else if self.stays.is_empty() || self.chance.below(10) < 4 {
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
                (None, _) if stay.admitted < day && (self.tidy || chance.below(3) > 0) => {
                    let is_wrong = chance.one_in(40) && !self.tidy;
                    stay.discharged = Some(if is_wrong { Day(stay.admitted.0 - 3) } else { day });
                    if self.tidy {
                        self.documents += 1;
                        let (number, stay) = (self.documents, &stay.number);
                        documents += &format!("D{number},{stay},discharge_summary,\"Doe, J\",{day}\n");
                        documents += &format!("H{number},{stay},history_and_physical,\"Doe, J\",{day}\n");
                    }
                    stay.status = ["01", "20", "03", "06"][chance.below(4)];
                }
                (Some(_), 0) => action = "D",
                (Some(_), 1) => stay.sex = if stay.sex == "F" { "M" } else { "F" },
                (Some(_), 2) => stay.service = ["MED", "SUR", "OBS"][chance.below(3)],
                (Some(_), 3) => stay.code = CODES[chance.below(if self.tidy { 3 } else { CODES.len() })],
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
            code: CODES[self.chance.below(if self.tidy { 3 } else { CODES.len() })],
        });
        number
    }
}

/// A site: the night, which keeps its records; the month from the store, and the same counted from what the nights left; the month from every file that ever came.
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
        (
            "counted.toml",
            format!("title = \"Month\"\nstate = \"state\"\nfrom = \"store\"\n[store]\nexamine = \"changed\"\n{DESKS}"),
        ),
        (
            "everything.toml",
            format!("title = \"Night\"\nstate = \"state-all\"\n[store]\nexamine = \"everything\"\n{inbox}{DESKS}"),
        ),
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

/// How much of the records the nights examined, and how many figures were those of an examination of everything.
#[derive(Default)]
struct ExaminedRecords {
    changed: u64,
    kept: u64,
    nights_of_everything: u64,
    figures: u64,
}

/// The results of a run as JSON.
fn results(folder: &Path) -> serde_json::Value {
    let results = fs::read_to_string(folder.join("data/run_results.json")).expect("results");
    serde_json::from_str(&results).expect("json")
}

impl ExaminedRecords {
    /// Holds a night that examined what changed against one that examined everything: every figure, and every list of what is open.
    fn hold(&mut self, tonight: &Path, everything: &Path, day: Day) {
        let (one, other) = (results(tonight), results(everything));
        let night = &one["night"];
        if night["examined"] == "everything" {
            self.nights_of_everything += 1;
        } else {
            self.changed += night["records_examined"].as_u64().expect("a count");
            self.kept += night["records_kept"].as_u64().expect("a count");
        }
        for (name, value) in other.as_object().expect("results") {
            let is_of_lists = ["outputs", "run_id", "audit_log", "pipeline_sha256"].contains(&name.as_str());
            match name.as_str() {
                _ if is_of_lists => {}
                "night" => {
                    let without = |night: &serde_json::Value| {
                        let mut night = night.clone();
                        let fields = night.as_object_mut().expect("an object");
                        for name in ["examined", "everything_because", "records_examined"] {
                            fields.remove(name);
                        }
                        night
                    };
                    assert_eq!(without(&one[name]), without(value), "{name} of {day}");
                }
                "inputs" | "rules" => {
                    let own = one[name].as_array().expect("a list");
                    for (own, other) in own.iter().zip(value.as_array().expect("a list")) {
                        assert_eq!(own, other, "{name} of {day}");
                    }
                }
                _ => assert_eq!(&one[name], value, "{name} of {day}"),
            }
            self.figures += 1;
        }
        let (own, other) = (sheets(tonight), sheets(everything));
        for (name, text) in other.iter().filter(|(name, _)| *name != "Run") {
            assert_eq!(own.get(name), Some(text), "{name} of {day}");
            self.figures += 1;
        }
        for table in ["worklists/to_resolve.csv", "worklists/no_longer_found.csv", "worklists/records_to_correct.csv"] {
            let [own, other] = [tonight, everything].map(|folder| {
                let mut lines = lines(folder, table);
                lines.sort();
                lines
            });
            assert_eq!(own, other, "{table} of {day}");
        }
    }
}

/// Periods that are counted from what the nights left, held against those of which every record is examined.
#[derive(Default)]
struct CountedPeriods {
    counted: u64,
    examined: u64,
    figures: u64,
}

impl CountedPeriods {
    fn hold(&mut self, work: &Path, day: Day, night: i32) {
        let (this, last) = (&day.to_string()[..7], &Day(day.0 - 31).to_string()[..7]);
        let periods = [this.to_owned(), last.to_owned(), format!("{last}-01..{day}"), day.to_string()[..4].to_owned()];
        // A period that ends within a month is not counted from what the nights left; `None`: all that is kept.
        let period = periods.get(night as usize % 5).cloned();
        let more: Vec<&str> = period.iter().flat_map(|period| ["--period", period]).collect();
        let [counted, examined] = ["counted", "stored"].map(|pipeline| run(work, pipeline, day, &more));
        let (one, other) = (results(&counted), results(&examined));
        match one["night"]["examined"] == "changed" {
            true => self.counted += 1,
            false => self.examined += 1,
        }
        for (name, value) in other.as_object().expect("results") {
            if !["outputs", "run_id", "audit_log", "pipeline_sha256", "night"].contains(&name.as_str()) {
                assert_eq!(&one[name], value, "{name} of {period:?} on {day}");
                self.figures += 1;
            }
        }
        let (own, other) = (sheets(&counted), sheets(&examined));
        for (name, text) in other.iter().filter(|(name, _)| *name != "Run") {
            assert_eq!(own.get(name), Some(text), "{name} of {period:?} on {day}");
            self.figures += 1;
        }
    }

    fn say(&self, of: &str) {
        let CountedPeriods { counted, examined, figures } = self;
        say(&format!(
            "{of}: {counted} periods counted from what the nights left, {examined} examined all the same; {figures} figures and sheets are those of an \
             examination of everything"
        ));
        assert!(counted > examined, "{counted} {examined}");
    }
}

#[test]
fn sixty_nights_in_a_row_are_what_everything_at_once_is() {
    let nights = 60;
    let work = site();
    let first = Day::from_iso(FIRST).expect("a day");
    let mut department =
        Department { chance: Chance(0x5EED_0060), tidy: false, stays: Vec::new(), patients: 0, documents: 0 };
    let mut late: Vec<Files> = Vec::new();
    let (mut compared, mut came) = (0, 0);
    let mut lives = Lives::default();
    let (mut examined, mut counted) = (ExaminedRecords::default(), CountedPeriods::default());
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
        let everything = run(work.path(), "everything", day, &[]);
        examined.hold(&tonight, &everything, day);
        for name in files.keys() {
            fs::remove_file(work.path().join("inbox").join(name)).expect("taken away");
        }
        // Once in a while the segments are joined: nothing is another one for it.
        if night % 20 == 13 {
            let joined = chartroom(work.path()).args(["state", "compact", "night.toml"]).output().expect("starts");
            let (text, errors, code) = printed(&joined);
            assert!(code == 0 && text.contains("segments are one of"), "{text}{errors}");
            let segments = fs::read_dir(work.path().join("state/segments")).expect("segments").count();
            // Two segments, as patients are apart; beside them blocks of rows with their table, and what the nights left.
            let by_month = |entry: &fs::DirEntry| entry.path().extension().is_some_and(|ending| ending == "months");
            let of_months = fs::read_dir(work.path().join("state/segments")).expect("segments").flatten();
            let of_months = of_months.filter(by_month).count();
            assert_eq!(segments - of_months, 6, "the joined ones are removed");
        }
        let period = day.to_string()[..7].to_owned();
        let from_store = run(work.path(), "stored", day, &["--period", &period]);
        let from_files = run(work.path(), "month", day, &["--period", &period]);
        let (stored, read) = (sheets(&from_store), sheets(&from_files));
        assert!(stored.len() > 10, "{:?}", stored.keys());
        for (name, text) in &read {
            if name == "Run" {
                continue;
            }
            // The contents say how many rows the run sheet has.
            let same = |text: &String| -> Vec<String> {
                text.lines().filter(|line| name != "Contents" || !line.starts_with("Run ")).map(str::to_owned).collect()
            };
            assert_eq!(stored.get(name).map(same), Some(same(text)), "{name} of {day}");
            compared += 1;
        }
        counted.hold(work.path(), day, night);
        if night == nights - 1 {
            let at_once = run(work.path(), "at-once", day, &[]);
            for (table, key) in [("findings.csv", "finding_key"), ("worklists/deficiencies.csv", "deficiency_key")] {
                let (one, other) = (column(&everything, table, key), column(&at_once, table, key));
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
                assert!(of(&everything) == of(&at_once), "{table} differs");
            }
        }
    }
    let state = dump(&work.path().join("state/catalogue.sqlite"));
    assert_eq!(state.matches("\nkept_input | ").count(), came, "every file was taken once");
    let statuses: Vec<String> = lives.statuses.iter().map(|(status, count)| format!("{status} {count}")).collect();
    assert!(["new", "open", "reopened", "corrected"].iter().all(|status| lives.statuses.contains_key(*status)));
    let ExaminedRecords { changed, kept, nights_of_everything, figures } = examined;
    assert!(nights_of_everything < 10 && changed < kept, "{nights_of_everything} nights, {changed} of {kept}");
    say(&format!(
        "sixty nights, {nights_of_everything} of them of everything; the others examined {changed} of {kept} records, and {figures} figures and \
         sheets are those of nights that examine everything"
    ));
    counted.say("sixty nights");
    say(&format!(
        "sixty nights: {came} files, {} stays, {compared} sheets compared; findings and deficiencies {}",
        department.stays.len(),
        statuses.join(", ")
    ));
}

/// Where most records are at rest, a night examines few of them, and its figures are those of all.
#[test]
fn the_nights_of_a_tidy_department_examine_a_small_part_and_count_all() {
    let work = site();
    let first = Day::from_iso(FIRST).expect("a day");
    let mut department =
        Department { chance: Chance(0x5EED_0061), tidy: true, stays: Vec::new(), patients: 0, documents: 0 };
    let (mut examined, mut counted) = (ExaminedRecords::default(), CountedPeriods::default());
    for night in 0..30 {
        let day = Day(first.0 + night);
        // A night of documents alone, and one of nothing.
        let files = if night % 10 == 8 { Files::new() } else { department.day(day, 120) };
        let files = files.into_iter().filter(|(name, _)| night % 10 != 6 || name.starts_with("documents"));
        for (name, text) in files {
            fs::write(work.path().join("inbox").join(name), text).expect("written");
        }
        let tonight = run(work.path(), "night", day, &[]);
        let everything = run(work.path(), "everything", day, &[]);
        examined.hold(&tonight, &everything, day);
        counted.hold(work.path(), day, night);
        // A night that is run again on its day says what it said.
        if night % 7 == 5 || night == 0 {
            let before = fs::read(tonight.join("manifest-sha256.txt")).expect("a manifest");
            let again = run(work.path(), "night", day, &[]);
            let after = fs::read(again.join("manifest-sha256.txt")).expect("a manifest");
            assert_eq!(String::from_utf8_lossy(&before), String::from_utf8_lossy(&after), "{day} run again");
        }
    }
    let ExaminedRecords { changed, kept, nights_of_everything, figures } = examined;
    say(&format!(
        "a tidy department, {nights_of_everything} nights of everything; the others examined {changed} of {kept} records, and {figures} figures and \
         sheets are those of nights that examine everything"
    ));
    counted.say("a tidy department");
    assert!(nights_of_everything < 6 && changed * 3 < kept * 2, "{nights_of_everything} nights, {changed} of {kept}");
}
