//! `chartroom run PIPELINE`.

use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::PathBuf,
    sync::{Arc, atomic::AtomicUsize},
};

use clap::{Args, ValueEnum};

use crate::{
    cli::{
        check::{plan_of, tell},
        complain, complain_lines, complain_of_each,
        exit::Exit,
        log::{self, LogFormat},
        night, print, print_piece,
        progress::Bar,
        signals,
    },
    fs::path::shown,
    plan::{Overrides, Plan},
    record::{date::Day, period::Period, shown},
    run::{
        account::{account, outputs_of},
        expected_files::{NothingCame, nothing_came},
        fault::RunFault,
        morning::MorningPage,
        options::RunOptions,
        pipeline::run as run_pipeline,
        publication::Placed,
        stage::{Ending, Stage},
        state,
    },
};

/// Threads that a run may be told to work with: no machine has more cores, and each thread takes memory.
pub const MOST_THREADS: usize = 1024;

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
    format: Option<FormatArgument>,
    /// Replace the newest output of the same name, unless it was changed after it was sealed
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
enum FormatArgument {
    /// An Excel workbook
    Xlsx,
    /// A page of HTML with charts
    Html,
    /// Plain text
    Text,
    /// Comma-separated values, a file a table
    Csv,
    /// An Excel workbook and plain text
    Both,
    /// Every one of them
    All,
}

/// Runs a pipeline.
pub fn run(arguments: &RunArguments) -> Exit {
    run_with(arguments, false)
}

/// Runs a pipeline, and examines all records that are kept.
pub fn reexamine(arguments: &RunArguments) -> Exit {
    run_with(arguments, true)
}

fn run_with(arguments: &RunArguments, everything: bool) -> Exit {
    if let Some(format) = arguments.log {
        log::start(format);
    }
    let Some(business_date) = business_date(arguments.as_of.as_deref()) else {
        complain("error: --as-of takes a day, YYYY-MM-DD");
        return Exit::Configuration;
    };
    if let Some(Err(message)) = arguments.period.as_deref().map(Period::parse) {
        complain(&format!("error: {message}"));
        return Exit::Configuration;
    }
    if arguments.threads.is_some_and(|threads| !(1..=MOST_THREADS).contains(&threads)) {
        complain(&format!("error: --threads takes a number from 1 to {MOST_THREADS}"));
        return Exit::Configuration;
    }
    let overrides = Overrides {
        period: arguments.period.clone(),
        out: arguments.out.clone(),
        state: arguments.state.clone(),
        format: arguments.format.map(|format| {
            match format {
                FormatArgument::Xlsx => "xlsx",
                FormatArgument::Html => "html",
                FormatArgument::Text => "text",
                FormatArgument::Csv => "csv",
                FormatArgument::Both => "both",
                FormatArgument::All => "all",
            }
            .to_owned()
        }),
        business_date: arguments.as_of.as_ref().map(|_| business_date),
    };
    let mut plan = match plan_of(&arguments.pipeline, &overrides) {
        Ok(plan) => plan,
        Err(exit) => {
            if !arguments.dry_run {
                night::after_faulty_file(&arguments.pipeline, arguments.out.as_deref(), business_date, exit);
            }
            return exit;
        }
    };
    if arguments.dry_run {
        return tell(&plan, Some(business_date));
    }
    // A month that is counted beside the nights has no morning.
    if arguments.period.is_some() {
        plan.night = None;
    }
    if !state::keeps_records(&plan)
        && let Some(nothing) = nothing_came(&plan, business_date)
        && plan.feeds.iter().flat_map(|feed| &feed.unmatched).all(|unmatched| unmatched.fault.is_none())
    {
        return say_nothing_came(&plan, business_date, &nothing, arguments.quiet);
    }
    if let Some(threads) = arguments.threads
        && rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().is_err()
    {
        complain("error: the threads cannot be started");
        return Exit::Internal;
    }
    let stop = Arc::new(AtomicUsize::new(0));
    let stage = Arc::new(Stage::default());
    signals::watch(&stop, &stage);
    let bar = Bar::new(arguments.quiet || arguments.log.is_some());
    tracing::info!(pipeline = plan.title.as_str(), business_date = %business_date, feeds = plan.feeds.len(), "run begins");
    let options = RunOptions {
        business_date,
        today: today(),
        replace: arguments.replace,
        everything,
        traces: false,
        stop,
        stage: Arc::clone(&stage),
        progress: &bar,
    };
    let run = || run_and_tell(&plan, &options, &bar, arguments.quiet);
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|cause| match stage.look() {
        None => {
            let page = MorningPage::of_fault(&plan.title, business_date, Exit::Internal.number(), INTERNAL_FAULT);
            night::after(&plan, business_date, Exit::Internal, &page, None);
            resume_unwind(cause)
        }
        Some(published) => {
            complain_of_not_used(&stage);
            complain(PUBLISHED_BEFORE_FAULT);
            exit_of_published(published.ending, published.followed_up == Some(true))
        }
    })
}

/// Asks something of a run that publishes nothing: which records stand behind its figures.
pub fn options_of_question<T>(business_date: Day, ask: impl FnOnce(&RunOptions<'_>) -> T) -> T {
    let (stop, stage) = (Arc::new(AtomicUsize::new(0)), Arc::new(Stage::default()));
    signals::watch(&stop, &stage);
    let bar = Bar::new(true);
    let options = RunOptions {
        business_date,
        today: business_date,
        replace: false,
        everything: true,
        traces: true,
        stop,
        stage,
        progress: &bar,
    };
    ask(&options)
}

/// What the morning page says of a fault of the program's own.
const INTERNAL_FAULT: &str = "a fault of the program itself; please report what was run, without the data";

/// What is said of a fault of the program's own that comes when the output is published.
const PUBLISHED_BEFORE_FAULT: &str = "error: published, but then an internal fault came; what is done beside the output may be missing, and the next run makes it good. Please report what was run, without the data";

/// Runs a plan and says what it came to.
fn run_and_tell(plan: &Plan, options: &RunOptions<'_>, bar: &Bar, quiet: bool) -> Exit {
    let done = run_pipeline(plan, options);
    bar.finish();
    match done {
        Ok(done) => {
            log_results(&done.results);
            let folder = shown(&done.publication.folder);
            match done.publication.placed {
                Placed::SameAs => tracing::info!(folder, "the same lies there; nothing to do"),
                _ => tracing::info!(folder, "run published"),
            }
            if !quiet {
                let written = match done.publication.placed {
                    Placed::SameAs => "\n".to_owned(),
                    _ => outputs_of(&done.results, &folder),
                };
                let words = account(&done.results) + &written + &done.publication.words();
                if print_piece(&words).is_err_and(|exit| exit != Exit::Done) {
                    complain(ACCOUNT_NOT_PRINTED);
                }
            }
            complain_of_each(done.publication.faults.iter().map(|fault| format!("published, but {fault}")));
            complain_of_not_used(&options.stage);
            let missing = done.results.inputs.iter().filter(|input| !input.missing.is_empty());
            complain_of_each(missing.map(|input| format!("{}: {}", input.feed, input.missing)));
            let exit = exit_of_published(done.ending, done.publication.faults.is_empty());
            let page = MorningPage::of(plan, &done, exit.number());
            // The page of a later night stays.
            if done.results.desks.night.not_followed.is_empty() {
                night::after(plan, options.business_date, exit, &page, Some(&done));
            }
            exit
        }
        Err(fault) => {
            match &fault {
                RunFault::NothingUsable(_) => complain_lines(&format!("error: {fault}")),
                _ => complain(&format!("error: {fault}")),
            }
            let (exit, words) = (exit_of(&fault), fault.to_string());
            let page = MorningPage::of_fault(&plan.title, options.business_date, exit.number(), &words);
            // The page of that name is another pipeline's.
            if !matches!(fault, RunFault::OtherPipeline(_)) {
                night::after(plan, options.business_date, exit, &page, None);
            }
            exit
        }
    }
}

/// Nothing is run and nothing published: either nothing was to come, or what is due did not.
fn say_nothing_came(plan: &Plan, business_date: Day, nothing: &NothingCame, quiet: bool) -> Exit {
    let of_state = state::faults(plan);
    if !of_state.is_empty() {
        complain_of_each(of_state.iter().map(ToString::to_string));
        let words = of_state.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let page = MorningPage::of_fault(&plan.title, business_date, Exit::FileSystem.number(), &words);
        night::after(plan, business_date, Exit::FileSystem, &page, None);
        return Exit::FileSystem;
    }
    if !nothing.due.is_empty() {
        complain_of_each(nothing.due.iter().cloned());
        complain("error: nothing came, so nothing was published");
        let words = nothing.due.join("\n");
        let page = MorningPage::of_fault(&plan.title, business_date, Exit::MissingInput.number(), &words);
        night::after(plan, business_date, Exit::MissingInput, &page, None);
        return Exit::MissingInput;
    }
    night::after(plan, business_date, Exit::Done, &MorningPage::of_nothing(&plan.title, business_date), None);
    tracing::info!("nothing new");
    if quiet {
        return Exit::Done;
    }
    let looked_for = &nothing.looked_for;
    let words = format!("{}, as of {business_date}: nothing new; no file matches {looked_for}", plan.title);
    print(&(shown::shown(&words).into_owned() + "\n"))
}

/// Says which inputs could not be used, why, and what to do: the first hundred of them.
pub fn complain_of_not_used(stage: &Stage) {
    stage.why_not_used().iter().for_each(|why| complain(&format!("error: {why}")));
}

/// What is said where an output was published and its account cannot be printed: standard output is full, or hangs.
pub const ACCOUNT_NOT_PRINTED: &str = "published; the account was not printed";

/// How a run ends that has published. The heaviest is told: what could not be written, what could not be read, what did not come, what was found.
pub fn exit_of_published(ending: Ending, is_followed_up: bool) -> Exit {
    match ending {
        _ if !is_followed_up => Exit::FileSystem,
        Ending { unusable: true, .. } => Exit::Input,
        Ending { missing: true, .. } => Exit::MissingInput,
        Ending { gate: true, .. } => Exit::Gate,
        _ => Exit::Done,
    }
}

pub fn exit_of(fault: &RunFault) -> Exit {
    match fault {
        RunFault::File(error) => error.into(),
        RunFault::OtherPipeline(_) | RunFault::Irreplaceable { .. } => Exit::Configuration,
        RunFault::Write(_)
        | RunFault::Place(_)
        | RunFault::Inbox(_)
        | RunFault::Worklists(_)
        | RunFault::NotAtItsPlace { .. } => Exit::FileSystem,
        RunFault::Interrupted(signal) => Exit::Interrupted(*signal),
        RunFault::NothingUsable(_) => Exit::Input,
        RunFault::NotConserved(_) | RunFault::Internal(_) | RunFault::ExamineEverything(_) => Exit::Internal,
    }
}

/// The business date: stated, or today. The only place where the clock is read.
pub fn business_date(stated: Option<&str>) -> Option<Day> {
    match stated {
        Some(text) => Day::from_iso(text),
        None => Some(today()),
    }
}

/// When the program began, to tell how long it took.
pub fn begun() -> std::time::Instant {
    std::time::Instant::now()
}

/// The time of an event of the log.
#[expect(clippy::disallowed_methods, reason = "the clock of the log, which no figure depends on")]
pub fn clock() -> String {
    chrono::Local::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, false)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the business date where none is stated: the one place that asks the clock"
)]
fn today() -> Day {
    Day::from_date(chrono::Local::now().date_naive())
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
