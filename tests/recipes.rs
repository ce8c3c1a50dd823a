//! The recipes are true: what a page tells to type is typed, in a new site, and must do.

use std::{fs, path::Path, process::Command};

use crate::{
    command::{chartroom, printed, root},
    shared_folder,
};

/// Pages whose blocks `sh` are run: after the lines of the blocks `toml` above them are in the pipeline file.
const PAGES: [&str; 2] = ["recipes", "schedule"];

#[test]
fn every_recipe_does_what_it_says() {
    let site = site();
    let (mut tried, mut faults) = (0, Vec::new());
    for page in PAGES {
        let text = chartroom::docs::page(page).expect("a page").text();
        for section in text.split("\n## ").skip(1).filter(|section| section.contains("```sh\n")) {
            if let Some(fault) = fault_of(section, site.path()) {
                faults.push(format!("{page}, {}: {fault}", section.lines().next().unwrap_or_default()));
            }
            tried += 1;
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(tried > 20, "{tried} recipes");
}

/// A site after its first night.
fn site() -> tempfile::TempDir {
    let work = tempfile::tempdir().expect("a folder");
    for command in [&["init", "night"][..], &["run", "night/nightly.toml"]] {
        let arguments = command.iter().copied().chain(["--as-of", "2026-11-29"]);
        assert_eq!(printed(&chartroom(work.path()).args(arguments).output().expect("it starts")).2, 0, "{command:?}");
    }
    work
}

/// Does what a section says in a copy of a site; what failed, where something did.
fn fault_of(section: &str, site: &Path) -> Option<String> {
    let work = tempfile::tempdir().expect("a folder");
    let folder = work.path();
    // With its links, which name folders of the copy.
    let copied = Command::new("cp").arg("-a").arg(site.join("night")).arg(folder).status().expect("cp");
    assert!(copied.success());
    fs::copy(root().join("fixtures/discharges/discharges-2026-10.csv"), folder.join("discharges.csv")).expect("copied");
    if section.contains("cms_2026_dx.zip") {
        let release = shared_folder::path("codesets/official/cms_2026_dx.zip")?;
        fs::copy(release, folder.join("cms_2026_dx.zip")).expect("copied");
    }
    let mut pieces = section.split("```");
    pieces.next();
    while let (Some(block), _) = (pieces.next(), pieces.next()) {
        if let Some(lines) = block.strip_prefix("toml\n") {
            add(&folder.join("night/nightly.toml"), lines);
        }
        if let Some(commands) = block.strip_prefix("sh\n") {
            let (said, errors, code) = shell(folder, commands);
            if (errors.as_str(), code) != ("", 0) {
                return Some(format!("ended with {code}\n{said}{errors}"));
            }
        }
    }
    None
}

/// Runs lines in a shell that finds the program, and stops at the first that fails.
fn shell(folder: &Path, commands: &str) -> (String, String, i32) {
    let program = Path::new(env!("CARGO_BIN_EXE_chartroom")).parent().expect("a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new("sh");
    let output = command.args(["-e", "-c", commands]).current_dir(folder).env("PATH", path).output();
    printed(&output.expect("a shell"))
}

/// Adds lines to a pipeline file: to the section of the same name where it has it. An export of the same name gets the keys.
fn add(path: &Path, lines: &str) {
    let mut file: toml::Table = fs::read_to_string(path).expect("read").parse().expect("a pipeline");
    let lines: toml::Table = lines.parse().expect("lines of a pipeline");
    merge(&mut file, lines);
    fs::write(path, toml::to_string(&file).expect("text")).expect("written");
}

fn merge(into: &mut toml::Table, lines: toml::Table) {
    use toml::Value;
    for (key, value) in lines {
        match (into.get_mut(&key), value) {
            (Some(Value::Table(own)), Value::Table(more)) => merge(own, more),
            (Some(Value::Array(own)), Value::Array(more)) if more.iter().all(Value::is_table) => {
                for entry in more {
                    let Value::Table(entry) = entry else { continue };
                    let same = own
                        .iter_mut()
                        .filter_map(Value::as_table_mut)
                        .find(|known| entry.contains_key("name") && known.get("name") == entry.get("name"));
                    match same {
                        Some(known) => merge(known, entry),
                        None => own.push(Value::Table(entry)),
                    }
                }
            }
            (_, value) => drop(into.insert(key, value)),
        }
    }
}
