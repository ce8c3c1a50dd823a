//! `chartroom month ...`: months whose figures are published.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{check::plan_of, complain, exit::Exit, print, run};
use crate::{
    fs::path::shown,
    plan::{Overrides, Plan},
    run::closing::{ClosingFault, close, closed},
};

#[derive(Debug, Subcommand)]
pub enum MonthCommand {
    /// Publish the figures of a month: those of the newest run of it. Later runs are restatements
    Close(CloseArguments),
    /// List the months that are closed, with the outputs that restate them
    List(MonthsArguments),
}

#[derive(Debug, Args)]
pub struct CloseArguments {
    /// The month, or another period: 2026-10, 2026-Q3, 2026
    period: String,
    /// The pipeline file that counts it
    pipeline: PathBuf,
    /// The day of closing, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// The state folder, where the runs were given another one
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct MonthsArguments {
    /// The pipeline file that counts them
    pipeline: PathBuf,
    /// The state folder, where the runs were given another one
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,
}

/// Does what is asked.
pub fn month(command: &MonthCommand) -> Exit {
    match command {
        MonthCommand::Close(arguments) => {
            let Some(today) = run::business_date(arguments.as_of.as_deref()) else {
                complain("error: --as-of takes a day, YYYY-MM-DD");
                return Exit::Configuration;
            };
            let overrides = Overrides {
                period: Some(arguments.period.clone()),
                state: arguments.state.clone(),
                ..Overrides::default()
            };
            match plan_of(&arguments.pipeline, &overrides) {
                Ok(plan) => say_closed(&plan, close(&plan, today)),
                Err(exit) => exit,
            }
        }
        MonthCommand::List(arguments) => {
            let overrides = Overrides { state: arguments.state.clone(), ..Overrides::default() };
            match plan_of(&arguments.pipeline, &overrides) {
                Ok(plan) => list(&plan),
                Err(exit) => exit,
            }
        }
    }
}

fn say_closed(plan: &Plan, done: Result<crate::run::closing::ClosedOutput, ClosingFault>) -> Exit {
    match done {
        Ok(closed) => print(&format!(
            "{} of {} is closed: its figures are those of {}\nwhat later runs say of it are restatements; `chartroom compare` lists what they change\n",
            closed.period,
            crate::record::shown::shown(&plan.title),
            shown(&closed.folder),
        )),
        Err(fault) => failed(&fault),
    }
}

fn list(plan: &Plan) -> Exit {
    let closed = match closed(plan) {
        Ok(closed) => closed,
        Err(fault) => return failed(&fault),
    };
    if closed.is_empty() {
        return print("no month is closed\n");
    }
    let mut text = String::new();
    for month in closed {
        let gone = if month.folder.exists() { "" } else { " (gone; put it back)" };
        text += &format!("{}  closed {}  {}{gone}\n", month.period, month.closed_on, shown(&month.folder));
        for later in &month.restatements {
            text += &format!("  restated by {}\n", shown(later));
        }
    }
    print(&text)
}

fn failed(fault: &ClosingFault) -> Exit {
    complain(&format!("error: {fault}"));
    match fault {
        ClosingFault::File(error) => error.into(),
        _ => Exit::Configuration,
    }
}
