//! What a person does with a state folder: looks it through, copies it, puts it back, writes it out, and asks of its history.

use std::{fs, path::Path};

use crate::{
    catalogue::{dump, edit},
    command::{chartroom, printed},
    night_site,
};

const NIGHT: &str = r#"
title = "Night"
state = "state"
[store]
[[ingest]]
name = "discharges"
files = "inbox/discharges-*.csv"
layout = "discharges.toml"
delivery = "changes"
[[ingest]]
name = "diagnoses"
files = "inbox/diagnoses-*.csv"
layout = "diagnoses.toml"
delivery = "changes"
required = false
[statistics]
format = "text"
"#;
const DISCHARGES: &str = r#"
title = "Discharges"
table = "encounters"
[columns]
encounter_id = "STAY"
facility_id = "FACILITY"
sex = "SEX"
service = "SERVICE"
discharge_date = { column = "DISCHARGED", formats = ["%Y-%m-%d"] }
"#;
const STATE: &str = "state/catalogue.sqlite";

fn run(work: &Path, arguments: &[&str]) -> (String, String, i32) {
    printed(&chartroom(work).args(arguments).output().expect("the program starts"))
}

/// A site, and the night of a day with the file that comes on it.
fn site() -> tempfile::TempDir {
    let work = tempfile::tempdir().expect("a folder");
    night_site::make(work.path(), NIGHT, DISCHARGES);
    work
}

fn comes(work: &Path, name: &str, rows: &str) {
    let heading =
        if name.starts_with("diagnoses") { "STAY,POSITION,CODE\n" } else { "STAY,FACILITY,SEX,SERVICE,DISCHARGED\n" };
    fs::write(work.join("inbox").join(name), format!("{heading}{rows}")).expect("written");
}

fn night(work: &Path, day: &str) -> String {
    let (account, errors, code) = run(work, &["run", "night.toml", "--as-of", day]);
    assert_eq!((errors.as_str(), code), ("", 0), "{account}");
    account
}

fn results(work: &Path, day: &str) -> serde_json::Value {
    let path = work.join(format!("out/night-as-of-{day}/data/run_results.json"));
    serde_json::from_str(&fs::read_to_string(path).expect("results")).expect("json")
}

#[test]
fn a_backup_is_put_back_and_what_was_there_stays() {
    let work = site();
    comes(work.path(), "discharges-2026-10-01.csv", "S1,0042,F,MED,2026-09-30\nS2,0042,M,MED,2026-09-30\n");
    night(work.path(), "2026-10-01");
    let (text, errors, code) = run(work.path(), &["state", "check", "night.toml"]);
    assert!(code == 0 && text.contains("state: sound") && text.contains("inputs kept"), "{text}{errors}");
    let first = dump(&work.path().join(STATE));
    let (text, errors, code) = run(work.path(), &["state", "backup", "night.toml", "--to", "backup"]);
    assert_eq!((errors.as_str(), code), ("", 0), "{text}");
    // It is not written over.
    let (_, errors, code) = run(work.path(), &["state", "backup", "night.toml", "--to", "backup"]);
    assert!(code == 74 && errors.contains("backup: something lies in it already. Name a new folder"), "{errors}");
    comes(work.path(), "discharges-2026-10-02.csv", "S3,0042,F,MED,2026-10-01\n");
    night(work.path(), "2026-10-02");
    assert_eq!(results(work.path(), "2026-10-02")["encounters"]["examined"], 3);
    let (text, errors, code) = run(work.path(), &["state", "restore", "night.toml", "--from", "backup"]);
    assert_eq!((errors.as_str(), code), ("", 0), "{text}");
    assert!(text.contains("state/catalogue-before-restore-1.sqlite"), "{text}");
    let restored = dump(&work.path().join(STATE));
    let without_log =
        |dump: &str| dump.lines().filter(|line| !line.starts_with("audit_")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(without_log(&restored), without_log(&first));
    assert!(restored.contains("\"kind\":\"restore\""), "{restored}");
    // What the second night took is set aside, and its file is taken again.
    let segments: Vec<String> = fs::read_dir(work.path().join("state/segments"))
        .expect("segments")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert!(segments.iter().any(|name| name == "before-restore-1-000002.parquet"), "{segments:?}");
    let account = night(work.path(), "2026-10-03");
    assert!(account.contains("the state remembers no run of out/night-as-of-2026-10-02"), "{account}");
    assert_eq!(results(work.path(), "2026-10-03")["encounters"]["examined"], 3);
    assert_eq!(run(work.path(), &["state", "check", "state"]).2, 0);
    // A backup that was harmed is not put back.
    edit(&work.path().join("backup/catalogue.sqlite"), "DELETE FROM kept_input");
    let before = dump(&work.path().join(STATE));
    let (_, errors, code) = run(work.path(), &["state", "restore", "night.toml", "--from", "backup"]);
    assert!(code == 74 && errors.contains("it is not what the last run left"), "{errors}");
    assert_eq!(dump(&work.path().join(STATE)), before);
}

#[test]
fn a_segment_that_is_gone_or_was_changed_is_told_and_nothing_is_published_without_it() {
    let work = site();
    comes(work.path(), "discharges-2026-10-01.csv", "S1,0042,F,MED,2026-09-30\n");
    night(work.path(), "2026-10-01");
    type Harm = fn(&Path, &[u8]);
    let harms: [(&str, Harm); 3] = [
        ("changed", |path, sound| {
            let mut octets = sound.to_vec();
            let middle = octets.len() / 2;
            octets[middle] ^= 0x10;
            fs::write(path, octets).expect("written");
        }),
        ("cut", |path, sound| fs::write(path, &sound[..sound.len() / 2]).expect("written")),
        ("gone", |path, _| fs::remove_file(path).expect("removed")),
    ];
    // A night that examines everything reads every segment. What can be made anew from them stops no run: see counted_months.
    let (command, file) = ("reexamine", "000001.parquet");
    for (what, harm) in harms {
        let segment = work.path().join("state/segments").join(file);
        let sound = fs::read(&segment).expect("a segment");
        harm(&segment, &sound);
        let (account, errors, code) = run(work.path(), &[command, "night.toml", "--as-of", "2026-10-02"]);
        assert_eq!((account.as_str(), code), ("", 74), "{file} {what}: {errors}");
        assert!(errors.contains(&format!("state/segments/{file}")), "{file} {what}: {errors}");
        let (_, errors, code) = run(work.path(), &["state", "check", "night.toml"]);
        assert!(code == 1 && errors.contains(file), "{file} {what}: {code} {errors}");
        assert!(!work.path().join("out/night-as-of-2026-10-02").exists());
        fs::write(&segment, &sound).expect("put back");
    }
    // What a killed run left is swept; what is somebody's stays.
    for name in ["000009.parquet", "letter.txt"] {
        fs::write(work.path().join("state/segments").join(name), "x").expect("written");
    }
    let (text, _, code) = run(work.path(), &["state", "check", "night.toml"]);
    assert!(code == 0 && text.contains("segments/000009.parquet, segments/letter.txt"), "{text}");
    let (text, _, code) = run(work.path(), &["state", "sweep", "night.toml"]);
    assert!(code == 0 && text.contains("000009.parquet") && !text.contains("letter"), "{text}");
    assert!(work.path().join("state/segments/letter.txt").exists());
    let (text, _, code) = run(work.path(), &["state", "export", "night.toml", "--to", "lists"]);
    assert!(code == 0 && text.contains("inputs_kept.csv"), "{text}");
    let kept = fs::read_to_string(work.path().join("lists/inputs_kept.csv")).expect("a list");
    assert!(kept.contains(",inbox/discharges-2026-10-01.csv,"), "{kept}");
}

#[test]
fn the_history_of_a_record_has_every_version_and_diagnoses_may_come_on_another_night() {
    let work = site();
    comes(work.path(), "discharges-2026-10-01.csv", "S1,0042,F,MED,2026-09-30\nS2,0042,F,MED,2026-09-30\n");
    night(work.path(), "2026-10-01");
    fs::remove_file(work.path().join("inbox/discharges-2026-10-01.csv")).expect("taken away");
    comes(work.path(), "discharges-2026-10-02.csv", "S1,0042,F,SUR,2026-09-30\nS2,0042,F,MED,2026-09-30\n");
    comes(work.path(), "diagnoses-2026-10-02.csv", "S1,1,I21.4\n");
    let account = night(work.path(), "2026-10-02");
    assert!(account.contains("2 new; from the store: 1 file of earlier nights"), "{account}");
    let figures = results(work.path(), "2026-10-02");
    assert_eq!((&figures["encounters"]["examined"], &figures["encounters"]["diagnoses"]), (&2.into(), &1.into()));
    assert_eq!(figures["encounters"]["superseded"], 1);
    let (text, errors, code) = run(work.path(), &["history", "night.toml", "S1"]);
    assert_eq!((errors.as_str(), code), ("", 0));
    let lines: Vec<String> = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        lines,
        [
            "table facility taken file and row what became of it",
            "encounters 0042 2026-10-01 discharges-2026-10-01.csv row 2 superseded; differs in service",
            "encounters 0042 2026-10-02 discharges-2026-10-02.csv row 2 stands",
            "diagnoses 2026-10-02 diagnoses-2026-10-02.csv row 2 stands",
        ],
        "{text}"
    );
    // The second stay came once more as it was.
    let (text, _, _) = run(work.path(), &["history", "night.toml", "S2"]);
    assert!(text.contains("repeats discharges-2026-10-01.csv row 3") && !text.contains("superseded"), "{text}");
    // Another layout reads what is kept: of the same column another field, and fields in another order.
    let layout = DISCHARGES.replace("facility_id = \"FACILITY\"\n", "").replace("service = ", "facility_id = ");
    fs::write(work.path().join("discharges.toml"), layout).expect("written");
    night(work.path(), "2026-10-03");
    // The two versions of the first stay are of two wards, and one number at two facilities may be two stays.
    assert_eq!(results(work.path(), "2026-10-03")["encounters"]["examined"], 3);
    let sources =
        fs::read_to_string(work.path().join("out/night-as-of-2026-10-03/data/findings.csv")).expect("findings");
    assert!(sources.contains("FLD013,error,S2,") && sources.contains(",MED,k"), "the facility is the ward: {sources}");
}

#[test]
fn a_head_that_a_run_sheet_prints_is_found_in_the_log_and_a_log_that_was_cut_is_not() {
    let work = site();
    for (day, rows) in [
        ("2026-10-01", "S1,0042,F,MED,2026-09-30\n"),
        ("2026-10-02", "S2,0042,F,MED,2026-10-01\n"),
        ("2026-10-03", "S3,0042,F,MED,2026-10-02\n"),
    ] {
        comes(work.path(), &format!("discharges-{day}.csv"), rows);
        night(work.path(), day);
    }
    let head = |day: &str| results(work.path(), day)["audit_log"]["sha256"].as_str().expect("a head").to_owned();
    assert_eq!(head("2026-10-01"), "0".repeat(64), "before the first night there is no entry");
    let sheet = fs::read_to_string(work.path().join("out/night-as-of-2026-10-03/data/statistics.txt")).expect("a text");
    assert!(sheet.contains(&head("2026-10-03")), "the run sheet prints it");
    for day in ["2026-10-01", "2026-10-02", "2026-10-03"] {
        let (text, errors, code) = run(work.path(), &["audit-log", "verify", "night.toml", "--head", &head(day)]);
        assert_eq!((errors.as_str(), code), ("", 0), "{text}");
    }
    // The end is cut, and the head with it, and everything that the last night remembered: what is left is sound in itself.
    let copy = work.path().join("copy");
    fs::create_dir(&copy).expect("made");
    fs::copy(work.path().join(STATE), copy.join("catalogue.sqlite")).expect("copied");
    edit(
        &copy.join("catalogue.sqlite"),
        "DELETE FROM audit_entry WHERE number > 1; UPDATE audit_head SET number = 1, sha256 = (SELECT sha256 FROM audit_entry)",
    );
    assert_eq!(run(work.path(), &["audit-log", "verify", "copy"]).2, 0);
    let (_, errors, code) = run(work.path(), &["audit-log", "verify", "copy", "--head", &head("2026-10-03")]);
    assert!(code == 1 && errors.contains("NOT VALID: no entry has the head"), "{code} {errors}");
    let (text, _, code) = run(work.path(), &["audit-log", "list", "night.toml"]);
    assert!(code == 0 && text.lines().count() == 3 && text.contains("\"business_date\":\"2026-10-02\""), "{text}");
}

/// A night that is run again says what it said, although its file is kept by now: rows that could not be read, and what was told of the file.
#[test]
fn a_night_that_is_run_again_leaves_the_same_bytes_with_or_without_its_files() {
    let work = site();
    comes(
        work.path(),
        "discharges-2026-10-01.csv",
        "S1,0042,F,MED,2026-09-30\nS2,0042\nS3,0042,F,MED,2026-09-30\nS3,0042,F,MED,2026-09-30\n",
    );
    night(work.path(), "2026-10-01");
    comes(work.path(), "discharges-2026-10-02.csv", "S1,0042,F,SUR,2026-09-30\nS4,0042,=1,,x\nS5\n\"S6\n");
    comes(
        work.path(),
        "discharges-again-2026-10-02.csv",
        "S1,0042,F,MED,2026-09-30\nS2,0042\nS3,0042,F,MED,2026-09-30\nS3,0042,F,MED,2026-09-30\n",
    );
    let first = night(work.path(), "2026-10-02");
    assert!(first.contains("quarantined 4") || first.contains("quarantined 5"), "{first}");
    let state = dump(&work.path().join(STATE));
    for empties in [false, true] {
        if empties {
            for entry in fs::read_dir(work.path().join("inbox")).expect("an inbox") {
                fs::remove_file(entry.expect("an entry").path()).expect("taken away");
            }
        }
        let account = night(work.path(), "2026-10-02");
        assert!(account.contains("the same as what lies in out/night-as-of-2026-10-02; nothing to do"), "{account}");
        assert_eq!(dump(&work.path().join(STATE)), state, "nothing is remembered twice");
    }
    // On the next day none of it is told once more.
    night(work.path(), "2026-10-03");
    let quarantine = work.path().join("out/night-as-of-2026-10-03/data/quarantine.csv");
    assert_eq!(fs::read_to_string(quarantine).expect("a list").lines().count(), 1);
    // Nor for another period.
    let (_, errors, code) = run(work.path(), &["run", "night.toml", "--as-of", "2026-10-04", "--period", "2026-08"]);
    assert_eq!((errors.as_str(), code), ("", 0));
    let found =
        fs::read_to_string(work.path().join("out/night-2026-08-as-of-2026-10-04/data/findings.csv")).expect("findings");
    // The file that was sent again is still one; no other has become one.
    assert_eq!(found.matches("FIL003,").count(), 1, "{found}");
}

/// A file of which no row could be read is told once, and read again: its layout may have been corrected.
#[test]
fn a_file_that_did_not_fit_its_layout_is_taken_when_the_layout_fits() {
    let work = site();
    comes(work.path(), "discharges-2026-10-01.csv", "S1,0042,F,MED,2026-09-30\n");
    night(work.path(), "2026-10-01");
    fs::write(work.path().join("inbox/discharges-2026-10-02.csv"), "ABODE,WARD\nS7,X\n").expect("written");
    assert_eq!(run(work.path(), &["run", "night.toml", "--as-of", "2026-10-02"]).2, 65);
    comes(work.path(), "discharges-2026-10-02.csv", "S7\nS8\n");
    assert_eq!(run(work.path(), &["run", "night.toml", "--as-of", "2026-10-03"]).2, 65);
    fs::remove_file(work.path().join("inbox/discharges-2026-10-02.csv")).expect("taken away");
    night(work.path(), "2026-10-04");
    comes(work.path(), "discharges-2026-10-02.csv", "S7,0042,F,MED,2026-10-01\n");
    night(work.path(), "2026-10-05");
    assert_eq!(results(work.path(), "2026-10-05")["encounters"]["examined"], 2);
}

/// A zip folder of which a part cannot be used: rows keep their own input, and the part is read when its layout fits.
#[test]
fn the_parts_of_a_folder_keep_their_rows_and_one_that_could_not_be_used_is_read_when_it_can_be() {
    let work = site();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [
        ("a.csv", "NUMBER,FACILITY,SEX,SERVICE,DISCHARGED\nS9,0042,F,MED,2026-09-30\n"),
        ("b.csv", "STAY,FACILITY,SEX,SERVICE,DISCHARGED\nS1,0042,F,MED,2026-09-30\nS2,0042,F,MED,2026-09-30\n"),
        ("c.csv", "STAY,FACILITY,SEX,SERVICE,DISCHARGED\nS3,0042,F,MED,2026-09-30\n"),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("begun");
        std::io::Write::write_all(&mut zip, text.as_bytes()).expect("written");
    }
    let octets = zip.finish().expect("finished").into_inner();
    fs::write(work.path().join("night.toml"), NIGHT.replace("discharges-*.csv", "discharges-*")).expect("written");
    fs::write(work.path().join("inbox/discharges-2026-10-01.zip"), octets).expect("written");
    assert_eq!(run(work.path(), &["run", "night.toml", "--as-of", "2026-10-01"]).2, 65);
    // On the next night nothing is new, and what was told is not told once more.
    night(work.path(), "2026-10-02");
    assert_eq!(results(work.path(), "2026-10-02")["encounters"]["examined"], 3);
    let (text, _, _) = run(work.path(), &["history", "night.toml", "S2"]);
    assert!(text.contains("[b.csv] row 3"), "{text}");
    assert_eq!(run(work.path(), &["state", "compact", "night.toml"]).2, 0);
    let layout = DISCHARGES.replace("encounter_id = \"STAY\"", "encounter_id = [\"STAY\", \"NUMBER\"]");
    fs::write(work.path().join("discharges.toml"), layout).expect("written");
    let (_, errors, code) = run(work.path(), &["run", "night.toml", "--as-of", "2026-10-03"]);
    assert!(
        code == 2 && errors.contains("the rows of `discharges` were kept by: number in STAY;"),
        "the number decides: {errors}"
    );
    // Another name of another column may be added.
    let layout = DISCHARGES.replace("sex = \"SEX\"", "sex = [\"SEX\", \"GENDER\"]");
    fs::write(work.path().join("discharges.toml"), layout).expect("written");
    assert_eq!(run(work.path(), &["run", "night.toml", "--as-of", "2026-10-03"]).2, 65, "it is tried again");
    assert_eq!(results(work.path(), "2026-10-03")["encounters"]["examined"], 3);
}

/// A file without a date in its name that is written over night after night, and one that goes back to what it was.
#[test]
fn a_file_that_is_written_over_is_the_newest_and_a_register_of_one_name_has_no_old_rows() {
    let work = site();
    let full = NIGHT
        .replacen("delivery = \"changes\"", "delivery = \"full\"", 1)
        .replace("discharges-*.csv", "discharges*.csv");
    fs::write(work.path().join("night.toml"), full).expect("written");
    let examined = |day: &str| {
        night(work.path(), day);
        results(work.path(), day)["encounters"]["examined"].as_u64().expect("a number")
    };
    let (one, two) = ("S1,0042,F,MED,2026-09-30\n", "S1,0042,F,MED,2026-09-30\nS2,0042,F,MED,2026-09-30\n");
    for (day, rows, expected) in
        [("2026-10-01", two, 2), ("2026-10-02", one, 1), ("2026-10-03", two, 2), ("2026-10-04", two, 2)]
    {
        comes(work.path(), "discharges.csv", rows);
        assert_eq!(examined(day), expected, "{day}");
    }
    // Two files of one name in two folders are two files.
    let work = site();
    for folder in ["north", "south"] {
        fs::create_dir_all(work.path().join(folder).join("inbox")).expect("made");
        let row = format!("STAY,FACILITY,SEX,SERVICE,DISCHARGED\n{folder},0042,F,MED,2026-09-30\n");
        fs::write(work.path().join(folder).join("inbox/discharges-2026-10-01.csv"), row).expect("written");
    }
    let full = NIGHT
        .replacen("delivery = \"changes\"", "delivery = \"full\"", 1)
        .replace("inbox/discharges", "*/inbox/discharges");
    fs::write(work.path().join("night.toml"), full).expect("written");
    night(work.path(), "2026-10-01");
    assert_eq!(results(work.path(), "2026-10-01")["encounters"]["examined"], 2);
}

/// A store that is gone, a feed that is no longer there, a title that is another: nothing of it passes without a word.
#[test]
fn records_that_a_run_would_be_without_are_told() {
    let work = site();
    comes(work.path(), "discharges-2026-10-01.csv", "S1,0042,F,MED,2026-09-30\n");
    comes(work.path(), "diagnoses-2026-10-01.csv", "S1,1,I21.4\n");
    night(work.path(), "2026-10-01");
    for name in ["discharges", "diagnoses"] {
        fs::remove_file(work.path().join(format!("inbox/{name}-2026-10-01.csv"))).expect("taken away");
    }
    // Documents or diagnoses alone are a night as any other.
    comes(work.path(), "diagnoses-2026-10-02.csv", "S1,1,I21.4\nS1,2,E11.9\n");
    night(work.path(), "2026-10-02");
    let without = NIGHT.split("[[ingest]]\nname = \"diagnoses\"").next().expect("the first feed").to_owned()
        + "[statistics]\nformat = \"text\"\n";
    fs::write(work.path().join("night.toml"), &without).expect("written");
    let account = night(work.path(), "2026-10-03");
    assert!(
        account.contains("the store keeps 3 rows of the feed `diagnoses`, which the pipeline no longer has"),
        "{account}"
    );
    fs::write(work.path().join("night.toml"), NIGHT.replace("\"Night\"", "\"Nights\"")).expect("written");
    comes(work.path(), "discharges-2026-10-04.csv", "S4,0042,F,MED,2026-10-03\n");
    let (account, _, code) = run(work.path(), &["run", "night.toml", "--as-of", "2026-10-04"]);
    assert!(code == 0 && account.contains("it has those of `Night`"), "{account}");
    fs::write(work.path().join("night.toml"), NIGHT).expect("written");
    fs::rename(work.path().join("state"), work.path().join("elsewhere")).expect("moved");
    for (command, expected) in [("run", 74), ("check", 74), ("doctor", 1)] {
        let (text, errors, code) = run(work.path(), &[command, "night.toml"]);
        assert!(
            code == expected && (text + &errors).contains("state: it keeps no records, and the run that left"),
            "{command}: {code}"
        );
    }
    fs::rename(work.path().join("elsewhere"), work.path().join("state")).expect("moved");
    night(work.path(), "2026-10-05");
}

#[test]
fn what_a_store_needs_is_asked_for() {
    let work = site();
    let check = |pipeline: &str| {
        fs::write(work.path().join("night.toml"), pipeline).expect("written");
        run(work.path(), &["check", "night.toml"])
    };
    for (pipeline, words) in [
        (NIGHT.replace("state = \"state\"\n", ""), "the store lies in the state folder, and none is named"),
        (
            NIGHT.replacen("delivery = \"changes\"\n", "", 1),
            "the records of `discharges` are kept, and nothing says how they are delivered",
        ),
        (NIGHT.replace("[store]\n", "from = \"store\"\n"), "the records come from the store, so no export is read"),
        (
            "title = \"Month\"\nstate = \"state\"\nfrom = \"store\"\n".to_owned(),
            "the store in state keeps no records yet",
        ),
        ("title = \"Month\"\nstate = \"state\"\nfrom = \"stor\"\n".to_owned(), "stor"),
    ] {
        let (_, errors, code) = check(&pipeline);
        assert!(code == 2 && errors.contains(words), "{words}: {code} {errors}");
    }
    fs::write(work.path().join("night.toml"), NIGHT).expect("written");
    comes(work.path(), "discharges-2026-10-01.csv", "S1,0042,F,MED,2026-09-30\n");
    night(work.path(), "2026-10-01");
    let (_, errors, code) = check("title = \"Month\"\nstate = \"state\"\nfrom = \"store\"\nrecords_of = \"Nigth\"\n");
    assert!(
        code == 2 && errors.contains("keeps no records of this pipeline") && errors.contains("`Night`"),
        "{errors}"
    );
    assert_eq!(check("title = \"Month\"\nstate = \"state\"\nfrom = \"store\"\nperiod = \"2026-09\"\n").2, 0);
    // A file that came again under its own name, with other bytes, is the newer one.
    fs::write(work.path().join("night.toml"), NIGHT).expect("written");
    comes(work.path(), "discharges-2026-10-01.csv", "S1,0042,F,SUR,2026-09-30\n");
    let account = night(work.path(), "2026-10-02");
    assert!(account.contains("superseded by a newer version 1"), "{account}");
    // With an empty inbox what is kept is looked at as of the new day.
    fs::remove_file(work.path().join("inbox/discharges-2026-10-01.csv")).expect("taken away");
    night(work.path(), "2026-10-05");
    assert_eq!(results(work.path(), "2026-10-05")["encounters"]["in_statistics"], 1);
}
