//! The book: one page a subject, for the user, in the program itself (`chartroom explain layouts`).
//!
//! To add a page: its file and a line in [`PAGES`]. The page of an edit stands beside the edit.

use std::fmt::Write as _;

use crate::record::field::{DICTIONARY, Table};

/// One page.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Name, as `chartroom explain` takes it and as its file is called.
    pub name: &'static str,
    /// Its text, in Markdown; the first line is its title.
    pub text: &'static str,
}

impl Page {
    /// The title: the first line without its mark.
    pub fn title(&self) -> &'static str {
        self.text.lines().next().unwrap_or_default().trim_start_matches("# ")
    }
}

/// Every page, in the order a new user would read them.
pub const PAGES: &[Page] = &[
    Page { name: "pipeline-file", text: include_str!("pipeline-file.md") },
    Page { name: "nightly", text: include_str!("nightly.md") },
    Page { name: "layouts", text: include_str!("layouts.md") },
    Page { name: "drafts", text: include_str!("drafts.md") },
    Page { name: "deliveries", text: include_str!("deliveries.md") },
    Page { name: "output-folder", text: include_str!("output-folder.md") },
    Page { name: "code-readings", text: include_str!("code-readings.md") },
    Page { name: "publication", text: include_str!("publication.md") },
    Page { name: "code-sets", text: include_str!("code-sets.md") },
    Page { name: "profiles", text: include_str!("profiles.md") },
    Page { name: "site-rules", text: include_str!("site-rules.md") },
    Page { name: "trends", text: include_str!("trends.md") },
    Page { name: "deficiencies", text: include_str!("deficiencies.md") },
    Page { name: "registers", text: include_str!("registers.md") },
    Page { name: "state", text: include_str!("state.md") },
    Page { name: "exit-codes", text: include_str!("exit-codes.md") },
    Page { name: "speed", text: include_str!("speed.md") },
    Page { name: "limits", text: include_str!("limits.md") },
];

/// The page of a name, in any case.
pub fn page(name: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.name.eq_ignore_ascii_case(name))
}

/// Name of the page that is made from the data dictionary.
pub const FIELDS: &str = "fields";

/// The list of pages: a line each, its name and title.
pub fn list() -> String {
    let written = PAGES.iter().map(|page| (page.name, page.title()));
    let all = written.chain([(FIELDS, "The canonical fields")]);
    all.map(|(name, title)| format!("  {name:<16} {title}\n")).collect()
}

/// The page of the canonical fields: a table of them for each kind of row, in the order of the data dictionary.
pub fn fields() -> String {
    let mut text =
        "# The canonical fields\n\nWhat a layout maps columns to; rules and outputs use the same names.\n".to_owned();
    for table in Table::ALL {
        let _ = writeln!(text, "\n## {}\n", table.name());
        for entry in DICTIONARY.iter().filter(|entry| entry.table == table) {
            let _ = writeln!(text, "- `{}`: {}", entry.name, entry.meaning);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_of_the_folder_is_in_the_list_and_has_a_title() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pages");
        let files: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder")
            .filter_map(|entry| entry.expect("an entry").file_name().into_string().ok())
            .filter_map(|name| name.strip_suffix(".md").map(str::to_owned))
            .collect();
        let mut listed: Vec<&str> = PAGES.iter().map(|page| page.name).collect();
        let mut files: Vec<&str> = files.iter().map(String::as_str).collect();
        listed.sort_unstable();
        files.sort_unstable();
        assert_eq!(listed, files);
        for page in PAGES {
            assert!(page.text.starts_with("# ") && !page.title().is_empty(), "{}", page.name);
            assert!(
                crate::edits::explain::explain(page.name, &[]).is_none(),
                "{} is the name of an edit too",
                page.name
            );
        }
    }
}
