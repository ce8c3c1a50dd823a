//! Of many faults the first hundred are shown and the others counted, by every command; and what the system answers comes with what to do.

use std::{fmt::Write as _, path::Path};

use crate::command::{chartroom, printed, run_folder};

/// More faults than anybody reads.
const MANY: usize = 3_000;
/// Lines on a screen of faults: a problem that is shown in its place has up to nine, and an account has its own.
const MOST_LINES: usize = 950;

const LAYOUT: &str = "title = \"Stays\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"ID\"\ncoder = \"CODER\"\n\
    admission_date = { column = \"IN\", formats = [\"%Y-%m-%d\"] }\ndischarge_date = { column = \"OUT\", formats = [\"%Y-%m-%d\"] }\n\
    diagnosis_code = { columns = \"DX{1..1}\" }\n";
const PIPELINE: &str = "title = \"Many\"\nperiod = \"2020-03\"\n[[ingest]]\nname = \"stays\"\nfiles = \"stays*.csv\"\nlayout = \"stays.toml\"\n";
const STAYS: &str = "ID,CODER,IN,OUT,DX1\nA1,K,2020-03-01,2020-03-04,I10\n";

fn write(work: &Path, name: &str, text: &str) {
    std::fs::write(work.join(name), text).expect("written");
}

fn site(work: &Path, more: &str) {
    write(work, "stays.toml", LAYOUT);
    write(work, "stays.csv", STAYS);
    write(work, "many.toml", &format!("{PIPELINE}{more}"));
}

/// A line a fault.
fn lines(line: impl Fn(usize) -> String) -> String {
    (0..MANY).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "{}", line(number));
        text
    })
}

/// What a command says: some of the faults, how many more there are, and no line that nobody can read.
fn told(work: &Path, arguments: &[&str], code: i32, hidden: usize) {
    let (out, errors, found) = printed(&chartroom(work).args(arguments).output().expect("the program starts"));
    let text = out + &errors;
    let begin: String = text.chars().take(3_000).collect();
    assert_eq!(found, code, "{arguments:?}: {begin}");
    assert!(text.lines().count() <= MOST_LINES, "{arguments:?}: {} lines\n{begin}", text.lines().count());
    assert!(text.lines().all(|line| line.len() < 1_500), "{arguments:?}: a line of too many\n{begin}");
    if hidden > 0 {
        let thousands = hidden / 1000;
        let grouped = if thousands > 0 { format!("{thousands},{:03}", hidden % 1000) } else { hidden.to_string() };
        assert!(text.contains(&format!("and {grouped} more")), "{arguments:?}: {begin}");
    }
}

#[test]
fn of_many_faults_of_configurations_a_hundred_are_shown_by_every_command() {
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    let all = |hidden: usize| {
        for (arguments, code) in [
            (&["check", "many.toml"][..], 2),
            (&["run", "many.toml"], 2),
            (&["run", "many.toml", "--log", "text"], 2),
            (&["doctor", "many.toml"], 1),
            (&["rules", "many.toml"], 2),
        ] {
            told(work, arguments, code, hidden);
        }
    };
    site(work, &format!("[edits]\n{}", lines(|number| format!("no_such_key_{number} = 1"))));
    all(MANY - 100);
    site(work, "");
    write(work, "stays.toml", &format!("{LAYOUT}{}", lines(|number| format!("no_field_{number} = \"X{number}\""))));
    all(MANY - 100);
    site(work, "[edits]\nhistory = \"history.csv\"\n");
    let heading = std::fs::read_to_string("tests/pipelines/history/2026.csv").expect("a history");
    let heading = heading.lines().find(|line| !line.starts_with('#')).expect("a heading").to_owned();
    write(work, "history.csv", &format!("{heading}\n{}", lines(|number| format!("{number},no month,x,y,z,a,b"))));
    all(MANY - 100);
    let map = "[[coding.diagnoses]]\nfrom = \"local\"\nto = \"icd10cm\"\nby = \"site_map\"\nsite_map = \"map.csv\"\n";
    site(work, &format!("[coding]\n{map}"));
    let heading = std::fs::read_to_string("tests/pipelines/maps/faulty.csv").expect("a map");
    let heading = heading.lines().next().expect("a heading").to_owned();
    write(work, "map.csv", &format!("{heading}\n{}", lines(|number| format!("local,L{number},nothing,x,y"))));
    all(MANY - 100);
    site(work, "expect = \"working_days\"\nholidays = \"holidays.csv\"\n");
    write(work, "holidays.csv", &format!("2020-01-01\n{}", lines(|number| format!("no day {number}"))));
    all(MANY - 100);
}

#[test]
fn of_many_files_that_match_nothing_or_cannot_be_used_some_are_named() {
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    // So many names `files` may have.
    let many = 1_000;
    let patterns: Vec<String> = (0..many).map(|number| format!("\"nothing-{number}-*.csv\"")).collect();
    site(work, "");
    write(work, "many.toml", &PIPELINE.replace("\"stays*.csv\"", &format!("[{}]", patterns.join(", "))));
    told(work, &["run", "many.toml"], 0, many - 3);
    told(work, &["check", "many.toml"], 0, many - 100);
    told(work, &["doctor", "many.toml"], 0, 0);
}

#[test]
fn of_many_faults_of_a_bag_and_of_a_sheet_a_hundred_are_shown() {
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    site(work, "");
    let run = ["run", "many.toml", "--as-of", "2020-04-01"];
    assert_eq!(printed(&chartroom(work).args(run).output().expect("it starts")).2, 0);
    let folder = run_folder(&work.join("out"));
    let name = folder.to_str().expect("text");
    let sample = ["audit", "sample", name, "--out", "sheet.csv", "--records", "1"];
    assert_eq!(printed(&chartroom(work).args(sample).output().expect("it starts")).2, 0);
    let sheet = std::fs::read_to_string(work.join("sheet.csv")).expect("a sheet");
    let (heading, first) = sheet.split_once('\n').expect("a heading");
    let verdict = heading.split(',').position(|name| name == "verdict").expect("a column");
    let rows = lines(|_| {
        let mut cells: Vec<&str> = first.lines().next().expect("a row").split(',').collect();
        cells[verdict] = "perhaps";
        cells.join(",")
    });
    write(work, "many.csv", &format!("{heading}\n{rows}"));
    told(work, &["audit", "score", "many.csv"], 65, MANY - 100);
    for number in 0..MANY {
        std::fs::write(folder.join(format!("data/extra-{number}.csv")), "x").expect("written");
    }
    // The size in bag-info.txt, and two more that follow from the extra files, are faults too.
    told(work, &["verify", name], 1, MANY + 3 - 100);
}

#[test]
fn what_stands_in_the_way_is_told_with_what_to_do() {
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    site(work, "");
    assert!(std::process::Command::new("mkfifo").arg(work.join("pipe")).status().expect("mkfifo").success());
    for arguments in [&["run", "many.toml", "--state", "pipe"][..], &["init", "pipe"], &["init", "stays.csv"]] {
        let (out, errors, code) = printed(&chartroom(work).args(arguments).output().expect("it starts"));
        assert_eq!((out.as_str(), code), ("", 74), "{errors}");
        assert!(
            ["move it away", "name another", "name a folder"].iter().any(|words| errors.contains(words)),
            "{arguments:?}: {errors}"
        );
    }
}

#[test]
fn a_calendar_without_a_day_is_none_and_an_empty_one_is() {
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    site(work, "expect = \"working_days\"\nholidays = \"holidays.csv\"\n");
    for (text, code) in [
        ("junk\n", 2),
        ("\0\0\0\0", 2),
        ("day,name\n", 2),
        ("day,name\nChristmas\n", 2),
        ("", 0),
        ("# none this year\n", 0),
        ("day,name\n2020-12-25,Christmas Day\n", 0),
        ("2020-12-25\n", 0),
    ] {
        write(work, "holidays.csv", text);
        let (out, errors, found) = printed(&chartroom(work).args(["check", "many.toml"]).output().expect("it starts"));
        assert_eq!(found, code, "{text:?}: {out}{errors}");
        assert!(code == 0 || errors.contains("no calendar of holidays"), "{text:?}: {errors}");
    }
}

#[test]
fn a_file_that_is_not_used_is_no_new_one() {
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    site(work, "");
    let run = |day: &str| {
        let arguments = ["run", "many.toml", "--as-of", day, "--state", "state"];
        printed(&chartroom(work).args(arguments).output().expect("it starts"))
    };
    assert_eq!(run("2020-04-01").2, 0);
    std::os::unix::fs::symlink("gone/stays.csv", work.join("stays-2.csv")).expect("linked");
    let (account, errors, code) = run("2020-04-02");
    assert_eq!(code, 65, "{account}{errors}");
    assert!(account.contains("not used: ") && !account.contains("1 new"), "{account}");
}
