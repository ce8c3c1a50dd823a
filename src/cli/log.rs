//! The log: one line an event on standard error, as words or as JSON objects. Without it, messages are plain lines.
//!
//! Once the log is on, everything that is said on standard error is an event of it, faults of the command line and of
//! configuration files too, so that a reader of lines needs to understand one form only. It ends with the exit code and the duration.

use std::{
    ffi::OsString,
    io::{self, Write},
    sync::OnceLock,
    time::Duration,
};

use clap::ValueEnum;
use tracing_subscriber::fmt::{format, time::FormatTime};

use super::{exit::Exit, run::clock};
use crate::{
    problem::Problems,
    record::{
        listed,
        shown::{in_json, shown},
    },
};

/// Form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One line of words an event
    Text,
    /// One JSON object an event
    Json,
}

static STARTED: OnceLock<LogFormat> = OnceLock::new();

/// The time of an event, as the one clock of the program has it.
struct Clock;

impl FormatTime for Clock {
    fn format_time(&self, writer: &mut format::Writer<'_>) -> std::fmt::Result {
        writer.write_str(&clock())
    }
}

/// Standard error, with escapes for what a terminal would obey. An event comes in one piece, and a piece has no half of a character.
struct Shown(LogFormat);

impl Write for Shown {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let safe = match self.0 {
            // An event is one line, whatever a name in it holds.
            LogFormat::Text => shown(text.trim_end_matches('\n')) + "\n",
            LogFormat::Json => in_json(&text),
        };
        // Where nobody takes the log the work goes on: the subscriber would tell the fault to standard error, and end the program.
        let _ = io::stderr().write_all(safe.as_bytes());
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = io::stderr().flush();
        Ok(())
    }
}

/// Starts the log.
pub fn start(format: LogFormat) {
    if STARTED.set(format).is_err() {
        return;
    }
    let builder = tracing_subscriber::fmt()
        .with_writer(move || Shown(format))
        .with_timer(Clock)
        .with_target(false)
        .with_ansi(false);
    // A log that cannot be set up (because a test set one up before) is no reason to stop.
    let _ = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}

/// Whether the log is on.
pub fn is_on() -> bool {
    STARTED.get().is_some()
}

/// The form that a command line asks for, even where the rest of it cannot be understood.
pub fn asked_for(arguments: &[OsString]) -> Option<LogFormat> {
    let words: Vec<&str> = arguments.iter().map(|argument| argument.to_str().unwrap_or_default()).collect();
    let after = words.windows(2).find(|pair| pair[0] == "--log").map(|pair| pair[1]);
    let joined = words.iter().find_map(|word| word.strip_prefix("--log="));
    match after.or(joined)? {
        "json" => Some(LogFormat::Json),
        "text" => Some(LogFormat::Text),
        _ => None,
    }
}

/// An error, as an event of one line.
pub fn error(message: &str) {
    let message = message.strip_prefix("error: ").unwrap_or(message);
    tracing::error!("{}", message.split_whitespace().collect::<Vec<_>>().join(" "));
}

/// Every problem of configuration files, an event each.
pub fn problems(problems: &Problems) {
    let sorted = problems.sorted();
    let (first, others) = listed::first(&sorted);
    for problem in first {
        let (line, column) = problems.place(problem).unwrap_or_default();
        tracing::error!(
            code = problem.code,
            path = problem.path.as_str(),
            line,
            column,
            suggestion = problem.suggestion.as_deref().unwrap_or_default(),
            "{}",
            problem.message
        );
    }
    if let Some(more) = listed::more(others) {
        tracing::error!("{more}");
    }
}

/// The last event: how it ended and how long it took.
pub fn end(exit: Exit, took: Duration) {
    if is_on() {
        tracing::info!(exit_code = exit.number(), duration_seconds = took.as_millis() as f64 / 1000.0, "ended");
    }
}
