//! What people read, kept as files: every `--help`, and the text of the workbook of the fixtures' month.
//!
//! A change of either is seen in the files. `TRYCMD=overwrite cargo test --test chartroom -- snapshots` writes them anew.

use std::{collections::BTreeSet, fs};

use crate::command::{chartroom, copy, printed, root, run, run_folder};

/// Columns of the terminal that the help is wrapped for.
const COLUMNS: (&str, &str) = ("COLUMNS", "100");

/// Sheets that change with every edit that is added, or are of digests alone.
const LEFT_OUT: [&str; 3] = ["Run", "Edits", "Rules"];

#[test]
fn every_help_is_as_kept() {
    let kept = root().join("tests/snapshots/help.trycmd");
    let is_written = std::env::var("TRYCMD").is_ok_and(|wanted| wanted == "overwrite");
    if is_written {
        let blocks = commands(&mut Vec::new()).into_iter().map(|command| format!("```\n$ {command} --help\n```\n"));
        fs::write(&kept, blocks.collect::<Vec<_>>().join("\n")).expect("written");
    }
    let text = fs::read_to_string(&kept).expect("the file");
    let shown: BTreeSet<&str> = text.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
    let all: Vec<String> = commands(&mut Vec::new()).into_iter().map(|command| format!("{command} --help")).collect();
    assert_eq!(shown, all.iter().map(String::as_str).collect(), "a command is not kept, or is kept and gone");
    let cases = trycmd::TestCases::new();
    cases.register_bin("chartroom", std::path::Path::new(env!("CARGO_BIN_EXE_chartroom")));
    cases.env(COLUMNS.0, COLUMNS.1).case(kept);
}

/// Every command, those that have commands of their own too.
fn commands(above: &mut Vec<String>) -> Vec<String> {
    let arguments: Vec<&str> = above.iter().map(String::as_str).chain(["--help"]).collect();
    let (help, _, code) = printed(&run(&arguments));
    assert_eq!(code, 0, "{arguments:?}");
    let mut found = vec![["chartroom".to_owned()].iter().chain(above.iter()).cloned().collect::<Vec<_>>().join(" ")];
    let Some((_, list)) = help.split_once("\nCommands:\n") else { return found };
    let names = list.lines().take_while(|line| !line.is_empty()).filter(|line| !line.starts_with("   "));
    for name in names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help") {
        above.push(name.to_owned());
        found.extend(commands(above));
        above.pop();
    }
    found
}

#[test]
fn the_text_of_the_workbook_is_as_kept() {
    let work = tempfile::tempdir().expect("a folder");
    for folder in ["pipelines", "fixtures"] {
        copy(&root().join(folder), &work.path().join(folder));
    }
    let arguments = ["run", "pipelines/monthly-statistics.toml", "--as-of", "2026-11-01", "--format", "text"];
    let output = chartroom(work.path()).args(arguments).output().expect("the program starts");
    assert_eq!(printed(&output).2, 0);
    let text = fs::read_to_string(run_folder(&work.path().join("out")).join("data/statistics.txt")).expect("the text");
    let is_kept = |sheet: &&str| LEFT_OUT.iter().all(|name| !sheet.starts_with(&format!("{name} ==\n")));
    let text = text.split("\n== ").filter(is_kept).collect::<Vec<_>>().join("\n== ");
    assert!(text.matches("\n== ").count() > 10, "{text}");
    let kept = root().join("tests/snapshots/statistics.txt");
    if std::env::var("TRYCMD").is_ok_and(|wanted| wanted == "overwrite") {
        fs::write(&kept, &text).expect("written");
    }
    let expected = fs::read_to_string(kept).expect("the file");
    for (line, (now, then)) in text.lines().zip(expected.lines()).enumerate() {
        assert_eq!(now, then, "line {} of tests/snapshots/statistics.txt", line + 1);
    }
    assert_eq!(text.lines().count(), expected.lines().count());
}
