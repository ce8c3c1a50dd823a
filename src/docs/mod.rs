//! The book: one page a subject, for the user, in the program itself (`chartroom docs layouts`).
//!
//! To add a page: its file and a line in [`PARTS`]. The page of an edit stands beside the edit.

use std::borrow::Cow;

mod columns;
mod fields;
pub mod mdbook;
mod pipeline_reference;
mod run_results;
mod schema;

/// One page.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Name, as `chartroom docs` takes it and as its file is called.
    pub name: &'static str,
    content: Content,
}

/// Where the text of a page comes from.
#[derive(Debug, Clone, Copy)]
enum Content {
    /// A file of this folder.
    Written(&'static str),
    /// What the program itself knows.
    Made(fn() -> String),
}

impl Page {
    /// Its text, in Markdown; the first line is its title.
    pub fn text(&self) -> Cow<'static, str> {
        match self.content {
            Content::Written(text) => text.into(),
            Content::Made(make) => make().into(),
        }
    }

    /// The title: the first line without its mark.
    pub fn title(&self) -> String {
        self.text().lines().next().unwrap_or_default().trim_start_matches("# ").to_owned()
    }
}

/// A part of the book.
#[derive(Debug, Clone, Copy)]
pub struct BookPart {
    /// Its title.
    pub title: &'static str,
    /// Its pages, in the order a new user would read them.
    pub pages: &'static [Page],
}

const fn written(name: &'static str, text: &'static str) -> Page {
    Page { name, content: Content::Written(text) }
}

const fn made(name: &'static str, make: fn() -> String) -> Page {
    Page { name, content: Content::Made(make) }
}

/// Every page, by part.
pub const PARTS: &[BookPart] = &[
    BookPart {
        title: "Every night",
        pages: &[
            written("nightly", include_str!("nightly.md")),
            written("morning", include_str!("morning.md")),
            written("week", include_str!("week.md")),
            written("night-to-night", include_str!("night-to-night.md")),
            written("schedule", include_str!("schedule.md")),
            written("recipes", include_str!("recipes.md")),
            written("publication", include_str!("publication.md")),
            written("exit-codes", include_str!("exit-codes.md")),
        ],
    },
    BookPart {
        title: "What goes in",
        pages: &[
            written("pipeline-file", include_str!("pipeline-file.md")),
            made("pipeline-reference", pipeline_reference::page),
            written("layouts", include_str!("layouts.md")),
            written("drafts", include_str!("drafts.md")),
            made("fields", fields::page),
            written("deliveries", include_str!("deliveries.md")),
            written("registers", include_str!("registers.md")),
            written("measures", include_str!("measures.md")),
            written("workbook", include_str!("workbook.md")),
            written("trace", include_str!("trace.md")),
            written("store", include_str!("store.md")),
            written("state", include_str!("state.md")),
        ],
    },
    BookPart {
        title: "What is examined",
        pages: &[
            written("code-readings", include_str!("code-readings.md")),
            written("code-sets", include_str!("code-sets.md")),
            written("profiles", include_str!("profiles.md")),
            written("site-rules", include_str!("site-rules.md")),
            written("trends", include_str!("trends.md")),
            written("deficiencies", include_str!("deficiencies.md")),
            written("clinicians", include_str!("clinicians.md")),
        ],
    },
    BookPart {
        title: "What comes out",
        pages: &[
            written("output-folder", include_str!("output-folder.md")),
            made("columns", columns::page),
            made("run-results", run_results::page),
        ],
    },
    BookPart {
        title: "About the program",
        pages: &[
            written("speed", include_str!("speed.md")),
            written("limits", include_str!("limits.md")),
            written("changelog", include_str!("CHANGELOG.md")),
        ],
    },
];

/// Every page, in the order of the book.
pub fn pages() -> impl Iterator<Item = &'static Page> {
    PARTS.iter().flat_map(|part| part.pages)
}

/// The page of a name, in any case.
pub fn page(name: &str) -> Option<&'static Page> {
    pages().find(|page| page.name.eq_ignore_ascii_case(name))
}

/// The list of pages: a line each, its name and title, by part.
pub fn list() -> String {
    let width = pages().map(|page| page.name.len()).max().unwrap_or(0);
    let of_part = |part: &BookPart| {
        let lines = part.pages.iter().map(|page| format!("  {:<width$} {}\n", page.name, page.title()));
        format!("{}\n{}", part.title, lines.collect::<String>())
    };
    PARTS.iter().map(of_part).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_of_the_folder_is_in_the_list_and_has_a_title() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/docs");
        let files: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder")
            .filter_map(|entry| entry.expect("an entry").file_name().into_string().ok())
            .filter_map(|name| name.strip_suffix(".md").map(str::to_lowercase))
            .collect();
        let is_written = |page: &&Page| matches!(page.content, Content::Written(_));
        let mut listed: Vec<&str> = pages().filter(is_written).map(|page| page.name).collect();
        let mut files: Vec<&str> = files.iter().map(String::as_str).collect();
        listed.sort_unstable();
        files.sort_unstable();
        assert_eq!(listed, files);
        for page in pages() {
            assert!(page.text().starts_with("# ") && !page.title().is_empty(), "{}", page.name);
            assert!(
                crate::edits::explain::explain(page.name, &[]).is_none(),
                "{} is the name of an edit too",
                page.name
            );
        }
    }
}
