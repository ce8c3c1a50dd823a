//! A run that ends with 65 says on standard error which input could not be used, why, and what to do: whatever the way, and also where it is to be quiet.

use std::{io::Write as _, path::Path};

use crate::command::{chartroom, printed, results};

const STAYS: &str =
    "title = \"Stays\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"ID\"\npatient_id = \"PAT\"\n";
const PATIENTS: &str = "title = \"Patients\"\ntable = \"patients\"\n[columns]\npatient_id = \"PAT\"\nsex = \"SEX\"\n";
const CENSUS: &str =
    "title = \"Census\"\ntable = \"census\"\n[columns]\ncensus_date = \"DAY\"\ncensus_discharges = \"LEFT\"\n";

const GOOD: &str = "ID,PAT\nE1,P1\n";
/// Of no row of it there are as many cells as its heading has names.
const UNREADABLE: &str = "ID,PAT\nE1,P1,F\nE2,P2,F\n";

fn write(work: &Path, name: &str, content: &[u8]) {
    std::fs::write(work.join(name), content).expect("written");
}

/// A folder that holds members.
fn zip(members: &[(&str, &str)]) -> Vec<u8> {
    let mut folder = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in members {
        folder.start_file(*name, zip::write::SimpleFileOptions::default()).expect("begun");
        folder.write_all(text.as_bytes()).expect("written");
    }
    folder.finish().expect("finished").into_inner()
}

/// Files of a night, what is said beside the names of those that cannot be used, and those names.
type Way = (&'static str, Vec<(&'static str, Vec<u8>)>, &'static [(&'static str, &'static str)]);

fn ways() -> Vec<Way> {
    let text = |text: &str| text.as_bytes().to_vec();
    let good = || ("stays-1.csv", text(GOOD));
    vec![
        ("no table", vec![good(), ("stays-2.csv", text("%PDF-1.7 \0"))], &[("stays-2.csv", "PDF")]),
        ("empty", vec![good(), ("stays-2.csv", text(""))], &[("stays-2.csv", "is empty; ask for the export again")]),
        (
            "no heading",
            vec![good(), ("stays-2.csv", text("E7,P7\nE8,P8\n"))],
            &[("stays-2.csv", "does not fit its layout")],
        ),
        (
            "every row quarantined",
            vec![good(), ("stays-2.csv", text(UNREADABLE))],
            &[(
                "stays-2.csv",
                "no row can be read: 2 of 2; the first: the row has more fields than the heading; quarantine.csv has each row with its reason",
            )],
        ),
        (
            "every row of the only input quarantined",
            vec![("stays-1.csv", text(UNREADABLE))],
            &[("stays-1.csv", "no row can be read: 2 of 2; the first: the row has more fields than the heading")],
        ),
        (
            "two, of two kinds",
            vec![good(), ("stays-2.csv", text(UNREADABLE)), ("stays-3.csv", text(""))],
            &[("stays-2.csv", "no row can be read"), ("stays-3.csv", "is empty")],
        ),
        ("none usable", vec![("stays-1.csv", text(""))], &[("stays-1.csv", "is empty")]),
        (
            "patients",
            vec![good(), ("patients.csv", text("PAT,SEX\nP1\n"))],
            &[("patients.csv", "no row can be read: 1 of 1")],
        ),
        ("a register", vec![good(), ("census.csv", text("DAY,LEFT\n"))], &[]),
        (
            "a register without its columns",
            vec![good(), ("census.csv", text("A,B\n1,2\n"))],
            &[("census.csv", "does not fit")],
        ),
        (
            "a member of a folder",
            vec![("stays-1.zip", zip(&[("a.csv", GOOD), ("b.csv", UNREADABLE)]))],
            &[("b.csv", "no row can be read: 2 of 2")],
        ),
        (
            "a damaged folder",
            vec![good(), ("stays-2.zip", zip(&[("a.csv", GOOD)])[..60].to_vec())],
            &[("stays-2.zip", "damaged")],
        ),
    ]
}

#[test]
fn whatever_makes_a_run_end_with_65_is_said_with_its_input_its_reason_and_what_to_do() {
    let pipeline = "title = \"Night\"\n[[ingest]]\nname = \"stays\"\nfiles = \"stays-*\"\nlayout = \"stays.toml\"\n\
        [[ingest]]\nname = \"patients\"\nfiles = \"patients.csv\"\nlayout = \"patients.toml\"\nrequired = false\n\
        [[ingest]]\nname = \"census\"\nfiles = \"census.csv\"\nlayout = \"census.toml\"\nrequired = false\n";
    for (name, files, told) in ways() {
        for quiet in [false, true] {
            let work = tempfile::tempdir().expect("a folder");
            for (name, text) in [
                ("pipeline.toml", pipeline),
                ("stays.toml", STAYS),
                ("patients.toml", PATIENTS),
                ("census.toml", CENSUS),
            ] {
                write(work.path(), name, text.as_bytes());
            }
            files.iter().for_each(|(name, content)| write(work.path(), name, content));
            let mut arguments = vec!["run", "pipeline.toml", "--as-of", "2026-11-01"];
            arguments.extend(quiet.then_some("--quiet"));
            let output = chartroom(work.path()).args(arguments).output().expect("it starts");
            let (account, errors, code) = printed(&output);
            if told.is_empty() {
                assert_eq!((code, errors.as_str()), (0, ""), "{name}");
                continue;
            }
            assert_eq!(code, 65, "{name}: {errors}");
            assert!(!quiet || account.is_empty(), "{name}: {account}");
            for (input, why) in told {
                let lines: Vec<&str> =
                    errors.lines().filter(|line| line.contains(input) && line.contains(why)).collect();
                assert_eq!(lines.len(), 1, "{name}: {input} {why} is not said once in\n{errors}");
            }
            assert_eq!(errors.matches("run again").count(), 1, "{name}: what to do is not said once in\n{errors}");
            // The account of what was published has the same reasons.
            let out = work.path().join("out");
            if out.exists() && name != "none usable" {
                let reasons = results(&out)["unusable_inputs"].clone();
                let reasons: Vec<&str> =
                    reasons.as_array().expect("reasons").iter().map(|line| line.as_str().expect("a line")).collect();
                for line in &reasons {
                    assert!(errors.contains(line), "{name}: {line} is not said in\n{errors}");
                }
                for (input, why) in told {
                    assert!(
                        reasons.iter().any(|line| line.contains(input) && line.contains(why)),
                        "{name}: {reasons:?}"
                    );
                }
            }
        }
    }
}
