//! `chartroom history PIPELINE NUMBER`: of a record or patient, a finding or deficiency by its key, or a clinician.

use std::path::PathBuf;

use clap::Args;

use super::{check::plan_of, complain, exit::Exit, print, run::exit_of};
use crate::{
    fs::path::shown,
    plan::Overrides,
    record::shown::shown as shown_text,
    run::history::{LifeLine, VersionLine, clinician, history, life},
};

#[derive(Debug, Args)]
pub struct HistoryArguments {
    /// The pipeline file whose records the store keeps, or one that reads them
    pipeline: PathBuf,
    /// Number of an encounter or patient, key of a finding or deficiency, or name of a clinician
    number: String,
    /// Only records of this facility
    #[arg(long, value_name = "FACILITY")]
    facility: Option<String>,
}

/// Prints every version of a record that is kept, or the life of a finding; 1 where none is.
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
    match life(&plan, &arguments.number) {
        Ok(None) => {}
        Ok(Some((of, record, lines))) => {
            // With the rows that decided on it.
            let decisions = history(&plan, &arguments.number, None).unwrap_or_default();
            let decisions = if decisions.is_empty() { String::new() } else { format!("\n{}", text(&decisions)) };
            return print(&(life_text(&of, &record, &lines) + &decisions));
        }
        Err(fault) => {
            complain(&format!("error: {fault}"));
            return exit_of(&fault);
        }
    }
    match clinician(&plan, &arguments.number) {
        Ok(events) if events.is_empty() => {}
        Ok(events) => {
            let lines = events.iter().map(|event| shown_text(event).into_owned() + "\n");
            return print(&lines.collect::<String>());
        }
        Err(fault) => {
            complain(&format!("error: {fault}"));
            return exit_of(&fault);
        }
    }
    match history(&plan, &arguments.number, arguments.facility.as_deref()) {
        Ok(lines) if lines.is_empty() => {
            let at = if arguments.facility.is_some() { " at this facility" } else { "" };
            complain(&format!("error: the store keeps no record of this number{at}, and no finding of this key"));
            Exit::Gate
        }
        Ok(lines) => print(&text(&lines)),
        Err(fault) => {
            complain(&format!("error: {fault}"));
            exit_of(&fault)
        }
    }
}

fn life_text(of: &str, record: &str, lines: &[LifeLine]) -> String {
    let mut text = shown_text(&format!("{of}, record {record}")).into_owned() + "\n";
    for LifeLine { night, what } in lines {
        text.push_str(&format!("{night}  {what}\n"));
    }
    text
}

fn text(lines: &[VersionLine]) -> String {
    // Several records are told apart by their numbers; of one it is what was asked for.
    let several = lines.iter().any(|line| line.number != lines[0].number);
    let cells: Vec<[String; 6]> = lines
        .iter()
        .map(|line| {
            let number = if several { shown_text(&line.number).into_owned() } else { String::new() };
            let what = if line.changed.is_empty() {
                line.fate.clone()
            } else {
                format!("{}; differs in {}", line.fate, line.changed)
            };
            [
                number,
                line.table.name().to_owned(),
                shown_text(&line.facility_id).into_owned(),
                line.taken.clone(),
                format!("{} row {}", shown_text(&line.input), line.row),
                what,
            ]
        })
        .collect();
    let headings =
        [if several { "number" } else { "" }, "table", "facility", "taken", "file and row", "what became of it"]
            .map(str::to_owned);
    let widths: Vec<usize> = (usize::from(!several)..6)
        .map(|at| cells.iter().chain([&headings]).map(|row| row[at].chars().count()).max().unwrap_or(0))
        .collect();
    let line = |row: &[String; 6]| {
        let padded = row[6 - widths.len()..]
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect::<Vec<_>>();
        padded.join("  ").trim_end().to_owned() + "\n"
    };
    std::iter::once(&headings).chain(&cells).map(line).collect()
}
