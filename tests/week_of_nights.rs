//! A week of nights as the owner of the run walks it: a correction, a feed that does not come, a file without its heading, a worklist that
//! somebody filled in, a deletion, a night without anything new, a file that is sent again. Of each morning: the exit code, what the account
//! says, the discharges and deaths, the worklists, and which folder is the newest.

use std::{fs, path::Path};

use crate::{
    command::{chartroom, copy, printed},
    night_site::{self, DISCHARGES, STAYS},
};

const PIPELINE: &str = r#"
title = "Night"
state = "state"
fail_on = "fatal"
keep_outputs_days = 3

[[ingest]]
name = "discharges"
files = "inbox/discharges-*.csv"
layout = "discharges.toml"
delivery = "changes"
newest_by = "file_name_date"
deletion = { column = "ACTION", values = ["D"] }

[[ingest]]
name = "diagnoses"
files = "inbox/diagnoses-*.csv"
layout = "diagnoses.toml"
delivery = "changes"

[[ingest]]
name = "documents"
files = "inbox/documents-*.csv"
layout = "documents.toml"
delivery = "changes"
expect = "working_days"

[deficiency]
matrix = "charts.toml"

[statistics]
format = "both"
"#;
fn stay(number: u32, sex: &str, status: &str, action: &str) -> String {
    format!("S{number},P{number},2026-10-28,2026-11-01,1950-03-0{number},{sex},{status},\"ADLER, T\",{action}\n")
}

/// Two diagnoses of each stay; the second is the code that is stated.
fn diagnoses(stays: &[(u32, &str)]) -> String {
    let rows = stays.iter().map(|(stay, code)| format!("S{stay},1,I214\nS{stay},2,{code}\n"));
    "STAY,POSITION,CODE\n".to_owned() + &rows.collect::<String>()
}

/// A signed discharge summary of each stay.
fn summaries(stays: &[u32]) -> String {
    let rows = stays.iter().map(|stay| format!("D{stay},S{stay},discharge_summary,\"ADLER, T\",2026-11-01\n"));
    "DOCUMENT,STAY,TYPE,AUTHOR,SIGNED\n".to_owned() + &rows.collect::<String>()
}

/// A site with its pipeline file, layouts and an empty inbox.
struct Site(tempfile::TempDir);

impl Site {
    fn new() -> Site {
        let folder = tempfile::tempdir().expect("a folder");
        night_site::make(folder.path(), PIPELINE, DISCHARGES);
        Site(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// A file arrives.
    fn comes(&self, name: &str, text: &str) {
        fs::write(self.path().join("inbox").join(name), text).expect("written");
    }

    fn night(&self, day: &str) -> Morning<'_> {
        let arguments = ["run", "night.toml", "--as-of", day, "--log", "json"];
        let output = chartroom(self.path()).args(arguments).output().expect("the program starts");
        let (account, log, code) = printed(&output);
        let ended = log.lines().last().expect("an event");
        let ended: serde_json::Value = serde_json::from_str(ended).expect("an event is a line of JSON");
        assert_eq!((&ended["message"], &ended["exit_code"]), (&"ended".into(), &code.into()), "{log}");
        Morning { site: self, account, log, code }
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path().join("out").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn newest(&self) -> String {
        let link = fs::read_link(self.path().join("out/night-latest")).expect("a link");
        link.to_string_lossy().into_owned()
    }

    /// Stays in a working copy of a worklist, in order.
    fn on_worklist(&self, name: &str) -> Vec<String> {
        let text = self.text(&format!("worklists/night/{name}"));
        text.lines().skip(1).map(|line| line.split(',').next().unwrap_or_default().to_owned()).collect()
    }
}

struct Morning<'s> {
    site: &'s Site,
    account: String,
    log: String,
    code: i32,
}

impl Morning<'_> {
    /// The account has these lines.
    fn says(&self, lines: &[&str]) {
        for line in lines {
            assert!(self.account.lines().any(|own| own == *line), "{line}\nis not in\n{}\n{}", self.account, self.log);
        }
    }

    fn is_silent_of(&self, words: &[&str]) {
        for word in words {
            assert!(!self.account.contains(word), "{word} is in\n{}", self.account);
        }
    }

    /// Discharges and deaths of the newest folder.
    fn figures(&self) -> (u64, u64) {
        let statistics = self.site.text("night-latest/data/statistics.txt");
        let figure = |name: &str| {
            let mut lines = statistics.lines().skip_while(|line| *line != "== Discharges ==");
            let line = lines.find(|line| line.trim().starts_with(name)).expect("a line");
            line.split_whitespace().last().and_then(|word| word.parse().ok()).expect("a figure")
        };
        (figure("Discharges, deaths included"), figure("Deaths"))
    }
}

/// Monday: four stays; S2 goes to home health care, S3 has died, S1 has a code that is none, S4 has no summary yet.
fn monday(site: &Site) {
    let rows = [stay(1, "F", "01", ""), stay(2, "M", "06", ""), stay(3, "F", "20", ""), stay(4, "M", "01", "")];
    site.comes("discharges-2026-11-02.csv", &(STAYS.to_owned() + &rows.concat()));
    site.comes("diagnoses-2026-11-02.csv", &diagnoses(&[(1, "E1199"), (2, "E119"), (3, "E119"), (4, "E119")]));
    site.comes("documents-2026-11-02.csv", &summaries(&[1, 2]));
    let morning = site.night("2026-11-02");
    assert_eq!(morning.code, 0, "{}", morning.log);
    morning.says(&[
        "Night, as of 2026-11-02",
        "files                3   rows read 14, accepted 14, quarantined 0, duplicate 0",
        "encounters           4   in statistics 4, rejected 0, outside the period 0, undated 0, undecided 0",
        "  error: 1 COD102 diagnosis-unknown",
        "worklists to work on: out/worklists/night",
    ]);
    morning.is_silent_of(&["missing", "not used", "taken on an earlier date", "run again"]);
    assert_eq!(morning.figures(), (4, 1));
    assert_eq!(site.on_worklist("records_to_correct.csv"), ["S1"]);
    assert_eq!(site.on_worklist("deficiencies.csv"), ["S4"]);
}

/// Tuesday: S2 died after all, and is sent again with the diagnoses that it had; S5 is new.
fn tuesday(site: &Site) {
    site.comes("discharges-2026-11-03.csv", &(STAYS.to_owned() + &stay(2, "M", "20", "") + &stay(5, "F", "01", "")));
    site.comes("diagnoses-2026-11-03.csv", &diagnoses(&[(2, "E119"), (5, "E119")]));
    site.comes("documents-2026-11-03.csv", &summaries(&[5]));
    let morning = site.night("2026-11-03");
    assert_eq!(morning.code, 0, "{}", morning.log);
    morning.says(&[
        "files                6   rows read 21, accepted 19, quarantined 0, duplicate 2",
        "  3 new, 3 were taken on an earlier date",
        "encounters           5   in statistics 5, rejected 0, outside the period 0, undated 0, undecided 0",
        "  not examined: superseded by a newer version 1, withdrawn 0: superseded.csv",
        // The diagnoses that are sent once more are no finding.
        "findings             1   fatal 0, error 1, warning 0, info 0",
    ]);
    assert_eq!(morning.figures(), (5, 2), "a death is counted once, and its stay is not among the living");
    let superseded = site.text("night-latest/data/superseded.csv");
    assert!(superseded.contains("discharges-2026-11-02.csv,3,encounters,S2,superseded,"), "{superseded}");
    assert!(superseded.trim_end().ends_with("discharges-2026-11-03.csv,2,discharge_status,"), "{superseded}");
}

/// Wednesday: the documents do not come. What came is published, and nobody's summary is called missing. They come later, and the night is run again.
fn wednesday(site: &Site) {
    site.comes("discharges-2026-11-04.csv", &(STAYS.to_owned() + &stay(6, "X", "01", "")));
    site.comes("diagnoses-2026-11-04.csv", &diagnoses(&[(6, "E119")]));
    let morning = site.night("2026-11-04");
    assert_eq!(morning.code, 66);
    morning.says(&[
        "  2 new, 6 were taken on an earlier date",
        "missing: documents: a new file is due every working day, and none came; those that match were taken before",
        "encounters           6   in statistics 6, rejected 0, outside the period 0, undated 0, undecided 0",
        "deficiencies not applicable: the document index is not whole: the file of documents did not come",
        "  left as they were, because something is missing from this run; the new ones: out/night-as-of-2026-11-04/data/worklists",
        "when every file is there and can be read: on the same day, run again with --as-of 2026-11-04; on a later day, run that day's night, which takes the late file too",
    ]);
    // The missing file is told in a line of its own, not once more among the errors.
    morning.is_silent_of(&["FIL040"]);
    // Of the documents that came before every rule was asked.
    morning.is_silent_of(&["not applied"]);
    let findings = site.text("night-latest/data/findings.csv");
    assert!(findings.contains("a file is due and did not come,documents,"), "{findings}");
    let first_page = site.text("night-latest/data/statistics.txt");
    let in_order = first_page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(in_order.contains("Not whole the file of documents did not come."), "{first_page}");
    assert_eq!(morning.figures(), (6, 2));
    // The lists to work on are not cut short by what did not come.
    assert_eq!(site.on_worklist("deficiencies.csv"), ["S4"]);
    assert_eq!(site.on_worklist("records_to_correct.csv"), ["S1"]);

    site.comes("documents-2026-11-04.csv", &summaries(&[6]));
    let again = site.night("2026-11-04");
    assert_eq!(again.code, 0, "{}", again.log);
    again.says(&[
        "  3 new, 6 were taken on an earlier date",
        "out/night-as-of-2026-11-04 stays as it is; this run lies beside it in out/night-as-of-2026-11-04-2",
    ]);
    again.is_silent_of(&["missing", "run again"]);
    assert_eq!(site.newest(), "night-as-of-2026-11-04-2");
    assert_eq!(site.on_worklist("deficiencies.csv"), ["S4"]);
    assert_eq!(site.on_worklist("records_to_correct.csv"), ["S1", "S6"]);
}

/// Thursday: the discharges have lost their heading. The cause comes first, and what follows from it is not counted as findings.
fn thursday(site: &Site) {
    site.comes("discharges-2026-11-05.csv", &stay(7, "F", "01", ""));
    site.comes("diagnoses-2026-11-05.csv", &diagnoses(&[(7, "E119")]));
    site.comes("documents-2026-11-05.csv", &summaries(&[7]));
    let morning = site.night("2026-11-05");
    assert_eq!(morning.code, 65);
    let third = morning.account.lines().nth(2);
    assert_eq!(
        third,
        Some(
            "not used: discharges-2026-11-05.csv does not fit its layout: no heading; row 1 looks like data; 8 columns missing"
        )
    );
    morning.says(&[
        "  not applied: TAB001 on 2 rows, TAB003 on 1 row, because discharges-2026-11-05.csv was not used",
        "when every file is there and can be read: on the same day, run again with --as-of 2026-11-05; on a later day, run that day's night, which takes the late file too",
    ]);
    morning.is_silent_of(&["FIL007"]);
    assert_eq!(morning.figures(), (6, 2));
    assert_eq!(site.newest(), "night-as-of-2026-11-05");
}

/// Friday: the file comes with its heading, S5 is taken back, and somebody has filled in a worklist.
fn friday(site: &Site) {
    let copy = site.path().join("out/worklists/night/records_to_correct.csv");
    let edited = site.text("worklists/night/records_to_correct.csv").replace("S1,", "S1 (called Dr. Adler),");
    fs::write(&copy, &edited).expect("written");
    site.comes("discharges-2026-11-05.csv", &(STAYS.to_owned() + &stay(7, "F", "01", "")));
    site.comes("discharges-2026-11-06.csv", &(STAYS.to_owned() + &stay(5, "F", "01", "D") + &stay(8, "M", "01", "")));
    site.comes("diagnoses-2026-11-06.csv", &diagnoses(&[(8, "E119")]));
    site.comes("documents-2026-11-06.csv", &summaries(&[8]));
    let morning = site.night("2026-11-06");
    assert_eq!(morning.code, 0, "{}", morning.log);
    morning.says(&[
        "encounters           7   in statistics 7, rejected 0, outside the period 0, undated 0, undecided 0",
        "  not examined: superseded by a newer version 2, withdrawn 1: superseded.csv",
        "  edited since: out/worklists/night/records_to_correct.csv (kept; the new one: \
         out/night-as-of-2026-11-06/data/worklists/records_to_correct.csv)",
        "removed, older than 3 days: out/night-as-of-2026-11-02",
    ]);
    morning.is_silent_of(&["not used", "run again"]);
    assert_eq!(morning.figures(), (7, 2), "S1 to S8 without S5");
    assert_eq!(fs::read_to_string(copy).expect("read"), edited);
}

/// Saturday: nobody sent anything, and nothing is due.
fn saturday(site: &Site) {
    let morning = site.night("2026-11-07");
    assert_eq!(morning.code, 0, "{}", morning.log);
    morning.says(&["  nothing new: 15 were taken on an earlier date"]);
    morning.is_silent_of(&["missing", "run again"]);
    assert_eq!(morning.figures(), (7, 2));
    // Where the inbox is emptied, nothing is run and nothing published.
    let emptied = Site::new();
    let morning = emptied.night("2026-11-07");
    assert_eq!(morning.code, 0);
    assert_eq!(
        morning.account,
        "Night, as of 2026-11-07: nothing new; no file matches inbox/discharges-*.csv, inbox/diagnoses-*.csv, inbox/documents-*.csv\n"
    );
    assert!(!emptied.path().join("out").exists());
    assert_eq!(emptied.night("2026-11-09").code, 66, "on a working day the documents are due");
}

/// Sunday: Saturday's night is run again, and Friday's discharges come once more under another name.
fn sunday(site: &Site) {
    let again = site.night("2026-11-07");
    assert_eq!(again.code, 0, "{}", again.log);
    again.says(&["the same as what lies in out/night-as-of-2026-11-07; nothing to do"]);
    again.is_silent_of(&["\noutputs\n"]);
    assert!(!again.log.contains("run published"), "{}", again.log);

    site.comes("discharges-2026-11-08.csv", &{
        let path = site.path().join("inbox/discharges-2026-11-06.csv");
        fs::read_to_string(path).expect("read")
    });
    let morning = site.night("2026-11-08");
    assert_eq!(morning.code, 0, "{}", morning.log);
    morning.says(&[
        "  nothing new: 15 were taken on an earlier date",
        "  sent again: discharges-2026-11-08.csv is discharges-2026-11-06.csv once more",
    ]);
    assert_eq!(morning.figures(), (7, 2));
    let findings = site.text("night-latest/data/findings.csv");
    for rule in ["FIL003,warning", "FIL005,warning"] {
        let lines: Vec<&str> = findings.lines().filter(|line| line.starts_with(rule)).collect();
        assert!(lines.len() == 1 && lines[0].contains(",discharges-2026-11-08.csv,"), "{rule}: {findings}");
    }
    let copy = site.text("worklists/night/records_to_correct.csv");
    assert!(copy.contains("S1 (called Dr. Adler),"), "{copy}");
    assert_eq!(site.newest(), "night-as-of-2026-11-08");
}

#[test]
fn each_morning_says_what_came_what_did_not_and_what_to_do() {
    let site = Site::new();
    for day in [monday, tuesday, wednesday, thursday, friday, saturday, sunday] {
        day(&site);
    }
    // What is kept still verifies, and the newest of it says the same when it is run in a copy of the site.
    let mut kept: Vec<String> = fs::read_dir(site.path().join("out"))
        .expect("the output folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("night-as-of-"))
        .collect();
    kept.sort();
    assert_eq!(kept, [5, 6, 7, 8].map(|day| format!("night-as-of-2026-11-0{day}")));
    for name in &kept {
        let verified = chartroom(site.path()).args(["verify", &format!("out/{name}")]).output();
        assert_eq!(printed(&verified.expect("the program starts")).2, 0, "{name}");
    }
    let elsewhere = Site(tempfile::tempdir().expect("a folder"));
    for folder in ["inbox", "state"] {
        copy(&site.path().join(folder), &elsewhere.path().join(folder));
    }
    for entry in fs::read_dir(site.path()).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.extension().is_some_and(|extension| extension == "toml") {
            fs::copy(&entry, elsewhere.path().join(entry.file_name().expect("a name"))).expect("copied");
        }
    }
    assert_eq!(elsewhere.night("2026-11-08").code, 0);
    let manifest = "night-as-of-2026-11-08/manifest-sha256.txt";
    assert_eq!(elsewhere.text(manifest), site.text(manifest));
}
