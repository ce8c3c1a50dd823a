//! `chartroom rules` and `chartroom explain CODE`.

use clap::Args;

use super::{complain, exit::Exit, print};
use crate::edits;

#[derive(Debug, Args)]
pub struct RulesArguments {
    /// Print comma-separated values instead of a table
    #[arg(long)]
    csv: bool,
}

#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// The edit's code or name, in any case
    code: String,
}

/// Prints the list of edits.
pub fn rules(arguments: &RulesArguments) -> Exit {
    print(&if arguments.csv { edits::explain::rules_csv() } else { edits::explain::rules_text() })
}

/// Prints the page of one edit.
pub fn explain(arguments: &ExplainArguments) -> Exit {
    match edits::explain::explain(&arguments.code) {
        Some(page) => print(&page),
        None => {
            complain(&format!("error: there is no edit `{}`; `chartroom rules` lists them", arguments.code));
            Exit::Configuration
        }
    }
}
