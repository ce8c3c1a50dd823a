//! `chartroom trace WORKBOOK CELL`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{
    check::plan_of,
    compare::write_table,
    complain,
    exit::Exit,
    print,
    run::{exit_of, options_of_question},
};
use crate::{
    book::csv::CsvTable as _,
    edits::explain::known,
    fs::{entries_of, path::shown, read_configuration_text},
    plan::{Overrides, Plan, check::check as check_plan},
    record::{account::grouped, listed::some_of, shown::shown as shown_text},
    run::trace::{
        Trace,
        asked::{AskedFault, AskedFigure, TracedOutput},
        table::{TraceLines, lines_of},
        trace,
    },
};

#[derive(Debug, Args)]
pub struct TraceArguments {
    /// The workbook or the page of a sealed output, or its folder
    workbook: PathBuf,
    /// The figure: sheet and cell, such as 'Measures!C5', or the name that it has on the page
    figure: String,
    /// The pipeline file [default: the one of the output's title, looked for here, in pipelines and beside the output]
    #[arg(long, value_name = "FILE")]
    pipeline: Option<PathBuf>,
    /// The state folder, where the run was given another one
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,
    /// Write every record and row to this file, as CSV
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

/// Records that are printed; the file has all.
const MOST_PRINTED: usize = 40;

/// Prints the records and rows behind a figure; 1 where they do not add up to it.
pub fn print_trace(arguments: &TraceArguments) -> Exit {
    let (output, figure) = match TracedOutput::of(&arguments.workbook)
        .and_then(|output| output.figure(&arguments.figure).map(|figure| (output, figure)))
    {
        Ok(found) => found,
        Err(fault) => {
            complain(&format!("error: {fault}"));
            return match fault {
                AskedFault::File(error) => (&error).into(),
                _ => Exit::Configuration,
            };
        }
    };
    let (plan, pipeline) = match plan_of_output(&output, arguments.pipeline.as_deref(), arguments.state.as_deref()) {
        Ok(found) => found,
        Err(exit) => return exit,
    };
    let traced =
        options_of_question(output.seal.business_date, |options| trace(&plan, options, &figure, &output.seal.inputs));
    let traced = match traced {
        Ok(traced) => traced,
        Err(fault) => {
            complain(&format!("error: {fault}"));
            return exit_of(&fault);
        }
    };
    if let Some(path) = &arguments.to
        && let Err(error) = write_table::<TraceLines>(path, &lines_of(&traced))
    {
        complain(&format!("error: {error}"));
        return (&error).into();
    }
    let published = match &figure {
        AskedFigure::Named(_, value) => value.as_deref(),
        AskedFigure::OnBoard(_) => None,
    };
    let is_same = published.is_none_or(|value| traced.value.as_ref().is_some_and(|now| now.written() == value));
    let text = text(&traced, published, (&pipeline, arguments.to.as_deref()));
    match print(&text) {
        Exit::Done if !is_same || traced.value.is_none() || !traced.others_now.is_empty() => Exit::Gate,
        exit => exit,
    }
}

/// The plan that made an output, with the files that its run read, and the pipeline file.
pub fn plan_of_output(
    output: &TracedOutput,
    pipeline: Option<&Path>,
    state: Option<&Path>,
) -> Result<(Plan, PathBuf), Exit> {
    let found = match pipeline {
        Some(path) => path.to_owned(),
        None => match pipeline_of(output) {
            Some(path) => path,
            None => {
                complain(&format!(
                    "error: no pipeline file with the title `{}` lies here, in the folder pipelines or beside the output; name it with --pipeline",
                    output.seal.pipeline
                ));
                return Err(Exit::Configuration);
            }
        },
    };
    let overrides = Overrides {
        period: Some(output.seal.period.clone()).filter(|period| !period.is_empty()),
        state: state.map(Path::to_owned),
        business_date: Some(output.seal.business_date),
        ..Overrides::default()
    };
    let mut plan = plan_of(&found, &overrides)?;
    if plan.title != output.seal.pipeline {
        complain(&format!(
            "error: {} is the pipeline `{}`, the output is of `{}`",
            shown(&found),
            plan.title,
            output.seal.pipeline
        ));
        return Err(Exit::Configuration);
    }
    plan.night = None;
    // What came after the run is none of it.
    for feed in &mut plan.feeds {
        let was_read = |file: &PathBuf| {
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            output.seal.inputs.iter().any(|input| input.feed == feed.name && input.file == name)
        };
        feed.files.retain(was_read);
        feed.unmatched.retain(|unmatched| unmatched.fault.is_some());
    }
    Ok((plan, found))
}

/// The pipeline file of an output's title: in this folder, in `pipelines`, or beside the folder of outputs.
fn pipeline_of(output: &TracedOutput) -> Option<PathBuf> {
    let above =
        output.folder.ancestors().skip(1).take(2).flat_map(|folder| [folder.to_owned(), folder.join("pipelines")]);
    let here = [PathBuf::from("."), PathBuf::from("pipelines")];
    let title = &output.seal.pipeline;
    let is_it = |path: &PathBuf| {
        path.extension().is_some_and(|ending| ending == "toml")
            && read_configuration_text(path).is_ok_and(|text| text.contains(title.as_str()))
            && check_plan(path, &Overrides::default(), &known()).is_ok_and(|plan| plan.title == *title)
    };
    here.into_iter().chain(above).find_map(|folder| {
        let entries = entries_of(&folder).ok()?;
        let mut files: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
        files.sort();
        files.into_iter().find(is_it)
    })
}

/// What is printed.
fn text(traced: &Trace, published: Option<&str>, (pipeline, to): (&Path, Option<&Path>)) -> String {
    let name = &traced.name;
    let words = [&name.sheet, &name.row, &name.column].map(|word| shown_text(word).into_owned());
    let now = traced.value.as_ref().map_or_else(|| "none".to_owned(), |value| value.written());
    let mut text = format!("{}: {now}\nby {}\n", words.join(", "), shown(pipeline));
    if let Some(published) = published.filter(|published| *published != now) {
        text += &format!(
            "the workbook has {}: records, registers or the pipeline have changed since\n",
            if published.is_empty() { "none" } else { published }
        );
    }
    if !traced.others_now.is_empty() {
        let names = shown_text(&some_of(&traced.others_now)).into_owned();
        text += &format!("files of the run are gone, or others now: {names}; what follows is of what is read now\n");
    }
    text += &traced.summary();
    let lines = lines_of(traced);
    let columns = TraceLines::columns();
    let cells: Vec<Vec<String>> = lines
        .iter()
        .take(MOST_PRINTED)
        .map(|line| columns.iter().map(|(_, cell)| shown_text(&cell(&line)).into_owned()).collect())
        .collect();
    let is_used = |at: usize| cells.iter().any(|row| !row[at].is_empty());
    let used: Vec<usize> = (0..columns.len()).filter(|at| is_used(*at)).collect();
    let width = |at: usize| {
        let longest = cells.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
        longest.max(columns[at].0.chars().count())
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let mut line = |cell: &dyn Fn(usize) -> String| {
        let padded: Vec<String> = used.iter().map(|at| format!("{:<width$}", cell(*at), width = widths[*at])).collect();
        text += &(padded.join("  ").trim_end().to_owned() + "\n");
    };
    if !cells.is_empty() {
        line(&|at| columns[at].0.to_owned());
    }
    cells.iter().for_each(|row| line(&|at| row[at].clone()));
    if lines.len() > MOST_PRINTED && to.is_none() {
        text += &format!("and {} more; --to FILE writes all\n", grouped((lines.len() - MOST_PRINTED) as u64));
    }
    if let Some(path) = to {
        text += &format!("all {}: {}\n", grouped(lines.len() as u64), shown(path));
    }
    text
}
