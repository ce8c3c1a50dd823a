//! Trend edits through the program: months of small exports, night after night, with a state folder.
//!
//! A month has 400 discharges. Over the twelve months before October 2026 the diagnoses are 2,000 and a few more or less, the discharges home 280 and 60 more or
//! less; what the limits must be is worked out in fractions beside each test.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{
    catalogue,
    command::{chartroom, printed, results, run_folder},
};

const LAYOUT: &str = r#"title = "Stays"
table = "encounters"
[columns]
encounter_id = "ID"
facility_id = "FACILITY"
discharge_date = { column = "DISCHARGED", formats = ["%Y-%m-%d"] }
service = "SERVICE"
discharge_status = "STATUS"
payer = { column = "PAYER", values = ["MA", "MC"] }
coder = "CODER"
diagnosis_code = { columns = "DX{1..8}" }
"#;

const CODES: [&str; 8] = ["I10", "E119", "J189", "N390", "I509", "K219", "D649", "F329"];

const HISTORY: [&str; 12] = [
    "2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07",
    "2026-08", "2026-09",
];

/// More or fewer than 2,000 diagnoses. Sum 0, sum of squares 8,000.
const DIAGNOSES_OFF: [i64; 12] = [0, 20, -20, 40, -40, 0, 20, -20, 40, -40, 0, 0];

/// One month of one facility.
#[derive(Clone, Copy)]
struct Month<'m> {
    facility: &'m str,
    month: &'m str,
    diagnoses: usize,
    home: usize,
    without_payer: usize,
    services: &'m [(&'m str, usize)],
}

const SERVICES: &[(&str, usize)] = &[("MED", 300), ("SUR", 100)];

/// October, with nothing out of the ordinary.
const OCTOBER: Month<'_> =
    Month { facility: "0042", month: "2026-10", diagnoses: 2_000, home: 280, without_payer: 0, services: SERVICES };

impl Month<'_> {
    fn rows(&self) -> String {
        let services: Vec<&str> =
            self.services.iter().flat_map(|(service, count)| std::iter::repeat_n(*service, *count)).collect();
        let mut text = String::new();
        for (number, service) in services.iter().enumerate() {
            let count = self.diagnoses / services.len() + usize::from(number < self.diagnoses % services.len());
            let codes: Vec<&str> = (0..8).map(|place| if place < count { CODES[place] } else { "" }).collect();
            let (facility, month) = (self.facility, self.month);
            let payer = if number < self.without_payer { "" } else { "MA" };
            let (day, status) = (number % 28 + 1, if number < self.home { "01" } else { "06" });
            // Twenty cases each: too few to be judged.
            let coder = number % 20;
            text.push_str(&format!(
                "{facility}-{month}-{number:03},{facility},{month}-{day:02},{service},{status},{payer},CODER-{coder:02},{}\n",
                codes.join(",")
            ));
        }
        text
    }
}

fn history() -> Vec<Month<'static>> {
    let mut months = Vec::new();
    for (place, month) in HISTORY.into_iter().enumerate() {
        let home = if place % 2 == 0 { 340 } else { 220 };
        months.push(Month { month, diagnoses: (2_000 + DIAGNOSES_OFF[place]) as usize, home, ..OCTOBER });
    }
    months
}

/// A folder with a pipeline; `edits` goes into its section of that name.
struct Work {
    folder: tempfile::TempDir,
}

impl Work {
    fn new() -> Work {
        let work = Work { folder: tempfile::tempdir().expect("a folder") };
        std::fs::write(work.path().join("stays.toml"), LAYOUT).expect("written");
        work.pipeline("");
        work
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn pipeline(&self, edits: &str) {
        let text = format!(
            "title = \"Nights\"\nfail_on = \"error\"\n[[ingest]]\nname = \"stays\"\nfiles = \"inbox/*.csv\"\nlayout = \"stays.toml\"\n[edits]\n{edits}\n[statistics]\nformat = \"text\"\n"
        );
        std::fs::write(self.path().join("pipeline.toml"), text).expect("written");
    }

    /// Runs on what lies in the inbox; gives the account, the exit code and the run's folder.
    fn run(&self, months: &[Month<'_>], arguments: &[&str]) -> Night {
        let inbox = self.path().join("inbox");
        let _ = std::fs::remove_dir_all(&inbox);
        std::fs::create_dir_all(&inbox).expect("made");
        let mut text = "ID,FACILITY,DISCHARGED,SERVICE,STATUS,PAYER,CODER,DX1,DX2,DX3,DX4,DX5,DX6,DX7,DX8\n".to_owned();
        months.iter().for_each(|month| text.push_str(&month.rows()));
        std::fs::write(inbox.join("discharges.csv"), text).expect("written");
        let out = self.path().join("out");
        let _ = std::fs::remove_dir_all(&out);
        let mut command = chartroom(self.path());
        command.args(["run", "pipeline.toml"]).args(arguments);
        let (account, errors, code) = printed(&command.output().expect("the program starts"));
        assert_eq!(errors, "");
        Night { account, code, out }
    }

    /// The run of October, as of the first of November, on a state of its own that begins as a copy of what the nights before left.
    fn october(&self, month: Month<'_>) -> Night {
        let (nights, copy) = (self.path().join("state"), self.path().join("copy"));
        let _ = std::fs::remove_dir_all(&copy);
        std::fs::create_dir_all(&copy).expect("made");
        std::fs::copy(nights.join("catalogue.sqlite"), copy.join("catalogue.sqlite")).expect("copied");
        self.run(&[month], &["--period", "2026-10", "--as-of", "2026-11-01", "--state", "copy"])
    }

    /// The twelve nights before.
    fn nights(&self) {
        for (place, month) in history().into_iter().enumerate() {
            self.night(place, month);
        }
    }

    fn night(&self, place: usize, month: Month<'_>) -> Night {
        let next = HISTORY.get(place + 1).copied().unwrap_or(OCTOBER.month);
        self.run(&[month], &["--period", month.month, "--as-of", &format!("{next}-01"), "--state", "state"])
    }
}

struct Night {
    account: String,
    code: i32,
    out: PathBuf,
}

impl Night {
    fn table(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        let path = run_folder(&self.out).join("data").join(name);
        csv::Reader::from_path(path).expect("a table").deserialize().map(|row| row.expect("a row")).collect()
    }

    /// Rule and value of the findings on trends.
    fn findings(&self) -> Vec<(String, String)> {
        let mut rows = self.table("findings.csv");
        rows.retain(|row| row["rule"].starts_with("TR"));
        assert!(rows.iter().all(|row| row["encounter_id"].is_empty() && row["input"].is_empty()));
        rows.into_iter()
            .map(|mut row| (row.remove("rule").unwrap_or_default(), row.remove("value").unwrap_or_default()))
            .collect()
    }

    fn rules(&self) -> Vec<String> {
        self.findings().into_iter().map(|(rule, _)| rule).collect()
    }

    /// Verdict and why of a measure.
    fn verdict(&self, measure: &str, of: &str) -> (String, String) {
        let mut rows = self.table("facility_months.csv");
        rows.retain(|row| row["measure"] == measure && row["of"] == of);
        assert_eq!(rows.len(), 1, "{measure} {of}: {rows:?}");
        (rows[0]["verdict"].clone(), rows[0]["why"].clone())
    }

    /// Examined, failed, accepted and not applicable of a rule.
    fn score(&self, code: &str) -> [u64; 4] {
        let results = results(&self.out);
        let rules = results["rules"].as_array().expect("rules").clone();
        let rule = rules.into_iter().find(|rule| rule["code"] == code).expect("the rule");
        ["examined", "failed", "accepted", "not_applicable"].map(|name| rule[name].as_u64().expect("a count"))
    }

    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let folder = run_folder(&self.out);
        let mut files = BTreeMap::new();
        let mut open = vec![folder.clone()];
        while let Some(next) = open.pop() {
            for entry in std::fs::read_dir(next).expect("a folder").filter_map(Result::ok) {
                if entry.path().is_dir() {
                    open.push(entry.path());
                } else {
                    let name = entry.path().strip_prefix(&folder).expect("inside").to_path_buf();
                    files.insert(name, std::fs::read(entry.path()).expect("a file"));
                }
            }
        }
        files
    }
}

fn words(verdict: &str, why: &str) -> (String, String) {
    (verdict.to_owned(), why.to_owned())
}

#[test]
fn a_month_is_judged_from_the_seventh_night_on_and_before_it_is_not_applicable() {
    let work = Work::new();
    for (place, month) in history().into_iter().enumerate().take(7) {
        let night = work.night(place, month);
        assert_eq!((night.rules(), night.code), (Vec::new(), 0), "{}", night.account);
        let expected = if place < 6 {
            let why = format!("{place} of the twelve months before known with enough cases, fewer than 6");
            words("not applicable", &why)
        } else {
            words("within the limits", "")
        };
        assert_eq!(night.verdict("diagnoses_per_case", ""), expected);
        assert_eq!(night.verdict("discharges", ""), expected);
        let judged = u64::from(place == 6);
        assert_eq!(night.score("TRD101"), [judged, 0, 0, 1 - judged]);
        // The export has no race: never applicable, whatever the history.
        assert_eq!(
            night.verdict("race_unknown", ""),
            words("not applicable", "no cases, or the export does not have it")
        );
        assert_eq!(night.account.contains("\ntrends "), place == 6, "{}", night.account);
    }
}

#[test]
fn a_fall_is_a_critical_finding_what_is_near_a_warning_and_the_limit_itself_neither() {
    let work = Work::new();
    work.nights();

    // Diagnoses: the mean is 2,000/400 = 5, the variance of the rates 8,000/160,000/11 = 1/220, that of chance, 3 x 5/400, is larger: its root is 0.194. Two and three
    // deviations count as 2.346 and 4.008 with twelve months, 0.45 and 0.78; thirty mean cases are 0.375 a case: the differences 0.5 and 1 decide.
    let fall = work.october(Month { diagnoses: 1_400, ..OCTOBER });
    let value = "0042 2026-10: 3.500 (1400 / 400), mean of 12 months 5.000, warning limits 4.500 to 5.500, critical limits 4.000 to 6.000";
    assert_eq!(fall.findings(), [("TRD101".to_owned(), value.to_owned())], "the warning twin is silent");
    assert_eq!((fall.score("TRD101"), fall.score("TRW101")), ([1, 1, 0, 0], [1, 0, 0, 0]));
    assert_eq!(fall.code, 1, "an error reaches the gate");
    assert!(
        fall.account.contains(&format!("  beyond critical limits: diagnoses_per_case: {value}\n")),
        "{}",
        fall.account
    );
    assert_eq!(results(&fall.out)["trends"]["beyond"][0]["figure"], value);
    let text = std::fs::read_to_string(run_folder(&fall.out).join("data/statistics.txt")).expect("statistics");
    assert!(
        text.contains("beyond the critical limits") && text.contains("2025-10"),
        "the sheet has figure and history"
    );

    let near = work.october(Month { diagnoses: 1_780, ..OCTOBER });
    let value = "0042 2026-10: 4.450 (1780 / 400), mean of 12 months 5.000, warning limits 4.500 to 5.500, critical limits 4.000 to 6.000";
    assert_eq!((near.findings(), near.code), (vec![("TRW101".to_owned(), value.to_owned())], 0));
    assert!(work.october(Month { diagnoses: 1_800, ..OCTOBER }).findings().is_empty(), "4.5 is the limit");
    assert_eq!(work.october(Month { diagnoses: 1_600, ..OCTOBER }).rules(), ["TRW101"], "4 is the critical limit");
    assert_eq!(work.october(Month { diagnoses: 2_410, ..OCTOBER }).rules(), ["TRD101"], "a rise counts as a fall does");

    // Home: each month lies 60/400 off 280/400, the variance is 12 x 3,600/160,000/11, and the deviations decide: k^2 x 43,200/11 against the square of the discharges off.
    for home in [133, 132, 29, 28] {
        let off: u64 = 280 - home as u64;
        let beyond = |thousandths: u64| off * off * 11 * 1_000_000 > thousandths * thousandths * 43_200;
        let found = if beyond(4_008) { Some("TRD105") } else { beyond(2_346).then_some("TRW105") };
        let rules = work.october(Month { home, ..OCTOBER }).rules();
        assert_eq!(rules.first().map(String::as_str), found, "{home}");
        assert!(rules.len() < 2);
    }

    // The twin speaks where the critical edit is not applied, and a finding can be explained by its facility and month.
    work.pipeline("ignore = \"TRD101\"");
    assert_eq!(work.october(Month { diagnoses: 1_400, ..OCTOBER }).rules(), ["TRW101"]);
    // The facility may stand within the record or beside it.
    for named in [
        "record = \"0042 2026-10\"",
        "facility = \"0042\"\nrecord = \"2026-10\"",
        "facility = \"0042\"\nrecord = \"0042 2026-10\"",
    ] {
        work.pipeline(&format!(
            "[[edits.accept]]\nrule = \"TRD101\"\n{named}\nreason = \"a new upper limit of codes\"\nauthor = \"M. Alvarez\""
        ));
        let explained = work.october(Month { diagnoses: 1_400, ..OCTOBER });
        assert_eq!((explained.rules(), explained.code), (Vec::new(), 0), "{named}");
        assert_eq!(explained.score("TRD101"), [1, 0, 1, 0], "{named}");
    }
    work.pipeline(
        "[[edits.accept]]\nrule = \"TRD101\"\nfacility = \"0043\"\nrecord = \"2026-10\"\nreason = \"another facility\"\nauthor = \"M. Alvarez\"",
    );
    assert_eq!(work.october(Month { diagnoses: 1_400, ..OCTOBER }).score("TRD101"), [1, 1, 0, 0]);
    work.pipeline("[edits.trend]\ndiagnoses_per_case = { warning_difference = 2, critical_difference = 2.5 }");
    assert!(work.october(Month { diagnoses: 1_400, ..OCTOBER }).findings().is_empty());
}

#[test]
fn a_service_that_stopped_a_month_in_part_and_a_facility_that_sent_nothing_are_told() {
    let work = Work::new();
    work.nights();
    let stopped = work.october(Month { services: &[("MED", 400)], ..OCTOBER });
    let value = "0042 2026-10 SUR: 0, mean of 12 months 100.0";
    assert_eq!(stopped.findings(), [("TRD109".to_owned(), value.to_owned())]);
    assert_eq!((stopped.score("TRD109"), stopped.score("TRW109")), ([2, 1, 0, 0], [2, 0, 0, 0]));

    // 370 of 400 are 92.5 percent; 380 are 95, the limit.
    let part = work.october(Month { diagnoses: 1_850, home: 260, services: &[("MED", 270), ("SUR", 100)], ..OCTOBER });
    let value =
        "0042 2026-10: 370, mean of 12 months 400.0, warning limits 380.0 to 480.0, critical limits 240.0 to 760.0";
    assert_eq!(part.findings(), [("TRW108".to_owned(), value.to_owned())]);
    let enough = Month { diagnoses: 1_900, home: 260, services: &[("MED", 280), ("SUR", 100)], ..OCTOBER };
    assert!(work.october(enough).findings().is_empty());

    let other = work.october(Month { facility: "0099", ..OCTOBER });
    let value =
        "0042 2026-10: 0, mean of 12 months 400.0, warning limits 380.0 to 480.0, critical limits 240.0 to 760.0";
    assert_eq!(other.findings(), [("TRD108".to_owned(), value.to_owned())]);

    // Before the month is over it has no volume, and a service may still come.
    let early = Month { diagnoses: 1_500, home: 210, services: &[("MED", 300)], ..OCTOBER };
    let night = work.run(&[early], &["--period", "2026-10", "--as-of", "2026-10-31", "--state", "state"]);
    assert!(night.findings().is_empty());
    assert_eq!(night.verdict("discharges", ""), words("not applicable", "the month is not over"));
    assert_eq!(night.verdict("service_discharges", "SUR"), words("not applicable", "the month is not over"));
    assert_eq!(night.verdict("diagnoses_per_case", "").0, "within the limits");
    // 300 of 400 cases: the variance of the share home, 12 x 36/1600/11, is taken 4/3 times. 2.346 deviations are 127.3 of the 210 expected; 110.3 without that.
    for (home, found) in [(83, None), (82, Some("TRW105"))] {
        let off: u64 = 210 - home as u64;
        assert_eq!(off * off * 1600 * 11 * 3 * 1_000_000 > 2_346 * 2_346 * 432 * 4 * 300 * 300, found.is_some());
        let early = Month { home, ..early };
        let night = work.run(&[early], &["--period", "2026-10", "--as-of", "2026-10-31", "--state", "state"]);
        assert_eq!(night.rules().first().map(String::as_str), found, "{home}");
    }
}

/// What the edits on trends are for: losses that pass every edit of a record.
#[test]
fn half_of_the_records_and_a_field_that_is_suddenly_blank_are_errors() {
    let work = Work::new();
    work.nights();
    let half = Month { diagnoses: 1_000, home: 140, services: &[("MED", 150), ("SUR", 50)], ..OCTOBER };
    let value =
        "0042 2026-10: 200, mean of 12 months 400.0, warning limits 380.0 to 480.0, critical limits 240.0 to 760.0";
    assert_eq!(work.october(half).findings(), [("TRD108".to_owned(), value.to_owned())]);
    // Twice the records: of 400 discharges each a second time, under another number.
    let twice = Month { diagnoses: 4_000, home: 560, services: &[("MED", 600), ("SUR", 200)], ..OCTOBER };
    assert_eq!(work.october(twice).rules(), ["TRD108"]);
    let blank = work.october(Month { without_payer: 400, ..OCTOBER });
    let value = "0042 2026-10: 100.00 (400 / 400), mean of 12 months 0.00, warning limits 0.00 to 2.00, critical limits 0.00 to 7.50";
    assert_eq!(blank.findings(), [("TRD104".to_owned(), value.to_owned())]);
    assert_eq!(work.october(Month { home: 0, ..OCTOBER }).rules(), ["TRD105"]);
    // One diagnosis a case: the secondary ones are lost.
    assert_eq!(work.october(Month { diagnoses: 400, ..OCTOBER }).rules(), ["TRD101"]);
    // Thirty discharges of 400 are 7.5 percent: the limit.
    let unknown = |without_payer| work.october(Month { without_payer, ..OCTOBER }).rules();
    assert_eq!((unknown(30), unknown(31)), (vec!["TRW104".to_owned()], vec!["TRD104".to_owned()]));
}

#[test]
fn a_rerun_changes_no_byte_and_a_rerun_of_another_content_replaces_the_month() {
    let work = Work::new();
    work.nights();
    let fallen = Month { diagnoses: 1_400, ..OCTOBER };
    let on = ["--period", "2026-10", "--as-of", "2026-11-01", "--state", "state"];
    let months = || catalogue::months(&work.path().join("state/catalogue.sqlite"));
    let (first, kept) = (work.run(&[fallen], &on).files(), months());
    let again = work.run(&[fallen], &on).files();
    assert_eq!(first.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>());
    for (name, bytes) in &first {
        assert!(again[name] == *bytes, "{} differs", name.display());
    }
    assert_eq!(months(), kept);
    let text = kept;
    assert_eq!(text.matches("Nights,0042,2026-10,diagnoses_per_case,,1400,400\n").count(), 1, "{text}");
    assert_eq!(work.run(&[OCTOBER], &on).rules(), Vec::<String>::new());
    let text = months();
    assert_eq!(text.matches(",2026-10,diagnoses_per_case,").count(), 1);
    assert!(text.contains("Nights,0042,2026-10,diagnoses_per_case,,2000,400\n"), "{text}");
}

#[test]
fn one_export_of_thirteen_months_and_a_stated_history_come_to_the_same_as_thirteen_nights() {
    let fallen = Month { diagnoses: 1_400, home: 130, services: &[("MED", 400)], ..OCTOBER };
    let work = Work::new();
    let outputs: Vec<Vec<u8>> = history()
        .into_iter()
        .enumerate()
        .map(|(place, month)| {
            let night = work.night(place, month);
            std::fs::read(run_folder(&night.out).join("data/facility_months.csv")).expect("months")
        })
        .collect();
    let nightly = work.october(fallen).table("facility_months.csv");
    assert_eq!(nightly.iter().filter(|row| row["verdict"].starts_with("beyond")).count(), 3, "{nightly:?}");

    let work = Work::new();
    let mut months = history();
    months.push(fallen);
    let at_once = work.run(&months, &["--period", "2026-10", "--as-of", "2026-11-01"]);
    assert_eq!(at_once.table("facility_months.csv"), nightly);
    // Without a period every month is judged, each by those before it.
    let all = work.run(&months, &["--as-of", "2026-11-01"]);
    assert_eq!(all.rules(), ["TRD101", "TRD109", "TRW105"]);
    assert_eq!(all.score("TRD101"), [7, 1, 0, 6]);

    // What a run puts out is a history that can be stated.
    let work = Work::new();
    let names: Vec<String> = (0..outputs.len()).map(|place| format!("\"months-{place}.csv\"")).collect();
    for (place, output) in outputs.iter().enumerate() {
        std::fs::write(work.path().join(format!("months-{place}.csv")), output).expect("written");
    }
    work.pipeline(&format!("history = [{}]", names.join(", ")));
    let stated = work.run(&[fallen], &["--period", "2026-10", "--as-of", "2026-11-01"]);
    assert_eq!(stated.table("facility_months.csv"), nightly);
}

#[test]
fn a_coder_far_from_all_others_is_told() {
    let work = Work::new();
    let rows = |coder: &str, diagnoses: usize, from: usize| -> String {
        let codes: Vec<&str> = (0..8).map(|place| if place < diagnoses { CODES[place] } else { "" }).collect();
        let row = |number: usize| format!("C{},0042,2026-10-02,MED,01,MA,{coder},{}\n", from + number, codes.join(","));
        (0..35).map(row).collect()
    };
    std::fs::create_dir_all(work.path().join("inbox")).expect("made");
    let head = "ID,FACILITY,DISCHARGED,SERVICE,STATUS,PAYER,CODER,DX1,DX2,DX3,DX4,DX5,DX6,DX7,DX8\n";
    let text = format!("{head}{}{}{}", rows("KIM", 2, 100), rows("LEE", 4, 200), rows("ROY", 6, 300));
    std::fs::write(work.path().join("inbox/discharges.csv"), text).expect("written");
    let mut command = chartroom(work.path());
    command.args(["run", "pipeline.toml", "--period", "2026-10", "--as-of", "2026-11-01"]);
    let (account, errors, code) = printed(&command.output().expect("the program starts"));
    assert_eq!((errors.as_str(), code), ("", 0));
    let night = Night { account, code, out: work.path().join("out") };
    // KIM: 2 against 5, the variance of the others' 70 numbers 4 and 6 is 70/69, of their mean 1/69: three errors 0.361, and the difference of 1 and 2 decides.
    let found = night.findings();
    assert_eq!(found[0].0, "TRW110");
    assert_eq!(
        found[0].1,
        "0042 KIM: 2.000 (70 / 35), all others 5.000, warning limits 4.000 to 6.000, critical limits 3.000 to 7.000"
    );
    assert_eq!(found.len(), 2, "LEE lies between the two: {found:?}");
    assert_eq!(night.score("TRW110"), [3, 2, 0, 0]);
    assert!(!night.account.contains("KIM"), "no name in the account");
}
