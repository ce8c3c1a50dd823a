//! The week of the book is true: every command of the page is typed in a shell, and answers what stands there.

use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

use crate::command::root;

/// The commands of a page, each with the answer that stands under it.
fn commands(page: &str) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    for block in page.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        for line in block.lines() {
            match (line.strip_prefix("$ "), commands.last_mut()) {
                (Some(command), _) => commands.push((command.to_owned(), String::new())),
                (None, Some((_, answer))) => answer.push_str(&format!("{line}\n")),
                (None, None) => panic!("an answer without a command: {line}"),
            }
        }
    }
    commands
}

#[test]
fn every_command_of_the_week_answers_what_the_page_says() {
    let work = tempfile::tempdir().expect("a folder");
    symlink(root().join("fixtures"), work.path().join("fixtures")).expect("linked");
    let program = Path::new(env!("CARGO_BIN_EXE_chartroom")).parent().expect("a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let page = chartroom::docs::page("week").expect("the page").text();
    let (mut typed, mut differing) = (0, Vec::new());
    for (command, expected) in commands(&page) {
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1; {command}")])
            .current_dir(work.path())
            .env("PATH", &path)
            .output()
            .expect("a shell");
        let answer = String::from_utf8_lossy(&output.stdout).into_owned();
        if answer.trim_end() != expected.trim_end() {
            differing.push(format!("$ {command}\n--- expected\n{expected}--- found\n{answer}"));
        }
        typed += 1;
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert!(typed > 30, "{typed} commands");
    // Nothing of the walk was written into the fixtures.
    assert!(fs::read_dir(root().join("fixtures/week")).expect("the week").count() >= 6);
}
