//! The book in the program: its pages are listed, found and printed.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::command::{chartroom, printed, root, run};

#[test]
fn every_page_is_listed_and_is_printed_in_any_case_by_docs_and_by_explain() {
    let (list, errors, code) = printed(&run(&["docs"]));
    assert_eq!((errors.as_str(), code), ("", 0));
    assert_eq!(printed(&run(&["explain"])).0, list);
    for page in chartroom::docs::pages() {
        let line = |line: &str| line.starts_with(&format!("  {} ", page.name)) && line.ends_with(&page.title());
        assert_eq!(list.lines().filter(|listed| line(listed)).count(), 1, "{}: {list}", page.name);
        for arguments in [["docs", page.name], ["docs", &page.name.to_uppercase()], ["explain", page.name]] {
            let (text, errors, code) = printed(&run(&arguments));
            assert_eq!((errors.as_str(), code), ("", 0), "{arguments:?}");
            assert!(text.starts_with(&format!("# {}\n", page.title())), "{arguments:?}: {text}");
        }
    }
}

#[test]
fn a_topic_that_is_no_page_is_answered_with_what_was_probably_meant() {
    for (topic, hint) in [
        ("layuts", "there is no page `layuts`; did you mean layouts?"),
        ("log101", "there is no page `log101`, it is an edit: `chartroom explain log101`"),
        ("qqqqqq", "there is no page `qqqqqq`; `chartroom docs` lists the pages"),
    ] {
        let (text, errors, code) = printed(&run(&["docs", topic]));
        assert_eq!((text.as_str(), code), ("", 2), "{topic}");
        assert!(errors.contains(hint), "{errors}");
    }
}

#[test]
fn the_book_is_written_into_a_new_folder_and_over_nothing() {
    let work = tempfile::tempdir().expect("a folder");
    let in_folder =
        |arguments: &[&str]| printed(&chartroom(work.path()).args(arguments).output().expect("the program starts"));
    let (said, errors, code) = in_folder(&["docs", "--write", "book"]);
    assert_eq!((errors.as_str(), code), ("", 0));
    assert!(said.ends_with("\nnext: mdbook build book makes the site in book/site\n"), "{said}");
    for file in chartroom::docs::mdbook::files() {
        let written = std::fs::read_to_string(work.path().join("book").join(&file.path)).expect("a file of the book");
        assert_eq!(written, file.text, "{}", file.path);
    }
    let (_, errors, code) = in_folder(&["docs", "--write", "book"]);
    assert_eq!((errors.as_str(), code), ("error: book holds files; name a new folder\n", 2));
}

/// Every key of a JSON value by its path, as the page of the keys writes it; of a table whose keys are data, its own key alone.
fn keys<'v>(
    value: &'v Value,
    path: &str,
    found: &mut BTreeSet<(String, &'v str)>,
    is_data: &dyn Fn(&str, &str) -> bool,
) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                found.insert((path.to_owned(), key));
                if !is_data(path, key) {
                    let below = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                    keys(value, &below, found, is_data);
                }
            }
        }
        Value::Array(entries) => entries.iter().for_each(|entry| keys(entry, &format!("{path}[]"), found, is_data)),
        _ => {}
    }
}

#[test]
fn every_key_of_run_results_has_its_line_on_the_page() {
    let work = tempfile::tempdir().expect("a folder");
    for folder in ["pipelines", "fixtures"] {
        crate::command::copy(&root().join(folder), &work.path().join(folder));
    }
    let arguments = ["run", "pipelines/monthly-statistics.toml", "--as-of", "2026-11-01"];
    assert_eq!(printed(&chartroom(work.path()).args(arguments).output().expect("it starts")).2, 0);
    let results = crate::command::results(&work.path().join("out"));
    let page = chartroom::docs::page("run-results").expect("the page").text();
    let section = |path: &str| {
        // Two places of one type share a section.
        let is_its = |heading: &str| match path {
            "" => heading == "The file itself",
            path => heading.split(" and ").any(|place| place == format!("`{path}`")),
        };
        let sections = page.split("\n## ").skip(1).filter_map(|section| section.split_once('\n'));
        sections.into_iter().find(|(heading, _)| is_its(heading)).map(|(_, text)| text)
    };
    let line = |path: &str, key: &str| {
        section(path)?.lines().find(|line| line.starts_with(&format!("| `{key}` | "))).map(str::to_owned)
    };
    let mut found = BTreeSet::new();
    keys(&results, "", &mut found, &|path, key| line(path, key).is_some_and(|line| line.contains("| by name: ")));
    assert!(found.len() > 100, "{} keys", found.len());
    for (path, key) in found {
        let line = line(&path, key).unwrap_or_else(|| panic!("{key} of `{path}` is not on the page"));
        assert!(line.split(" | ").all(|cell| !cell.trim_matches(['|', ' ']).is_empty()), "{line}");
    }
}

#[test]
fn every_key_of_a_pipeline_has_a_type_a_default_and_a_meaning() {
    let page = chartroom::docs::page("pipeline-reference").expect("the page").text();
    let lines: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    assert!(lines.len() > 90, "{} keys", lines.len());
    for line in lines {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        assert!(cells.len() >= 4 && cells.iter().all(|cell| !cell.is_empty()), "{line}");
    }
}

#[test]
fn the_changelog_begins_with_this_version_and_has_every_version_that_a_page_of_an_edit_names() {
    let changelog = chartroom::docs::page("changelog").expect("the page").text();
    let versions: Vec<&str> = changelog.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(versions.first(), Some(&env!("CARGO_PKG_VERSION")));
    for rule in chartroom::edits::rules::RULES {
        for (at, _) in rule.page.match_indices("Since ") {
            let version = rule.page[at + 6..].split_whitespace().next().unwrap_or_default();
            let version = version.trim_end_matches(['.', ',', ';', ':']);
            if version.starts_with(|letter: char| letter.is_ascii_digit()) {
                assert!(versions.contains(&version), "{}: {version}", rule.code);
            }
        }
    }
}

#[test]
fn the_licence_texts_are_those_that_the_package_declares() {
    let folder = root().join("src/docs");
    for licence in env!("CARGO_PKG_LICENSE").split(" OR ") {
        let name = licence.split('-').next().unwrap_or_default().to_uppercase();
        let text = std::fs::read_to_string(folder.join(format!("LICENSE-{name}"))).expect("a licence text");
        assert!(text.to_uppercase().contains(&format!("{name} LICENSE")), "{licence}");
    }
}
