//! `chartroom check PIPELINE`.

use std::{
    fmt::Write as _,
    io::IsTerminal as _,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{complain, exit::Exit, print};
use crate::{
    edits::explain::known,
    plan::{Overrides, Plan, check::check as check_plan},
    record::date::Day,
};

#[derive(Debug, Args)]
pub struct CheckArguments {
    /// The pipeline file
    pipeline: Option<PathBuf>,
    /// Print the JSON schema of pipeline files instead
    #[arg(long)]
    schema: bool,
}

/// Checks a pipeline file and everything it names.
pub fn check(arguments: &CheckArguments) -> Exit {
    if arguments.schema {
        return print(&crate::plan::written::json_schema());
    }
    let Some(pipeline) = &arguments.pipeline else {
        complain("error: name a pipeline file: chartroom check pipelines/nightly.toml");
        return Exit::Configuration;
    };
    match plan_of(pipeline, &Overrides::default()) {
        Ok(plan) => print(&description(&plan, None)),
        Err(exit) => exit,
    }
}

/// The checked plan; its problems are printed where it has any.
pub fn plan_of(path: &Path, overrides: &Overrides) -> Result<Plan, Exit> {
    check_plan(path, overrides, &known()).map_err(|problems| {
        complain(problems.render(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()).trim_end());
        Exit::Configuration
    })
}

/// What a plan would read and write.
pub fn description(plan: &Plan, business_date: Option<Day>) -> String {
    let mut text = format!("{}: nothing wrong\n", plan.title);
    for feed in &plan.feeds {
        let _ = writeln!(text, "  reads {} as {} ({}):", feed.name, feed.layout.table.name(), feed.layout.title);
        for file in &feed.files {
            let _ = writeln!(text, "    {}", crate::plan::check::shown(file));
        }
    }
    let folder = match business_date {
        Some(day) => plan.output.join(crate::run::pipeline::folder_name(plan, day)),
        None => plan.output.clone(),
    };
    let _ = writeln!(text, "  writes to {}", folder.display());
    text
}
