//! `chartroom doctor PIPELINE-OR-FOLDER`.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{complain, exit::Exit, print, run};
use crate::{
    edits::explain::known,
    fs::{
        entries_of,
        opening::{NoFile, what_is},
        path::shown,
        with_what_to_do,
    },
    plan::{Overrides, Plan, check::check},
    problem::Problems,
    record::{listed, shown::shown as shown_text},
    run::doctor::{Remark, Weight, examine},
};

#[derive(Debug, Args)]
pub struct DoctorArguments {
    /// A pipeline file, or the folder of a site: then every pipeline file in it
    #[arg(default_value = ".")]
    path: PathBuf,
    /// The business date of the run, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// Print nothing where all is well
    #[arg(long)]
    quiet: bool,
}

/// Says what will fail tonight: 0 where nothing will, 1 otherwise.
pub fn doctor(arguments: &DoctorArguments) -> Exit {
    let Some(business_date) = run::business_date(arguments.as_of.as_deref()) else {
        complain("error: --as-of takes a day, YYYY-MM-DD");
        return Exit::Configuration;
    };
    let pipelines = match pipelines(&arguments.path) {
        Ok(pipelines) => pipelines,
        Err(message) => {
            complain(&format!("error: {message}"));
            return Exit::Configuration;
        }
    };
    let mut text = String::new();
    let mut exit = Exit::Done;
    let overrides = Overrides { business_date: Some(business_date), ..Overrides::default() };
    let checked: Vec<_> = pipelines.iter().map(|pipeline| check(pipeline, &overrides, &known())).collect();
    let plans: Vec<Plan> = checked.iter().filter_map(|plan| plan.as_ref().ok()).cloned().collect();
    for (pipeline, plan) in pipelines.iter().zip(&checked) {
        let (title, remarks) = match plan {
            Ok(plan) => (plan.title.clone(), examine(plan, business_date, &plans)),
            Err(problems) => (shown(pipeline), of_problems(problems)),
        };
        let fails = remarks.iter().filter(|remark| remark.weight == Weight::Fails).count();
        if fails > 0 {
            exit = Exit::Gate;
        }
        if arguments.quiet && remarks.is_empty() {
            continue;
        }
        let conclusion = match fails {
            0 => "nothing will fail".to_owned(),
            1 => "1 thing will fail".to_owned(),
            count => format!("{count} things will fail"),
        };
        let _ = writeln!(text, "{}, as of {business_date}: {conclusion}", shown_text(&title));
        for line in listed::lines(remarks.iter().map(|remark| {
            let weight = if remark.weight == Weight::Fails { "fails" } else { "look" };
            format!("{weight:<5}  {}", remark.words())
        })) {
            let _ = writeln!(text, "  {line}");
        }
    }
    match print(&text) {
        Exit::Done => exit,
        fault => fault,
    }
}

/// The pipeline files that a path names.
fn pipelines(path: &Path) -> Result<Vec<PathBuf>, String> {
    match what_is(path) {
        Ok(Ok(_)) => return Ok(vec![path.to_owned()]),
        Ok(Err(NoFile::Folder)) => {}
        Ok(Err(NoFile::Absent)) => return Err(format!("there is no file or folder {}", shown(path))),
        Ok(Err(no_file)) => return Err(format!("{} {no_file}", shown(path))),
        Err(error) => return Err(format!("{} cannot be read: {}", shown(path), with_what_to_do(&error))),
    }
    let entries =
        entries_of(path).map_err(|error| format!("{} cannot be read: {}", shown(path), with_what_to_do(&error)))?;
    let mut pipelines: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.is_file() && path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    pipelines.sort_unstable();
    if pipelines.is_empty() {
        return Err(format!(
            "{} holds no pipeline file: name the folder of a site, or its pipeline file. `chartroom init NAME` makes a site",
            shown(path)
        ));
    }
    Ok(pipelines)
}

/// What is wrong with the pipeline file and the files that it names, a remark each.
fn of_problems(problems: &Problems) -> Vec<Remark> {
    let exit = if problems.is_of_the_system() { Exit::FileSystem } else { Exit::Configuration };
    let why = format!("The run ends with {}, and reads nothing", exit.number());
    let of = |(number, problem): (usize, &crate::problem::Problem)| {
        // To find a place the file is counted through: of those that are not shown none is told.
        let place = (number < listed::SHOWN).then(|| problems.place(problem)).flatten();
        let place = place.map_or(String::new(), |(line, column)| format!(":{line}:{column}"));
        let to_do = problem.suggestion.clone().unwrap_or_default();
        Remark::fails(format!("{}{place}: {}", problem.path, problem.message), why.as_str(), to_do)
    };
    problems.sorted().into_iter().enumerate().map(of).collect()
}
