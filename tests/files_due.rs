//! Files that are due, files that come late or never, and what the exit code says of them.

use std::path::Path;

use crate::{
    command::{chartroom, printed},
    publication::{FIRST, HEADING, export, latest, night, site, worklist},
};

/// A site of two feeds: visits, and diagnoses of which `more` says when a file is due.
pub fn two_feeds(top: &str, more: &str) -> tempfile::TempDir {
    let work = site(top);
    let path = work.path().join("site/nightly.toml");
    let pipeline = std::fs::read_to_string(&path).expect("read");
    let feed = "[[ingest]]\nname = \"diagnoses\"\nfiles = \"inbox/diagnoses*.csv\"\nlayout = \"diagnoses.toml\"\n";
    std::fs::write(&path, format!("{pipeline}\n{feed}{more}\n")).expect("written");
    let layout = "title = \"Diagnoses\"\ntable = \"diagnoses\"\n[columns]\nencounter_id = \"visit\"\ndiagnosis_code = \"code\"\n";
    std::fs::write(work.path().join("site/diagnoses.toml"), layout).expect("written");
    work
}

pub fn diagnoses(work: &Path, name: &str, code: &str) {
    let text = format!("visit,code\n1,{code}\n");
    std::fs::write(work.join("site/inbox").join(name), text).expect("written");
}

/// Values of the findings of a rule in a sealed folder.
fn found(folder: &Path, rule: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_path(folder.join("data/findings.csv")).expect("findings");
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    rows.iter().filter(|row| &row[0] == rule).map(|row| row[5].to_owned()).collect()
}

#[test]
fn an_empty_inbox_is_nothing_new_and_a_folder_that_is_not_there_is_74() {
    let work = site("state = \"state\"");
    let (account, errors, code) = night(work.path(), "2020-03-10", &[]);
    assert_eq!((errors.as_str(), code), ("", 0));
    assert_eq!(account, "Nightly, as of 2020-03-10: nothing new; no file matches site/inbox/visits*.csv\n");
    assert!(!work.path().join("site/out").exists());
    // A stranger to the pattern changes nothing; what is nearly the name does: it is written wrongly, in one place or the other.
    std::fs::write(work.path().join("site/inbox/menu.pdf"), "soup").expect("written");
    assert_eq!(night(work.path(), "2020-03-10", &[]).2, 0);
    std::fs::write(work.path().join("site/inbox/vistis.csv"), HEADING).expect("written");
    assert_eq!(night(work.path(), "2020-03-10", &[]).2, 2, "two letters changed places");
    std::fs::remove_file(work.path().join("site/inbox/vistis.csv")).expect("removed");
    let (checked, _, code) =
        printed(&chartroom(work.path()).args(["check", "site/nightly.toml"]).output().expect("starts"));
    assert_eq!(code, 0);
    assert!(checked.contains("no file matches site/inbox/visits*.csv\n"), "{checked}");
    std::fs::rename(work.path().join("site/inbox"), work.path().join("site/inbox-of-old")).expect("renamed");
    for command in ["run", "check"] {
        let output = chartroom(work.path()).args([command, "site/nightly.toml"]).output().expect("starts");
        let (_, errors, code) = printed(&output);
        assert_eq!(code, 74, "{command}: {errors}");
        assert!(errors.starts_with("error: there is no folder site/inbox"), "{errors}");
        assert!(errors.contains("mount it where it is a share"), "{errors}");
    }
}

#[test]
fn a_pattern_written_wrongly_is_2_and_tells_what_was_meant() {
    let work = two_feeds("", "required = false");
    export(work.path(), &[7]);
    let path = work.path().join("site/nightly.toml");
    let pipeline = std::fs::read_to_string(&path).expect("read").replace("required = false", "");
    std::fs::write(&path, pipeline.replace("inbox/diagnoses*", "inbox/diagnosis*")).expect("written");
    diagnoses(work.path(), "diagnoses-2020-03-10.csv", "I10");
    let (_, errors, code) = night(work.path(), "2020-03-10", &[]);
    assert_eq!(code, 2, "{errors}");
    assert!(errors.contains("did you mean `diagnoses-2020-03-10.csv`?"), "{errors}");
}

#[test]
fn what_came_is_published_and_a_file_that_is_due_is_a_finding_and_66() {
    for (more, due) in [
        ("", "a file is due when others come, and none came"),
        ("required = true", "a file is due in every run, and none came"),
        ("expect = \"daily\"", "a new file is due every day, and none came"),
        ("expect = 2", "2 new files are due in every run, and 0 came"),
    ] {
        let work = two_feeds("", more);
        export(work.path(), &[7]);
        let (account, errors, code) = night(work.path(), "2020-03-10", &[]);
        assert_eq!(code, 66, "{more}: {errors}");
        assert!(errors.contains(due), "{more}: {errors}");
        assert!(account.contains(&format!("missing: diagnoses: {due}")), "{more}: {account}");
        let folder = work.path().join("site/out").join(FIRST);
        assert_eq!(found(&folder, "FIL040"), [due], "{more}");
        assert_eq!(found(&folder, "FIL007"), Vec::<String>::new(), "{more}");
        assert_eq!(crate::command::results(&work.path().join("site/out"))["totals"]["files"], 1);
        // The file comes later in the day: beside it, whole, and the newest.
        for (name, code) in [("diagnoses-a.csv", "I10"), ("diagnoses-b.csv", "I11.9")] {
            diagnoses(work.path(), name, code);
        }
        assert_eq!(night(work.path(), "2020-03-10", &[]).2, 0, "{more}");
        assert_eq!(latest(work.path()), format!("{FIRST}-2"));
    }
    let work = two_feeds("", "required = false");
    export(work.path(), &[7]);
    let (_, errors, code) = night(work.path(), "2020-03-10", &[]);
    assert_eq!((errors.as_str(), code), ("", 0));
}

#[test]
fn a_file_is_new_where_no_earlier_night_has_taken_it_and_a_rerun_says_the_same() {
    let work = two_feeds("state = \"state\"", "expect = \"daily\"");
    export(work.path(), &[7]);
    diagnoses(work.path(), "diagnoses-1.csv", "I10");
    assert_eq!(night(work.path(), "2020-03-10", &[]).2, 0);
    assert_eq!(night(work.path(), "2020-03-10", &[]).2, 0, "again on the same day");
    let (account, errors, code) = night(work.path(), "2020-03-11", &[]);
    assert_eq!(code, 66, "{errors}");
    assert!(
        account.contains("a new file is due every day, and none came; those that match were taken before"),
        "{account}"
    );
    diagnoses(work.path(), "diagnoses-1.csv", "I11.9");
    assert_eq!(night(work.path(), "2020-03-12", &[]).2, 0, "the same name with other bytes is new");
    diagnoses(work.path(), "diagnoses-2.csv", "I12.9");
    assert_eq!(night(work.path(), "2020-03-13", &[]).2, 0);
}

#[test]
fn no_file_is_due_on_a_day_off() {
    let work = two_feeds("", "expect = \"working_days\"\nholidays = \"holidays.csv\"\ndue_after_days = 1");
    std::fs::write(work.path().join("site/holidays.csv"), "day,name\n# Federal\n2020-05-25,Memorial Day\n")
        .expect("written");
    export(work.path(), &[7]);
    // 2020-05-23 is a Saturday; in its night Friday's file is due, in Monday's none, in Tuesday's that of Memorial Day.
    let nights = ["2020-05-23", "2020-05-24", "2020-05-25", "2020-05-26", "2020-05-27"];
    assert_eq!(nights.map(|day| night(work.path(), day, &[]).2), [66, 0, 0, 0, 66]);
    std::fs::write(work.path().join("site/holidays.csv"), "day\n2020-05-25\nMemorial Day\n").expect("written");
    let (_, errors, code) = night(work.path(), "2020-05-26", &[]);
    assert_eq!(code, 2);
    assert!(errors.contains("holidays.csv:3:1") && errors.contains("does not begin with a day"), "{errors}");
}

#[test]
fn where_nothing_came_at_all_nothing_is_published_and_the_worklists_stay() {
    let work = two_feeds("", "expect = \"daily\"");
    let (account, errors, code) = night(work.path(), "2020-03-10", &[]);
    assert_eq!((account.as_str(), code), ("", 66));
    let expected = "error: diagnoses: a new file is due every day, and nothing matches site/inbox/diagnoses*.csv\n\
        error: nothing came, so nothing was published\n";
    assert_eq!(errors, expected);
    assert!(!work.path().join("site/out").exists());
    // A night that lacks a feed makes no worklist shorter.
    export(work.path(), &[7, 8]);
    diagnoses(work.path(), "diagnoses-1.csv", "I10");
    assert_eq!(night(work.path(), "2020-03-11", &[]).2, 0);
    std::fs::remove_file(work.path().join("site/inbox/diagnoses-1.csv")).expect("removed");
    export(work.path(), &[]);
    let (account, _, code) = night(work.path(), "2020-03-12", &[]);
    assert_eq!(code, 66);
    assert!(account.contains("left as they were, because something is missing from this run"), "{account}");
    assert_eq!(worklist(&work.path().join("site/out/worklists/nightly")).lines().count(), 3);
}

#[test]
fn the_heaviest_of_several_exit_codes_is_told() {
    let work = two_feeds("fail_on = \"info\"", "expect = \"daily\"");
    export(work.path(), &[7]);
    assert_eq!(night(work.path(), "2020-03-10", &[]).2, 66, "before 1");
    std::fs::write(work.path().join("site/inbox/visits-2.csv"), b"%PDF-1.7 \x00\x01").expect("written");
    assert_eq!(night(work.path(), "2020-03-11", &[]).2, 65, "before 66");
    // Something has the name of the link: nothing could lead to the output, and it is not made.
    std::fs::remove_file(work.path().join("site/out/nightly-latest")).expect("removed");
    std::fs::create_dir(work.path().join("site/out/nightly-latest")).expect("made");
    let (_, errors, code) = night(work.path(), "2020-03-12", &[]);
    assert_eq!(code, 74, "before 65");
    assert!(errors.starts_with("error: site/out/nightly-latest is not this program's; move it away"), "{errors}");
    assert!(!work.path().join("site/out/nightly-as-of-2020-03-12").exists());
    std::fs::remove_dir(work.path().join("site/out/nightly-latest")).expect("removed");
    std::fs::remove_dir_all(work.path().join("site/inbox")).expect("removed");
    assert_eq!(night(work.path(), "2020-03-13", &[]).2, 74);
    for code in ["0", "1", "2", "65", "66", "70", "74", "75", "130"] {
        let page = chartroom::docs::page("exit-codes").expect("a page").text();
        assert!(page.contains(&format!("\n| {code} |")) || page.contains(&format!("\n| {code}, ")), "{code}");
    }
}
