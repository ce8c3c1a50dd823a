//! The README is true: its console block is what the program prints, and its pipelines and layouts can be read.

use crate::command::{printed, root};

#[test]
fn the_console_block_is_what_the_first_command_prints() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the README");
    let block = readme.split("```console\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a console block");
    let (command, expected) = block.split_once('\n').expect("a command and its answer");
    let arguments: Vec<&str> = command.trim_start_matches("$ chartroom ").split(' ').collect();
    let work = tempfile::tempdir().expect("a folder");
    for folder in ["pipelines", "fixtures"] {
        crate::command::copy(&root().join(folder), &work.path().join(folder));
    }
    let (account, errors, code) =
        printed(&crate::command::chartroom(work.path()).args(arguments).output().expect("the program starts"));
    assert_eq!((account.as_str(), errors.as_str(), code), (expected, "", 0));
}

#[test]
fn the_steps_to_an_own_export_lead_to_its_run() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the README");
    let work = tempfile::tempdir().expect("a folder");
    let in_folder = |arguments: &[&str]| {
        printed(&crate::command::chartroom(work.path()).args(arguments).output().expect("the program starts"))
    };
    std::fs::copy(root().join("fixtures/discharges/discharges-2026-10.csv"), work.path().join("discharges.csv"))
        .expect("copied");
    assert_eq!(in_folder(&["init", "night"]).2, 0);
    let steps = readme.split("On your own export:").nth(1).expect("the steps");
    assert!(steps.contains("chartroom layout draft discharges.csv > night/layouts/my-export.toml"));
    let (layout, errors, code) = in_folder(&["layout", "draft", "discharges.csv"]);
    assert_eq!(code, 0, "{errors}");
    std::fs::write(work.path().join("night/layouts/my-export.toml"), layout).expect("written");
    assert!(steps.contains("write `layout = \"my-export\"`") && steps.contains("`discharges-2026-10-31.csv`"));
    let path = work.path().join("night/nightly.toml");
    let pipeline = std::fs::read_to_string(&path).expect("read");
    let named = pipeline.replacen("layout = \"discharge-abstract\"", "layout = \"my-export\"", 1);
    assert_ne!(named, pipeline);
    std::fs::write(&path, named).expect("written");
    let inbox = work.path().join("night/inbox");
    std::fs::remove_dir_all(&inbox).expect("removed");
    std::fs::create_dir(&inbox).expect("made");
    std::fs::rename(work.path().join("discharges.csv"), inbox.join("discharges-2026-10-31.csv")).expect("moved");
    assert_eq!(in_folder(&["check", "night/nightly.toml"]).2, 0);
    let (account, errors, code) = in_folder(&["run", "night/nightly.toml", "--as-of", "2026-11-01"]);
    assert_eq!((errors.as_str(), code), ("", 0), "{account}");
    assert!(account.contains("\nencounters         180 "), "{account}");
    assert_eq!(in_folder(&["doctor", "night", "--as-of", "2026-11-01"]).2, 0);
}

#[test]
fn the_exit_codes_of_the_readme_are_those_of_the_help() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the README");
    for code in ["0", "1", "2", "65", "66", "70", "74", "75"] {
        assert!(readme.contains(&format!("\n| {code} | ")), "{code}");
        assert!(chartroom::cli::exit::EXIT_CODES.contains(&format!("\n  {code:<4} ")), "{code}");
    }
}

#[test]
fn the_number_of_edits_in_the_readme_is_true() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the README");
    assert!(readme.contains(&format!("apply {} rules", chartroom::edits::rules::RULES.len())));
}

#[test]
fn the_readme_lists_every_page_of_the_book() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the README");
    for page in chartroom::docs::pages() {
        let written = format!("[{}](src/docs/", page.name);
        assert!(readme.contains(&written) || readme.contains(&format!("`{}`", page.name)), "{}", page.name);
    }
}

#[test]
fn the_readme_is_short() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the README");
    assert!(readme.lines().count() <= 150, "{} lines", readme.lines().count());
    // What the program prints in the console block is as long as it is.
    let block = readme.split("```console\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a console block");
    for line in readme.replace(block, "").lines() {
        assert!(line.chars().count() <= 120, "{line}");
    }
}
