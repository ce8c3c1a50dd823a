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
    for page in chartroom::pages::PAGES {
        assert!(readme.contains(&format!("[{0}](src/pages/{0}.md)", page.name)), "{}", page.name);
    }
}
