//! Months that are counted from what the nights left: where they have to examine everything, and what is told of them.

use std::{fs, path::Path};

use crate::{
    command::{chartroom, printed, run_folder},
    night_site,
};

const NIGHT: &str = "title = \"Night\"\nstate = \"state\"\n[store]\n[[ingest]]\nname = \"discharges\"\nfiles = \"inbox/discharges-*.csv\"\n\
    layout = \"discharges.toml\"\ndelivery = \"changes\"\n[[ingest]]\nname = \"documents\"\nfiles = \"inbox/documents-*.csv\"\n\
    layout = \"documents.toml\"\ndelivery = \"changes\"\nrequired = false\n";
const DESKS: &str =
    "[edits]\nignore = [\"DUP001\"]\n[deficiency]\nmatrix = \"charts.toml\"\n[statistics]\nformat = \"text\"\n";

/// A site with a night, a month of which every record is examined, and one that is counted.
fn site() -> tempfile::TempDir {
    let work = tempfile::tempdir().expect("a folder");
    night_site::make(work.path(), &format!("{NIGHT}{DESKS}"), night_site::DISCHARGES);
    let month = "title = \"Month\"\nstate = \"state\"\nfrom = \"store\"\nperiod = \"2026-10\"\n";
    for (name, store) in [("examined.toml", ""), ("counted.toml", "[store]\nexamine = \"changed\"\n")] {
        fs::write(work.path().join(name), format!("{month}{store}{DESKS}")).expect("written");
    }
    work
}

fn comes(work: &Path, day: u32, rows: &[&str], documents: &[&str]) {
    let mut text = night_site::STAYS.to_owned();
    rows.iter().for_each(|row| text += &format!("{row}\n"));
    fs::write(work.join(format!("inbox/discharges-2026-11-{day:02}.csv")), text).expect("written");
    if !documents.is_empty() {
        let text = format!("DOCUMENT,STAY,TYPE,AUTHOR,SIGNED\n{}\n", documents.join("\n"));
        fs::write(work.join(format!("inbox/documents-2026-11-{day:02}.csv")), text).expect("written");
    }
}

/// Runs a pipeline and gives its account and the folder of the run.
fn run(work: &Path, pipeline: &str, day: u32) -> (String, std::path::PathBuf) {
    let out = format!("out-{pipeline}");
    let _ = fs::remove_dir_all(work.join(&out));
    let day = format!("2026-11-{day:02}");
    let arguments = ["run", &format!("{pipeline}.toml"), "--as-of", &day, "--out", &out];
    let (account, errors, code) = printed(&chartroom(work).args(arguments).output().expect("starts"));
    assert!(errors.is_empty() && code < 2, "{pipeline} of {day}: {account}{errors}");
    (account, run_folder(&work.join(&out)))
}

fn figures(folder: &Path) -> String {
    fs::read_to_string(folder.join("data/figures.csv")).expect("figures")
}

/// Two rows of one number, of which none is known to be the newest, count by where both were discharged.
#[test]
fn records_without_a_newest_version_are_examined_for_every_period() {
    let work = site();
    let rows = [
        "S1,P1,2026-09-01,2026-09-05,1950-01-01,F,01,A,",
        "S1,P1,2026-09-01,2026-09-07,1950-01-01,F,03,A,",
        "S2,P2,2026-10-01,2026-10-05,1950-01-01,F,01,A,",
    ];
    comes(work.path(), 1, &rows, &[]);
    run(work.path(), "night", 1);
    let (account, counted) = run(work.path(), "counted", 2);
    assert!(account.contains("all records were examined: of some records no version is known"), "{account}");
    let (_, examined) = run(work.path(), "examined", 2);
    assert_eq!(figures(&counted), figures(&examined));
}

/// Dates that are none are of any number of months: they are not told apart, and count where they did.
#[test]
fn discharges_of_years_without_hospitals_lie_outside_the_period() {
    let work = site();
    let rows: Vec<String> = ["0001", "1799", "1899", "1900", "2026"]
        .iter()
        .enumerate()
        .map(|(number, year)| format!("S{number},P{number},{year}-10-01,{year}-10-05,1950-01-01,F,01,A,"))
        .collect();
    comes(work.path(), 1, &rows.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
    run(work.path(), "night", 1);
    let (account, counted) = run(work.path(), "counted", 2);
    assert!(account.contains("counted from what the nights left"), "{account}");
    assert!(account.contains("in statistics 1, rejected 0, outside the period 4"), "{account}");
    let (_, examined) = run(work.path(), "examined", 2);
    assert_eq!(figures(&counted), figures(&examined));
}

#[test]
fn a_month_that_is_counted_is_compared_with_itself_and_tells_what_was_examined() {
    let work = site();
    let rows = ["S1,P1,2026-10-01,2026-10-05,1950-01-01,F,01,A,", "S2,P2,2026-10-01,2026-10-05,1950-01-01,F,01,A,"];
    comes(work.path(), 1, &rows, &["D1,S1,discharge_summary,A,2026-10-05", "D2,S2,discharge_summary,A,2026-10-05"]);
    run(work.path(), "night", 1);
    let (account, counted) = run(work.path(), "counted", 2);
    assert!(account.contains("counted from what the nights left: the lists have the 0 of 2 records"), "{account}");
    let sheets = fs::read_to_string(counted.join("data/statistics.txt")).expect("the statistics");
    assert!(sheets.contains("counted from what the nights left, 0 open records were examined"), "{sheets}");
    let folder = counted.to_string_lossy().into_owned();
    let compared = chartroom(work.path()).args(["compare", &folder, &folder]).output().expect("starts");
    let (text, errors, code) = printed(&compared);
    assert!(code == 0 && text.contains("figures   0 differ"), "{text}{errors}");
}

/// A record that is corrected on a night without documents keeps the deficiencies that are known of it.
#[test]
fn a_correction_without_documents_hides_no_deficiency() {
    let work = site();
    let rows = ["S1,P1,2026-10-01,2026-10-05,1950-01-01,F,01,A,", "S2,P2,2026-10-01,2026-10-05,1950-01-01,F,01,A,"];
    // The chart of S1 has a document, and no summary.
    comes(work.path(), 1, &rows, &["D1,S1,progress_note,A,2026-10-04", "D2,S2,discharge_summary,A,2026-10-05"]);
    run(work.path(), "night", 1);
    comes(work.path(), 2, &["S1,P1,2026-10-01,2026-10-05,1950-01-01,M,01,A,"], &[]);
    let (account, night) = run(work.path(), "night", 2);
    assert!(account.contains("open 1 (oldest 1 day)"), "{account}");
    let open = fs::read_to_string(night.join("data/worklists/to_resolve.csv")).expect("the worklist");
    assert!(open.lines().any(|line| line.contains("S1") && line.contains("deficiency")), "{open}");
    assert!(!account.contains("not looked for tonight"), "{account}");
}

/// What the nights left can be made anew from the records: where it is damaged, everything is examined, and two commands mend it.
#[test]
fn a_damaged_file_that_a_night_left_stops_no_run_and_is_made_anew() {
    let work = site();
    let rows = ["S1,P1,2026-10-01,2026-10-05,1950-01-01,F,01,A,", "S2,P1,2026-10-11,2026-10-15,1950-01-01,F,01,A,"];
    comes(work.path(), 1, &rows, &["D1,S1,discharge_summary,A,2026-10-05", "D2,S2,discharge_summary,A,2026-10-16"]);
    run(work.path(), "night", 1);
    let (_, examined) = run(work.path(), "examined", 2);
    let wanted = figures(&examined);
    for (ending, gone) in
        [".months", ".figures", ".stays", ".rows", ".records"].iter().flat_map(|end| [(end, true), (end, false)])
    {
        let copy = tempfile::tempdir().expect("a folder");
        let site = copy.path().join("site");
        crate::faults::site::copy(work.path(), &site);
        let segments =
            fs::read_dir(site.join("state/segments")).expect("segments").map(|entry| entry.expect("told").path());
        let file =
            segments.into_iter().find(|path| path.to_string_lossy().ends_with(ending)).expect("the night left it");
        if gone {
            fs::remove_file(&file).expect("removed");
        } else {
            let mut bytes = fs::read(&file).expect("read");
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x55;
            fs::write(&file, bytes).expect("written");
        }
        let (_, counted) = run(&site, "counted", 2);
        assert_eq!(figures(&counted), wanted, "{ending} {gone}");
        comes(&site, 3, &["S3,P1,2026-10-20,2026-10-25,1950-01-01,F,01,A,"], &[]);
        run(&site, "night", 3);
        for arguments in [
            &["reexamine", "night.toml", "--as-of", "2026-11-03"][..],
            &["state", "compact", "night.toml"],
            &["state", "check", "night.toml"],
        ] {
            let (text, errors, code) = printed(&chartroom(&site).args(arguments).output().expect("starts"));
            assert!(code == 0, "{ending} {gone} {arguments:?}: {text}{errors}");
        }
    }
}
