//! The command line: what was typed, and one file a command.

mod audit;
mod audit_log;
mod check;
mod code;
mod codeset;
mod compare;
mod docs;
mod doctor;
pub mod exit;
mod history;
mod init;
mod layout;
mod log;
mod month;
mod night;
mod progress;
mod rules;
mod run;
mod sheet;
mod shell;
mod signals;
mod state;
mod trace;
mod verify;

use std::ffi::OsString;

use clap::{CommandFactory, Parser, Subcommand};

use exit::{EXIT_CODES, Exit};

use crate::record::{
    listed,
    shown::{shown, shown_lines},
};

/// A medical-records department as a batch pipeline: exports in; checked and coded records, worklists, a statistics workbook and an archive manifest out.
#[derive(Debug, Parser)]
#[command(name = "chartroom", version, after_help = EXIT_CODES, max_term_width = 110)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a working site in a folder: pipeline, layouts, timer, and an example inbox with invented records
    Init(init::InitArguments),
    /// Run a pipeline file
    Run(run::RunArguments),
    /// Run a pipeline file, and examine all records that the store keeps, whatever changed
    Reexamine(run::RunArguments),
    /// Check a pipeline file, its layouts and data files, and run nothing
    Check(check::CheckArguments),
    /// Look at a site and say what will fail tonight: folders, room, locks, clock, files, layouts, code sets
    Doctor(doctor::DoctorArguments),
    /// Verify a sealed output folder (BagIt): report every bad, missing and extra file
    Verify(verify::VerifyArguments),
    /// List the edits: code, severity, field, name
    Rules(rules::RulesArguments),
    /// Explain an edit: what it checks, why, its source, an example, what to do
    Explain(rules::ExplainArguments),
    /// List the pages of the book, or print one
    Docs(docs::DocsArguments),
    /// Show all that is known of a diagnosis or procedure code
    Code(code::CodeArguments),
    /// Take in, list, search and compare releases of code sets
    #[command(subcommand)]
    Codeset(codeset::CodesetCommand),
    /// Draw records for an audit of coding, and score the sheets that come back
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Look through, copy and put back what the runs remember
    #[command(subcommand)]
    State(state::StateCommand),
    /// Close a month, so that its figures stand, and list the months that are closed
    #[command(subcommand)]
    Month(month::MonthCommand),
    /// Compare two sealed outputs of a pipeline: figures, records and findings that differ
    Compare(compare::CompareArguments),
    /// List the records, and the rows of registers, that stand behind a figure of a workbook
    Trace(trace::TraceArguments),
    /// Print every version of a record that the store keeps: where it came from, and what became of it
    History(history::HistoryArguments),
    /// Verify or list the audit log: every change of what the runs remember
    #[command(subcommand)]
    AuditLog(audit_log::AuditLogCommand),
    /// Work on layout files
    #[command(subcommand)]
    Layout(layout::LayoutCommand),
    /// Draft a sheet of your own for the workbook
    #[command(subcommand)]
    Sheet(sheet::SheetCommand),
    /// Print a completion script for a shell
    Completions(shell::CompletionsArguments),
    /// Print the manual page
    Man,
}

/// Runs the program on a command line and says how it ended.
///
/// A panic is a fault of the product's own or of a library that met a damaged file; its text may quote what it met, so it is never printed.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let begun = run::begun();
    cores_off();
    std::panic::set_hook(Box::new(|_| {}));
    let exit = std::panic::catch_unwind(|| command(arguments)).unwrap_or_else(|_| {
        complain("error: internal fault; nothing was published. Please report what was run, without the data");
        Exit::Internal
    });
    log::end(exit, begun.elapsed());
    exit
}

/// Lets the system write no core of this process: it would hold patients' data, in a file that nobody asked for.
fn cores_off() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // To lower a limit is always allowed; where it could not be done there is nothing better to do.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}

fn command(arguments: Vec<OsString>) -> Exit {
    let log = log::asked_for(&arguments);
    let arguments = match Arguments::try_parse_from(arguments.clone()) {
        Ok(arguments) => arguments,
        // Help and version are answers, everything else is a fault of the command line.
        Err(answer) if !answer.use_stderr() => {
            let _ = answer.print();
            return Exit::Done;
        }
        Err(fault) => {
            if let Some(format) = log {
                log::start(format);
            }
            complain_lines(&fault_of_arguments(arguments, &fault));
            return Exit::Configuration;
        }
    };
    if std::env::var("RAYON_NUM_THREADS")
        .is_ok_and(|threads| threads.parse().is_ok_and(|threads: usize| threads > run::MOST_THREADS))
    {
        complain(&format!("error: RAYON_NUM_THREADS is more than {}", run::MOST_THREADS));
        return Exit::Configuration;
    }
    match arguments.command {
        Command::Init(arguments) => init::init(&arguments),
        Command::Run(arguments) => run::run(&arguments),
        Command::Reexamine(arguments) => run::reexamine(&arguments),
        Command::Check(arguments) => check::check(&arguments),
        Command::Doctor(arguments) => doctor::doctor(&arguments),
        Command::Verify(arguments) => verify::verify(&arguments),
        Command::Rules(arguments) => rules::rules(&arguments),
        Command::Explain(arguments) => rules::explain(&arguments),
        Command::Docs(arguments) => docs::docs(&arguments),
        Command::Code(arguments) => code::code(&arguments),
        Command::Codeset(command) => codeset::codeset(&command),
        Command::Audit(command) => audit::audit(&command),
        Command::Month(command) => month::month(&command),
        Command::Compare(arguments) => compare::print_comparison(&arguments),
        Command::Trace(arguments) => trace::print_trace(&arguments),
        Command::History(arguments) => history::print_history(&arguments),
        Command::State(command) => state::state(&command),
        Command::AuditLog(command) => audit_log::audit_log(&command),
        Command::Layout(command) => layout::layout(&command),
        Command::Sheet(command) => sheet::sheet(&command),
        Command::Completions(arguments) => shell::completions(&arguments, Arguments::command()),
        Command::Man => shell::man(Arguments::command()),
    }
}

/// Writes to standard output, with escapes for what a terminal would obey; a reader that went away (`| head`) is no fault.
fn print(text: &str) -> Exit {
    let exit = print_piece(text).err().unwrap_or(Exit::Done);
    if exit == Exit::FileSystem {
        complain("error: standard output takes no more; what the command wrote to files stands");
    }
    exit
}

/// Writes a piece of what is printed, as [`print`]; where no more can be written, how the program ends.
fn print_piece(text: &str) -> Result<(), Exit> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    out.write_all(shown_lines(text).as_bytes()).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        std::io::ErrorKind::BrokenPipe => Exit::Done,
        _ => Exit::FileSystem,
    })
}

/// What is said of a command line that cannot be understood. What was typed stands in it with escapes: it is asked for once more, of the arguments as they are shown.
fn fault_of_arguments(arguments: Vec<OsString>, fault: &clap::Error) -> String {
    let as_shown = arguments.iter().map(|argument| shown(&argument.to_string_lossy()).into_owned());
    match Arguments::try_parse_from(as_shown) {
        Err(of_shown) if of_shown.use_stderr() => of_shown.render().to_string(),
        _ => shown(&fault.render().to_string()).into_owned(),
    }
    .trim_end()
    .to_owned()
}

/// Writes a message of one line to standard error, as an event of the log where that is on. What came from outside makes no line of its own.
fn complain(message: &str) {
    complain_lines(&shown(message));
}

/// The same of a message of several lines, in which whatever came from outside is [`shown`] already.
fn complain_lines(message: &str) {
    if log::is_on() {
        return log::error(&shown_lines(message));
    }
    complain_styled(&shown_lines(message));
}

/// Complains of each of many things, the first hundred of them.
fn complain_of_each(faults: impl IntoIterator<Item = String>) {
    for fault in listed::lines(faults) {
        complain(&format!("error: {fault}"));
    }
}

/// Writes a message, coloured for a terminal and with nothing in it that came from outside as it is, to standard error.
fn complain_styled(message: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr().lock(), "{message}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
