//! `chartroom completions` and `chartroom man`.

use clap::{Args, Command};
use clap_complete::Shell;

use super::{exit::Exit, print};

#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// The shell to complete for
    shell: Shell,
}

/// Prints a completion script.
pub fn completions(arguments: &CompletionsArguments, command: &mut Command) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, command, "chartroom", &mut script);
    print(&String::from_utf8_lossy(&script))
}

/// Prints the manual page, in roff.
pub fn man(command: Command) -> Exit {
    let mut page = Vec::new();
    match clap_mangen::Man::new(command).render(&mut page) {
        Ok(()) => print(&String::from_utf8_lossy(&page)),
        Err(_) => Exit::Internal,
    }
}
