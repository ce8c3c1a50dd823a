//! The whole book as the files of a site that mdBook builds: every page, the page of every edit, and the list of chapters.
//!
//! The chapters are made from [`PARTS`] and the rules, so that none can be forgotten.

use std::fmt::Write as _;

use crate::edits::{rule::Rule, rules::RULES};

use super::{PARTS, page};

/// A file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookFile {
    /// Path in the folder of the site.
    pub path: String,
    /// Its text.
    pub text: String,
}

const SETTINGS: &str = "[book]
title = \"chartroom\"
language = \"en\"
src = \"pages\"

[build]
build-dir = \"site\"
create-missing = false

[output.html]
no-section-label = true

[output.html.search]
limit-results = 50
";

/// Every file of the site.
pub fn files() -> Vec<BookFile> {
    let mut files = vec![
        BookFile { path: "book.toml".to_owned(), text: SETTINGS.to_owned() },
        of_page("SUMMARY", summary()),
        of_page("introduction", introduction()),
    ];
    for page in PARTS.iter().flat_map(|part| part.pages) {
        files.push(of_page(page.name, with_links(&page.text(), "")));
    }
    for family in families() {
        files.push(of_page(&format!("edits/{family}"), page_of_family(family)));
    }
    for rule in RULES {
        files.push(of_page(&format!("edits/{}", rule.code), with_links(rule.page, "../")));
    }
    files
}

fn of_page(name: &str, text: String) -> BookFile {
    BookFile { path: format!("pages/{name}.md"), text }
}

/// The list of chapters, as mdBook reads it.
fn summary() -> String {
    let mut text = "# Summary\n\n[chartroom](introduction.md)\n".to_owned();
    for part in PARTS {
        let _ = writeln!(text, "\n# {}\n", part.title);
        for page in part.pages {
            let _ = writeln!(text, "- [{}]({}.md)", page.title(), page.name);
        }
    }
    text.push_str("\n# The edits\n\n");
    for family in families() {
        let _ = writeln!(text, "- [{family}: {}](edits/{family}.md)", group_of(family));
        for rule in of_family(family) {
            let _ = writeln!(text, "  - [{} {}](edits/{}.md)", rule.code, rule.name, rule.code);
        }
    }
    text
}

/// The first page: every page with its title.
fn introduction() -> String {
    let mut text = "# chartroom

The work of a hospital's medical-records department as one batch program: exports in; checked and coded records, worklists, a statistics workbook and a
sealed output folder out.

The same pages are in the program: `chartroom docs` lists them, and `chartroom explain LOG101` prints the page of an edit.
"
    .to_owned();
    for part in PARTS {
        let _ = writeln!(text, "\n## {}\n", part.title);
        for page in part.pages {
            let _ = writeln!(text, "- [{}]({}.md)", page.title(), page.name);
        }
    }
    text.push_str("\n## The edits\n\n");
    for family in families() {
        let _ = writeln!(text, "- [{family}](edits/{family}.md): {}", group_of(family));
    }
    text
}

/// The letters before the numbers of the codes, in the order of the rules.
fn families() -> Vec<&'static str> {
    let mut families: Vec<&str> = Vec::new();
    for rule in RULES {
        let family = &rule.code[..3];
        if !families.contains(&family) {
            families.push(family);
        }
    }
    families
}

fn of_family(family: &str) -> impl Iterator<Item = &'static Rule> {
    RULES.iter().filter(move |rule| rule.code.starts_with(family))
}

/// What the edits of a family look at.
fn group_of(family: &str) -> &'static str {
    of_family(family).next().map_or("", Rule::group)
}

/// The edits of a family in a table.
fn page_of_family(family: &str) -> String {
    let mut text = format!("# {family}: {}\n\n| edit | severity | name |\n| --- | --- | --- |\n", group_of(family));
    for rule in of_family(family) {
        let _ = writeln!(text, "| [{0}]({0}.md) | {1} | {2} |", rule.code, rule.severity.name(), rule.name);
    }
    text
}

/// A page in which every command that prints a page leads to that page. `up`: the way from the page to the folder of all pages.
fn with_links(text: &str, up: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_block = false;
    for line in text.split_inclusive('\n') {
        let is_mark = line.starts_with("```");
        in_block ^= is_mark;
        if in_block || is_mark {
            out.push_str(line);
            continue;
        }
        // Between two marks stands code: the odd pieces, but for a last one that no mark ends.
        let pieces: Vec<&str> = line.split('`').collect();
        for (place, piece) in pieces.iter().enumerate() {
            let is_code = place % 2 == 1 && place + 1 < pieces.len();
            match (is_code.then(|| target(piece)).flatten(), is_code) {
                (Some(target), _) => out.push_str(&format!("[`{piece}`]({up}{target})")),
                (None, true) => out.push_str(&format!("`{piece}`")),
                (None, false) if place % 2 == 1 => out.push_str(&format!("`{piece}")),
                (None, false) => out.push_str(piece),
            }
        }
    }
    out
}

/// The file that a command prints, relative to the folder of all pages.
fn target(command: &str) -> Option<String> {
    if let Some(topic) = command.strip_prefix("chartroom docs ") {
        return page(topic).map(|page| format!("{}.md", page.name));
    }
    let code = command.strip_prefix("chartroom explain ")?;
    RULES.iter().find(|rule| rule.code == code).map(|rule| format!("edits/{}.md", rule.code))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The files that a page leads to, relative to the folder of all pages.
    fn links(file: &BookFile) -> Vec<String> {
        let text = &file.text;
        let folder = file.path.trim_start_matches("pages/").rsplit_once('/').map_or("", |(folder, _)| folder);
        let targets = text.match_indices("](").filter_map(|(at, _)| text[at + 2..].split_once(')'));
        let targets = targets.map(|(target, _)| target).filter(|target| target.ends_with(".md"));
        let from_folder = |target: &str| match (target.strip_prefix("../"), folder) {
            (Some(target), _) => target.to_owned(),
            (None, "") => target.to_owned(),
            (None, folder) => format!("{folder}/{target}"),
        };
        targets.map(from_folder).collect()
    }

    #[test]
    fn every_link_leads_to_a_page_and_every_page_is_a_chapter() {
        let files = files();
        let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths.len(), files.len(), "two files of one name");
        for file in &files {
            for target in links(file) {
                assert!(paths.contains(format!("pages/{target}").as_str()), "{} leads to {target}", file.path);
            }
        }
        let summary = files.iter().find(|file| file.path == "pages/SUMMARY.md").expect("the list of chapters");
        let chapters: BTreeSet<String> = links(summary).into_iter().map(|target| format!("pages/{target}")).collect();
        for path in paths.iter().filter(|path| path.ends_with(".md") && **path != "pages/SUMMARY.md") {
            assert!(chapters.contains(*path), "{path} is no chapter");
        }
        assert!(chapters.len() > RULES.len());
    }

    #[test]
    fn a_command_that_prints_a_page_leads_to_it_outside_of_blocks() {
        assert_eq!(
            with_links("See `chartroom docs layouts`, `chartroom explain LOG101` or `chartroom rules`.\n", "../"),
            "See [`chartroom docs layouts`](../layouts.md), [`chartroom explain LOG101`](../edits/LOG101.md) or `chartroom rules`.\n"
        );
        assert_eq!(with_links("`a` and ` alone\n", ""), "`a` and ` alone\n");
        let block = "```sh\nchartroom docs layouts\n`chartroom docs layouts`\n```\n";
        assert_eq!(with_links(block, ""), block);
    }
}
