//! `chartroom history PIPELINE NUMBER`.

use std::path::PathBuf;

use clap::Args;

use super::{check::plan_of, complain, exit::Exit, print, run::exit_of};
use crate::{
    fs::path::shown,
    plan::Overrides,
    record::shown::shown as shown_text,
    run::history::{VersionLine, history},
};

#[derive(Debug, Args)]
pub struct HistoryArguments {
    /// The pipeline file whose records the store keeps, or one that reads them
    pipeline: PathBuf,
    /// Number of the encounter, or of a patient of a patients feed
    number: String,
    /// Only records of this facility
    #[arg(long, value_name = "FACILITY")]
    facility: Option<String>,
}

/// Prints every version of a record that is kept; 1 where none is.
pub fn print_history(arguments: &HistoryArguments) -> Exit {
    let plan = match plan_of(&arguments.pipeline, &Overrides::default()) {
        Ok(plan) => plan,
        Err(exit) => return exit,
    };
    if plan.records.is_none() {
        let pipeline = shown(&arguments.pipeline);
        complain(&format!("error: {pipeline} keeps no records; the section [store] does (chartroom docs store)"));
        return Exit::Configuration;
    }
    match history(&plan, &arguments.number, arguments.facility.as_deref()) {
        Ok(lines) if lines.is_empty() => {
            let at = if arguments.facility.is_some() { " at this facility" } else { "" };
            complain(&format!("error: the store keeps no record of this number{at}"));
            Exit::Gate
        }
        Ok(lines) => print(&text(&lines)),
        Err(fault) => {
            complain(&format!("error: {fault}"));
            exit_of(&fault)
        }
    }
}

fn text(lines: &[VersionLine]) -> String {
    let cells: Vec<[String; 5]> = lines
        .iter()
        .map(|line| {
            let what = if line.changed.is_empty() {
                line.fate.clone()
            } else {
                format!("{}; differs in {}", line.fate, line.changed)
            };
            [
                line.table.name().to_owned(),
                shown_text(&line.facility_id).into_owned(),
                line.taken.clone(),
                format!("{} row {}", shown_text(&line.input), line.row),
                what,
            ]
        })
        .collect();
    let headings = ["table", "facility", "taken", "file and row", "what became of it"].map(str::to_owned);
    let widths: Vec<usize> = (0..5)
        .map(|at| cells.iter().chain([&headings]).map(|row| row[at].chars().count()).max().unwrap_or(0))
        .collect();
    let line = |row: &[String; 5]| {
        let padded = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect::<Vec<_>>();
        padded.join("  ").trim_end().to_owned() + "\n"
    };
    std::iter::once(&headings).chain(&cells).map(line).collect()
}
