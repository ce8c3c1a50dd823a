//! `chartroom docs [TOPIC]`.

use clap::Args;

use super::{complain, exit::Exit, print};
use crate::{docs, edits, problem::closest};

#[derive(Debug, Args)]
pub struct DocsArguments {
    /// Name of a page, in any case; without it the pages are listed
    topic: Option<String>,
}

/// Prints a page of the book, or the list of pages.
pub fn docs(arguments: &DocsArguments) -> Exit {
    let Some(topic) = &arguments.topic else { return print(&list()) };
    match docs::page(topic) {
        Some(page) => print(&page.text()),
        None => {
            complain(&format!("error: there is no page `{topic}`{}", hint(topic)));
            Exit::Configuration
        }
    }
}

/// The pages, with how one is printed.
pub fn list() -> String {
    format!("chartroom docs TOPIC prints one of these pages.\n\n{}\n{OF_EDITS}\n", docs::list())
}

const OF_EDITS: &str = "Every edit has a page of its own: chartroom explain LOG101. chartroom rules lists the edits.";

/// What to type instead of a topic that is no page.
fn hint(topic: &str) -> String {
    if edits::explain::explain(topic, &[]).is_some() {
        return format!(", it is an edit: `chartroom explain {topic}`");
    }
    match closest(topic, docs::pages().map(|page| page.name)) {
        Some(near) => format!("; did you mean {near}? `chartroom docs` lists the pages"),
        None => "; `chartroom docs` lists the pages".to_owned(),
    }
}
