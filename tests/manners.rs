//! Manners: exit codes, what is printed where, private files, and no patient in any message.

use std::{os::unix::fs::PermissionsExt as _, path::Path};

use crate::command::{chartroom, printed, results, root, run, run_folder};

fn monthly(out: &Path, more: &[&str]) -> (String, String, i32) {
    let mut arguments = vec![
        "run",
        "pipelines/monthly-statistics.toml",
        "--as-of",
        "2026-11-01",
        "--out",
        out.to_str().expect("a path"),
    ];
    arguments.extend(more);
    printed(&run(&arguments))
}

/// A pipeline over one file of discharge abstracts, in a folder of its own.
fn pipeline(work: &Path, content: &[u8], more: &str) {
    std::fs::write(work.join("discharges.csv"), content).expect("written");
    let layout = root().join("pipelines/layouts/discharge-abstract.toml");
    let text = format!(
        "title = \"Test\"\n{more}\n[[ingest]]\nname = \"discharges\"\nfiles = \"discharges*.csv\"\nlayout = \"{}\"\n",
        layout.display()
    );
    std::fs::write(work.join("pipeline.toml"), text).expect("written");
}

fn run_in(work: &Path) -> (String, String, i32) {
    printed(
        &chartroom(work).args(["run", "pipeline.toml", "--as-of", "2026-11-01"]).output().expect("the program starts"),
    )
}

fn fixture() -> Vec<u8> {
    std::fs::read(root().join("fixtures/discharges/discharges-2026-09.csv")).expect("a fixture")
}

#[test]
fn a_run_that_is_done_exits_0_and_its_folder_verifies() {
    let work = tempfile::tempdir().expect("a folder");
    let (account, errors, code) = monthly(work.path(), &[]);
    assert_eq!((errors.as_str(), code), ("", 0));
    assert!(account.contains("rows read"));
    let folder = run_folder(work.path());
    let (verdict, _, code) = printed(&run(&["verify", folder.to_str().expect("a path")]));
    assert_eq!(code, 0, "{verdict}");
    std::fs::write(folder.join("data/findings.csv"), "changed").expect("written");
    let (verdict, _, code) = printed(&run(&["verify", folder.to_str().expect("a path")]));
    assert_eq!(code, 1);
    assert!(verdict.contains("data/findings.csv"), "{verdict}");
}

#[test]
fn quiet_prints_nothing_a_dry_run_writes_nothing_and_the_log_is_json() {
    let work = tempfile::tempdir().expect("a folder");
    assert_eq!(monthly(work.path(), &["--quiet"]), (String::new(), String::new(), 0));
    let empty = work.path().join("empty");
    let (_, _, code) = monthly(&empty, &["--dry-run"]);
    assert!(code == 0 && !empty.exists());
    let (_, log, _) = monthly(work.path(), &["--log", "json", "--quiet"]);
    assert!(log.lines().count() > 5);
    for line in log.lines() {
        let event: serde_json::Value = serde_json::from_str(line).expect("a JSON object a line");
        assert!(event["message"].is_string(), "{line}");
    }
}

#[test]
fn a_finding_at_the_gate_exits_1() {
    let work = tempfile::tempdir().expect("a folder");
    let text = String::from_utf8(fixture()).expect("text").replacen(",F,", ",Q,", 1);
    pipeline(work.path(), text.as_bytes(), "fail_on = \"error\"");
    let (account, _, code) = run_in(work.path());
    assert!(code == 1 && account.contains("exit code 1: findings reached `fail_on = \"error\"`"), "{code}: {account}");
    assert!(account.contains("deficiencies not asked for"), "{account}");
    pipeline(work.path(), text.as_bytes(), "fail_on = \"fatal\"");
    let (account, _, code) = run_in(work.path());
    assert!(code == 0 && !account.contains("exit code"), "{code}: {account}");
}

#[test]
fn a_wrong_pipeline_file_exits_2_and_all_its_faults_are_shown_with_their_place() {
    let work = tempfile::tempdir().expect("a folder");
    let text = "titel = \"x\"\nperiod = \"2026-13\"\n[[ingest]]\nname = \"d\"\nfiles = \"none-*.csv\"\nlayout = \"nothing\"\n[edits]\nignore = [\"FLD999\"]\n[statistics]\ntop = \"ten\"\n";
    std::fs::write(work.path().join("pipeline.toml"), text).expect("written");
    let (_, errors, code) = run_in(work.path());
    assert_eq!(code, 2);
    for words in [
        "pipeline.toml:1:1",
        "did you mean `title`?",
        "`2026-13` is not a period",
        "pipeline.toml:6:10",
        "there is no edit `FLD999`",
        "`top` must be a whole number",
        "^^^",
    ] {
        assert!(errors.contains(words), "{words} is missing in\n{errors}");
    }
    assert_eq!(printed(&run(&["run", "pipelines/nightli.toml"])).2, 2);
    assert_eq!(printed(&run(&["frobnicate"])).2, 2);
    assert_eq!(printed(&run(&["--help"])).2, 0);
}

#[test]
fn an_unusable_input_exits_65_with_its_reason_and_the_others_are_processed() {
    let work = tempfile::tempdir().expect("a folder");
    pipeline(work.path(), &fixture(), "");
    std::fs::write(work.path().join("discharges-2.csv"), b"%PDF-1.7 \x00\x01").expect("written");
    let (account, errors, code) = run_in(work.path());
    assert_eq!(code, 65);
    assert!(account.contains("discharges-2.csv") && account.contains("PDF"), "{account}");
    assert!(errors.starts_with("error: discharges-2.csv ") && errors.contains("PDF"), "{errors}");
    assert!(errors.ends_with("and run again\n") && errors.lines().count() == 2, "{errors}");
    let results = results(&work.path().join("out"));
    assert_eq!(results["encounters"]["examined"], 150);
    // Nothing usable at all: nothing is published.
    let work = tempfile::tempdir().expect("a folder");
    pipeline(work.path(), b"", "");
    let (_, errors, code) = run_in(work.path());
    assert_eq!(code, 65, "{errors}");
    assert!(std::fs::read_dir(work.path().join("out")).map_or(true, |mut entries| entries.next().is_none()));
}

#[test]
fn an_output_that_cannot_be_written_exits_74_and_a_held_lock_75() {
    let work = tempfile::tempdir().expect("a folder");
    pipeline(work.path(), &fixture(), "state = \"state\"");
    std::fs::write(work.path().join("out"), "a file where the folder should be").expect("written");
    assert_eq!(run_in(work.path()).2, 74);
    std::fs::remove_file(work.path().join("out")).expect("removed");
    std::fs::create_dir_all(work.path().join("state")).expect("made");
    let _lock = chartroom::fs::lock::Lock::acquire(&work.path().join("state")).expect("free");
    assert_eq!(run_in(work.path()).2, 75);
}

#[test]
fn an_interrupted_run_exits_130_a_terminated_one_143_and_neither_publishes_anything() {
    for (signal, number) in [("-INT", 130), ("-TERM", 143)] {
        let work = tempfile::tempdir().expect("a folder");
        let fixture = fixture();
        let heading = fixture.iter().position(|byte| *byte == b'\n').expect("a heading") + 1;
        let mut content = fixture.clone();
        while content.len() < 48 << 20 {
            content.extend_from_slice(&fixture[heading..]);
        }
        pipeline(work.path(), &content, "state = \"state\"");
        let mut child = chartroom(work.path())
            .args(["run", "pipeline.toml", "--as-of", "2026-11-01", "--quiet"])
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("the program starts");
        let waiting = |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().ends_with(".at-work");
        let staged =
            || std::fs::read_dir(work.path().join("out")).is_ok_and(|mut all| all.any(|e| e.is_ok_and(waiting)));
        while !staged() && child.try_wait().expect("it runs").is_none() {
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        let sent = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill");
        assert!(sent.success());
        let output = child.wait_with_output().expect("it ends");
        let (_, errors, code) = printed(&output);
        assert_eq!(code, number, "{errors}");
        // On a machine that is busy with other things a run may not come to stop by itself in time: then the next one sweeps.
        if !errors.contains("in the middle of its work") {
            assert_eq!(errors, "error: interrupted; nothing was published\n");
            let left: Vec<_> = std::fs::read_dir(work.path().join("out")).expect("out").collect();
            assert!(left.is_empty(), "{left:?}");
        }
        assert!(!work.path().join("state/catalogue.sqlite").exists());
    }
}

#[test]
fn outputs_are_private_whatever_the_umask() {
    let work = tempfile::tempdir().expect("a folder");
    monthly(work.path(), &[]);
    let mut open = vec![run_folder(work.path())];
    while let Some(next) = open.pop() {
        assert_eq!(std::fs::metadata(&next).expect("data").permissions().mode() & 0o077, 0, "{}", next.display());
        if next.is_dir() {
            open.extend(std::fs::read_dir(&next).expect("a folder").filter_map(Result::ok).map(|entry| entry.path()));
        }
    }
}

#[test]
fn no_canary_reaches_a_message_a_log_the_results_or_the_workbook() {
    let work = tempfile::tempdir().expect("a folder");
    // A token in every identifying column, spoilt so that edits and the quarantine speak of the rows.
    let head = "record_id,patient_id,facility_id,admit_date,discharge_date,birth_date,age,sex,zip,payer,admit_type,admit_source,discharge_status,total_charges,attending_npi,attending_name,DX1,POA1,PR1,PRDATE1\n";
    let row = "C1,CANARYPATIENT,0042,2026-10-01,2026-10-03,CANARYBIRTH,44,F,CANARYZIP,MA,1,1,01,100.00,1200000012,\"CHO, M\",I10,Y,,\n";
    let cut = "C2,CANARYPATIENT,CANARYCUT\n";
    pipeline(work.path(), format!("{head}{row}{cut}").as_bytes(), "");
    let output = chartroom(work.path())
        .args(["run", "pipeline.toml", "--as-of", "2026-11-01", "--log", "json", "--format", "both"])
        .output()
        .expect("the program starts");
    let (account, log, code) = printed(&output);
    assert_eq!(code, 0, "{log}");
    let folder = run_folder(&work.path().join("out"));
    let results = std::fs::read_to_string(folder.join("data/run_results.json")).expect("results");
    let text = std::fs::read_to_string(folder.join("data/statistics.txt")).expect("text");
    let manifest = std::fs::read_to_string(folder.join("manifest-sha256.txt")).expect("manifest");
    for (name, content) in [
        ("the account", account),
        ("the log", log),
        ("run_results.json", results),
        ("the statistics", text),
        ("the manifest", manifest),
    ] {
        assert!(!content.contains("CANARY"), "a patient stands in {name}");
    }
    // Damage of every kind, and the words about it.
    for (name, content) in [
        ("broken quote", &b"record_id,patient_id\n\"CANARY,1\nx\n"[..]),
        ("no columns", b"CANARYA,CANARYB\n1,2\n"),
        ("binary", b"CANARY\x00\x01"),
    ] {
        pipeline(work.path(), content, "");
        let (account, errors, _) = run_in(work.path());
        assert!(!account.contains("CANARY") && !errors.contains("CANARY,"), "{name}: {errors}");
    }
}

#[test]
fn completions_and_the_manual_page_are_printed() {
    for shell in ["bash", "zsh", "fish"] {
        let script = printed(&run(&["completions", shell])).0;
        assert!(
            script.contains("chartroom") && script.contains("COD107") && script.contains("code-readings"),
            "{shell}"
        );
        // A pipeline file is offered after `run`, `reexamine`, `check`, `doctor` and `history`.
        let offers = match shell {
            "bash" => "compgen -o plusdirs -f -X '!*.toml'",
            "zsh" => "_files -g \"*.toml\"'",
            _ => "__fish_complete_suffix .toml",
        };
        assert_eq!(script.matches(offers).count(), if shell == "zsh" { 8 } else { 5 }, "{shell}");
    }
    let (page, _, code) = printed(&run(&["man"]));
    assert_eq!(code, 0);
    // One page with every command, its options and what a scheduler learns; none that cannot be printed is named.
    let page = page.replace("\\-", "-");
    assert!(!page.contains("chartroom-run(1)"), "{page}");
    let commands = every_command(&[]);
    assert!(commands.len() > 12, "{commands:?}");
    for (command, options) in commands {
        let heading = format!("\n.SS chartroom {command}\n");
        let (_, rest) = page.split_once(&heading).unwrap_or_else(|| panic!("{command} is missing in\n{page}"));
        let own = rest.split("\n.S").next().unwrap_or_default();
        assert!(options.contains(&"--help".to_owned()), "{command}: {options:?}");
        for option in options {
            assert!(own.contains(&option), "{option} of {command} is missing in\n{own}");
        }
    }
    let (_, codes) = page.split_once("\n.SH EXIT STATUS\n").expect("exit codes");
    for line in chartroom::cli::exit::EXIT_CODES.lines().skip(1) {
        assert!(codes.contains(line.trim()), "{line}");
    }
}

/// Every command that does something, with its long options, as the help of each says.
fn every_command(above: &[String]) -> Vec<(String, Vec<String>)> {
    let mut arguments: Vec<&str> = above.iter().map(String::as_str).collect();
    arguments.push("--help");
    let (help, _, code) = printed(&run(&arguments));
    assert_eq!(code, 0, "{arguments:?}");
    let Some((_, list)) = help.split_once("\nCommands:\n") else {
        let words = help.split(|letter: char| !letter.is_ascii_lowercase() && letter != '-');
        let options = words.filter(|word| word.starts_with("--")).map(str::to_owned).collect();
        return vec![(above.join(" "), options)];
    };
    let names = list.lines().take_while(|line| !line.is_empty()).filter(|line| !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    names.flat_map(|name| every_command(&[above, &[name.to_owned()]].concat())).collect()
}

#[test]
fn questions_that_have_no_answer_say_so() {
    // A99 has no subdivisions; a category (E11) is known, though not to be used.
    for (arguments, why) in [
        (&["code", "zzz"][..], "`zzz` has the form of no code system that ships"),
        (&["code", "A99.99"], "`A99.99` has the form of ICD-10-CM, but is no code of it on any day"),
        (&["code", "E11.9", "--with", "zzz"], "`zzz` has the form of no code system that ships"),
    ] {
        let (answer, errors, code) = printed(&run(arguments));
        assert_eq!((code, answer.as_str(), errors), (1, "", format!("error: {why}\n")), "{arguments:?}");
    }
    for known in ["E11", "e119", "250.00", "0DTJ4ZZ"] {
        assert_eq!(printed(&run(&["code", known])).2, 0, "{known}");
    }
    let (answer, _, code) = printed(&run(&["code", "250.00"]));
    assert!(code == 0 && !answer.contains("ncov"), "{answer}");
    let (_, errors, code) = printed(&run(&["explain", "log10"]));
    assert!(code == 2 && errors.contains("did you mean LOG101, LOG102"), "{errors}");
    let (_, errors, _) = printed(&run(&["explain", "discharge-befor-admission"]));
    assert!(errors.contains("did you mean discharge-before-admission"), "{errors}");
}

#[test]
fn a_folder_that_is_no_bag_is_told_in_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    for number in 0..1000 {
        std::fs::write(folder.path().join(format!("letter-{number}.txt")), "x").expect("written");
    }
    let output = chartroom(folder.path()).args(["verify", "."]).output().expect("it starts");
    let (answer, _, code) = printed(&output);
    assert_eq!(code, 1);
    assert!(answer.lines().count() == 1 && answer.len() < 200 && answer.contains("this is no bag"), "{answer}");
}

#[test]
fn a_folder_where_a_pipeline_is_wanted_is_answered_with_the_pipelines_in_it() {
    let work = tempfile::tempdir().expect("a folder");
    let folder = work.path().join("site");
    std::fs::create_dir_all(&folder).expect("made");
    let told =
        |arguments: &[&str]| printed(&crate::command::chartroom(work.path()).args(arguments).output().expect("starts"));
    let (_, errors, code) = told(&["run", "site"]);
    assert_eq!(
        (errors.as_str(), code),
        ("error: site is a folder and has no pipeline file; `chartroom init` writes a first one\n", 2)
    );
    for (name, text) in [("weekly.toml", "[[ingest]]"), ("nightly.toml", "[[ingest]]"), ("other.toml", "title = \"x\"")]
    {
        std::fs::write(folder.join(name), text).expect("written");
    }
    for command in ["run", "check"] {
        let (_, errors, code) = told(&[command, "site"]);
        let expected = "error: site is a folder; name one of its pipelines:\n  site/nightly.toml\n  site/weekly.toml\n";
        assert_eq!((errors.as_str(), code), (expected, 2));
    }
}

#[test]
fn a_run_leaves_every_export_as_it_is() {
    let work = tempfile::tempdir().expect("a folder");
    let told = |arguments: &[&str]| printed(&chartroom(work.path()).args(arguments).output().expect("it starts"));
    assert_eq!(told(&["init", "night", "--as-of", "2026-11-29"]).2, 0);
    let inbox = || {
        let entries = std::fs::read_dir(work.path().join("night/inbox")).expect("the inbox");
        let mut files: Vec<_> = entries
            .map(|entry| entry.expect("an entry").path())
            .map(|path| {
                let changed = std::fs::metadata(&path).and_then(|metadata| metadata.modified()).expect("a time");
                (std::fs::read(&path).expect("bytes"), changed, path)
            })
            .collect();
        files.sort();
        files
    };
    let before = inbox();
    for command in ["check", "doctor", "run"] {
        assert_eq!(told(&[command, "night/nightly.toml"]).2, 0, "{command}");
        assert!(inbox() == before, "{command}");
    }
}
