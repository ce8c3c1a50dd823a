//! `chartroom run PIPELINE`.

use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicUsize},
};

use clap::{Args, ValueEnum};

use super::{check::plan_of, complain, exit::Exit, print, progress::Bar};
use crate::{
    fs::FileError,
    plan::{Overrides, check::shown},
    record::{account::InputAccount, date::Day, period::Period},
    run::{
        account::{account, faults, some_of},
        outputs::label,
        pipeline::{Given, RunFault, run as run_pipeline},
    },
};

#[derive(Debug, Args)]
pub struct RunArguments {
    /// The pipeline file
    pipeline: PathBuf,
    /// Period of the statistics: 2026-10, 2026-Q3, 2026, or 2026-01-01..2026-03-31
    #[arg(long)]
    period: Option<String>,
    /// The business date, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// Folder in which the run makes its own folder [default: the pipeline's `output`]
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Folder in which the run remembers what it has taken
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,
    /// Format of the statistics
    #[arg(long, value_enum)]
    format: Option<StatisticsFormat>,
    /// Replace the newest output of the same name, where it is still what was sealed
    #[arg(long)]
    replace: bool,
    /// Threads to work with [default: one a core]
    #[arg(long, value_name = "NUMBER")]
    threads: Option<usize>,
    /// Check everything and say what would be read and written, but run nothing
    #[arg(long)]
    dry_run: bool,
    /// Print nothing but faults
    #[arg(long)]
    quiet: bool,
    /// Write a log to standard error
    #[arg(long, value_enum)]
    log: Option<LogFormat>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum StatisticsFormat {
    /// An Excel workbook
    Xlsx,
    /// Plain text
    Text,
    /// Both
    Both,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LogFormat {
    /// One line of words an event
    Text,
    /// One JSON object an event
    Json,
}

/// Runs a pipeline.
pub fn run(arguments: &RunArguments) -> Exit {
    start_log(arguments.log);
    let Some(business_date) = business_date(arguments.as_of.as_deref()) else {
        complain("error: --as-of takes a day, YYYY-MM-DD");
        return Exit::Configuration;
    };
    if let Some(Err(message)) = arguments.period.as_deref().map(Period::parse) {
        complain(&format!("error: {message}"));
        return Exit::Configuration;
    }
    if arguments.threads == Some(0) {
        complain("error: --threads takes a number of at least 1");
        return Exit::Configuration;
    }
    let overrides = Overrides {
        period: arguments.period.clone(),
        out: arguments.out.clone(),
        state: arguments.state.clone(),
        format: arguments.format.map(|format| {
            match format {
                StatisticsFormat::Xlsx => "xlsx",
                StatisticsFormat::Text => "text",
                StatisticsFormat::Both => "both",
            }
            .to_owned()
        }),
        business_date: arguments.as_of.as_ref().map(|_| business_date),
    };
    let plan = match plan_of(&arguments.pipeline, &overrides) {
        Ok(plan) => plan,
        Err(exit) => return exit,
    };
    if arguments.dry_run {
        return super::check::tell(&plan, Some(business_date));
    }
    if let Some(threads) = arguments.threads
        && rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().is_err()
    {
        complain("error: the threads cannot be started");
        return Exit::Internal;
    }
    let stop = Arc::new(AtomicUsize::new(0));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // Without the handler a signal still ends the program; the staging folder is then swept by the next run.
        let _ = signal_hook::flag::register_usize(signal, Arc::clone(&stop), signal as usize);
    }
    let bar = Bar::new(arguments.quiet || arguments.log.is_some());
    tracing::info!(pipeline = plan.title.as_str(), business_date = %business_date, feeds = plan.feeds.len(), "run begins");
    let done =
        run_pipeline(&plan, &Given { business_date, today: today(), replace: arguments.replace, stop, progress: &bar });
    bar.finish();
    match done {
        Ok(done) => {
            log_results(&done.results);
            let folder = shown(&done.publication.folder);
            tracing::info!(folder, "run published");
            if !arguments.quiet {
                let printed = print(&(account(&done.results, &folder) + &done.publication.words()));
                if printed != Exit::Done {
                    return printed;
                }
            }
            if done.unusable {
                complain_of_unusable(&done.results.inputs, arguments.quiet);
                return Exit::Input;
            }
            if done.gate { Exit::Gate } else { Exit::Done }
        }
        Err(fault) => {
            tracing::error!(message = %fault, "run failed");
            complain(&format!("error: {fault}"));
            exit_of(&fault)
        }
    }
}

/// Says which inputs could not be used; why stands in the account, and is said here where no account is printed.
fn complain_of_unusable(inputs: &[InputAccount], quiet: bool) {
    if quiet {
        return faults(inputs).iter().for_each(|fault| complain(&format!("error: {fault}")));
    }
    let unusable: Vec<String> = inputs.iter().filter(|input| !input.fault.is_empty()).map(label).collect();
    if !unusable.is_empty() {
        let were = if unusable.len() == 1 { "was" } else { "were" };
        complain(&format!("error: {} {were} not used; the account says why", some_of(&unusable)));
    }
}

fn exit_of(fault: &RunFault) -> Exit {
    match fault {
        RunFault::File(FileError::Busy { .. }) => Exit::TryAgain,
        RunFault::OtherPipeline(_) | RunFault::Irreplaceable { .. } => Exit::Configuration,
        RunFault::File(_) | RunFault::Write(_) | RunFault::NotRemembered { .. } => Exit::FileSystem,
        RunFault::Interrupted(signal) => Exit::Interrupted(*signal),
        RunFault::NothingUsable(_) | RunFault::CodeSets(_) => Exit::Input,
        RunFault::NotConserved(_) | RunFault::Internal(_) => Exit::Internal,
    }
}

/// The business date: stated, or today. The only place where the clock is read.
fn business_date(stated: Option<&str>) -> Option<Day> {
    match stated {
        Some(text) => Day::from_iso(text),
        None => Some(today()),
    }
}

fn today() -> Day {
    Day::from_date(chrono::Local::now().date_naive())
}

fn start_log(format: Option<LogFormat>) {
    let builder =
        tracing_subscriber::fmt().with_writer(std::io::stderr).without_time().with_target(false).with_ansi(false);
    // A log that cannot be set up (because a test set one up before) is no reason to stop.
    let _ = match format {
        None => return,
        Some(LogFormat::Text) => builder.try_init(),
        Some(LogFormat::Json) => builder.json().flatten_event(true).try_init(),
    };
}

fn log_results(results: &crate::run::results::RunResults) {
    for input in &results.inputs {
        tracing::info!(
            feed = input.feed.as_str(),
            file = input.file.as_str(),
            read = input.read,
            accepted = input.accepted,
            quarantined = input.quarantined,
            duplicate = input.duplicate,
            fault = input.fault.as_str(),
            "input"
        );
    }
    for (severity, count) in &results.findings {
        tracing::info!(severity, count, "findings");
    }
    for output in &results.outputs {
        tracing::info!(path = output.path.as_str(), rows = output.rows, sha256 = output.sha256.as_str(), "output");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_the_products_own_exits_70_and_a_full_disk_74() {
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        assert_eq!(exit_of(&RunFault::Internal("a page".to_owned())).number(), 70);
        assert_eq!(exit_of(&RunFault::NotConserved("discharges.csv".to_owned())).number(), 70);
        assert_eq!(exit_of(&RunFault::Write(full)).number(), 74);
    }
}
