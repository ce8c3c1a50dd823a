//! `chartroom rules` and `chartroom explain CODE`.

use std::path::PathBuf;

use clap::Args;

use super::{check::plan_of, complain, docs::list, exit::Exit, print};
use crate::{docs, edits, edits::site_rule::SiteRule, plan::Overrides, record::date::Day};

#[derive(Debug, Args)]
pub struct RulesArguments {
    /// List the site's own rules of this pipeline file as well
    pipeline: Option<PathBuf>,
    /// Print comma-separated values instead of a table
    #[arg(long)]
    csv: bool,
    /// List only the edits for discharges of this day, YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// The edit's code or name, in any case; without it the pages of `chartroom docs` are listed
    code: Option<String>,
    /// The pipeline file, for a rule of the site's own
    pipeline: Option<PathBuf>,
}

/// The site's own rules of a pipeline file.
fn site_rules(pipeline: Option<&PathBuf>) -> Result<Vec<SiteRule>, Exit> {
    pipeline.map_or(Ok(Vec::new()), |path| Ok(plan_of(path, &Overrides::default())?.edits.site))
}

/// Prints the list of edits.
pub fn rules(arguments: &RulesArguments) -> Exit {
    let on = arguments.on.as_deref().map(Day::from_iso);
    if on == Some(None) {
        complain("error: --on takes a day, YYYY-MM-DD");
        return Exit::Configuration;
    }
    match site_rules(arguments.pipeline.as_ref()) {
        Ok(site) if arguments.csv => print(&edits::explain::rules_csv(&site, on.flatten())),
        Ok(site) => print(&edits::explain::rules_text(&site, on.flatten())),
        Err(exit) => exit,
    }
}

/// Prints the page of one edit, a page of the book, or the list of pages.
pub fn explain(arguments: &ExplainArguments) -> Exit {
    let Some(code) = &arguments.code else {
        return print(&list());
    };
    if let Some(page) = docs::page(code) {
        return print(&page.text());
    }
    let site = match site_rules(arguments.pipeline.as_ref()) {
        Ok(site) => site,
        Err(exit) => return exit,
    };
    match edits::explain::explain(code, &site) {
        Some(page) => print(&page),
        None => {
            let near = edits::explain::near(code);
            let near = if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(", ")) };
            complain(&format!(
                "error: there is no edit `{code}`{near}; `chartroom rules` lists the edits, `chartroom docs` the pages of the book"
            ));
            Exit::Configuration
        }
    }
}
