//! `chartroom compare BEFORE AFTER`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{
    complain,
    exit::Exit,
    print,
    run::{exit_of, options_of_question},
    trace::plan_of_output,
};
use crate::{
    archive::own_seal::OwnSeal,
    book::csv::{CsvTable, in_memory},
    fs::{FileError, path::shown, write_new},
    record::{account::grouped, shown::shown as shown_text},
    run::{
        compare::{
            ChangeKind, CompareFault, FigureChange, FiguresChanged, FindingsChanged, OutputDifferences, RecordChange,
            RecordsChanged, compare,
        },
        trace::{
            asked::TracedOutput,
            explain::{Explained, FiguresExplained, RecordBehind, explain, name_of},
        },
    },
    store::upkeep::empty_folder,
};

#[derive(Debug, Args)]
pub struct CompareArguments {
    /// The sealed output of the earlier run
    before: PathBuf,
    /// The sealed output of the later one
    after: PathBuf,
    /// Say which late, corrected and withdrawn records stand behind the figures that differ; the later run is made once more for that, and nothing of it is published
    #[arg(long)]
    explain: bool,
    /// The pipeline file, with --explain [default: the one of the output's title, looked for here, in pipelines and beside the output]
    #[arg(long, value_name = "FILE")]
    pipeline: Option<PathBuf>,
    /// The state folder, with --explain, where the runs were given another one
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,
    /// Write what differs as lists into this folder, new or empty: figures, records, findings
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
}

/// Figures that are printed; the lists have all.
const MOST_PRINTED: usize = 40;

/// Prints what differs between two outputs: 0 where nothing does, 1 where something does.
pub fn print_comparison(arguments: &CompareArguments) -> Exit {
    let (before, after, found) = match compare(&arguments.before, &arguments.after) {
        Ok(compared) => compared,
        Err(fault) => {
            complain(&format!("error: {fault}"));
            return match fault {
                CompareFault::File(error) => (&error).into(),
                CompareFault::Records(_) => Exit::FileSystem,
                _ => Exit::Configuration,
            };
        }
    };
    let explained = match arguments.explain.then(|| explain_it(arguments, &before, &found)) {
        None => None,
        Some(Ok(explained)) => Some(explained),
        Some(Err(exit)) => return exit,
    };
    let mut text = heading("before", &arguments.before, &before) + &heading("after", &arguments.after, &after);
    text += &summary(&found, explained.as_ref());
    if let Some(folder) = &arguments.to {
        match write_lists(folder, &found, explained.as_ref()) {
            Ok(()) => text += &format!("lists: {}\n", shown(folder)),
            Err(error) => {
                complain(&format!("error: {error}"));
                return (&error).into();
            }
        }
    }
    let is_same = found.figures.is_empty() && found.records.is_empty() && found.findings.is_empty();
    match print(&text) {
        Exit::Done if is_same => Exit::Done,
        Exit::Done => Exit::Gate,
        other => other,
    }
}

fn heading(which: &str, folder: &Path, seal: &OwnSeal) -> String {
    let period = if seal.period.is_empty() { String::new() } else { format!(", {}", seal.period) };
    format!("{which:<7} {}: {}{period}, as of {}\n", shown(folder), shown_text(&seal.pipeline), seal.business_date)
}

/// The records behind the figures that differ.
fn explain_it(arguments: &CompareArguments, before: &OwnSeal, found: &OutputDifferences) -> Result<Explained, Exit> {
    let output = TracedOutput::of(&arguments.after).map_err(|fault| {
        complain(&format!("error: {fault}"));
        Exit::Configuration
    })?;
    let (plan, _) = plan_of_output(&output, arguments.pipeline.as_deref(), arguments.state.as_deref())?;
    let differ = (found.figures.as_slice(), found.records.as_slice());
    let explained =
        options_of_question(output.seal.business_date, |options| explain(&plan, options, &before.inputs, differ));
    explained.map_err(|fault| {
        complain(&format!("error: {fault}"));
        exit_of(&fault)
    })
}

/// The records behind a figure, in words.
fn behind(explained: &Explained, change: &FigureChange) -> String {
    let name = name_of(change);
    let records: Vec<&RecordBehind> = explained.records.iter().filter(|behind| behind.name == name).collect();
    if records.is_empty() {
        return "      by no record that differs\n".to_owned();
    }
    let shown: Vec<String> = records
        .iter()
        .take(MOST_NAMED)
        .map(|behind| format!("{} ({})", shown_text(&behind.encounter_id), behind.what.name()))
        .collect();
    let more = records.len().saturating_sub(MOST_NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {} more", grouped(more as u64)) };
    format!("      by {}{more}\n", shown.join(", "))
}

/// Records that are named behind a figure; the list has all.
const MOST_NAMED: usize = 5;

fn summary(found: &OutputDifferences, explained: Option<&Explained>) -> String {
    let of =
        |kind: ChangeKind| found.records.iter().filter(|record: &&RecordChange| record.kind == kind).count() as u64;
    let findings = |kind: ChangeKind| found.findings.iter().filter(|finding| finding.kind == kind).count() as u64;
    let mut text = format!(
        "\nfigures   {} differ of {} that both have\nrecords   new {}, gone {}, changed {}\nfindings  new {}, gone {}\n",
        grouped(found.figures.len() as u64),
        grouped(found.figures_in_both as u64),
        grouped(of(ChangeKind::New)),
        grouped(of(ChangeKind::Gone)),
        grouped(of(ChangeKind::Changed)),
        grouped(findings(ChangeKind::New)),
        grouped(findings(ChangeKind::Gone)),
    );
    if found.is_partial {
        text += "records   of those that both runs examined: one of them examined what changed alone\nfindings  of those that both runs list as open\n";
    }
    let or_none = |value: &str| if value.is_empty() { "none".to_owned() } else { value.to_owned() };
    for change in found.figures.iter().take(MOST_PRINTED) {
        let figure = &change.figure;
        let place =
            [&figure.sheet, &figure.table, &figure.row, &figure.column].map(|word| shown_text(word).into_owned());
        text += &format!("  {}: {} to {}\n", place.join(", "), or_none(&figure.value), or_none(&change.after));
        if let Some(explained) = explained {
            text += &behind(explained, change);
        }
    }
    if found.figures.len() > MOST_PRINTED {
        let more = grouped((found.figures.len() - MOST_PRINTED) as u64);
        text += &format!("  and {more} more; --to FOLDER writes all\n");
    }
    if explained.is_some_and(|explained| !explained.has_earlier_inputs) {
        text +=
            "files of the earlier run are no longer read: what its records were then is known of the others alone\n";
    }
    text
}

fn write_lists(folder: &Path, found: &OutputDifferences, explained: Option<&Explained>) -> Result<(), FileError> {
    empty_folder(folder)?;
    if let Some(explained) = explained {
        write_list::<FiguresExplained>(folder, &explained.records)?;
    }
    write_list::<FiguresChanged>(folder, &found.figures)?;
    write_list::<RecordsChanged>(folder, &found.records)?;
    write_list::<FindingsChanged>(folder, &found.findings)
}

fn write_list<'r, T: CsvTable>(folder: &Path, rows: impl IntoIterator<Item = T::Row<'r>>) -> Result<(), FileError> {
    write_table::<T>(&folder.join(T::PATH), rows)
}

/// Writes a table into a new file.
pub fn write_table<'r, T: CsvTable>(path: &Path, rows: impl IntoIterator<Item = T::Row<'r>>) -> Result<(), FileError> {
    let columns = T::columns();
    let line = |row: T::Row<'r>| columns.iter().map(|(_, cell)| cell(&row).into_owned()).collect::<Vec<String>>();
    let lines: Vec<Vec<String>> = rows.into_iter().map(line).collect();
    match write_new(path, &in_memory(T::headings(), &lines))? {
        true => Ok(()),
        false => Err(FileError::Foreign { path: path.to_owned() }),
    }
}
