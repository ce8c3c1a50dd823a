//! `chartroom completions` and `chartroom man`.

use clap::{Args, Command};
use clap_complete::Shell;
use clap_mangen::Man;

use super::{
    exit::{EXIT_CODES, Exit},
    print,
};

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

/// Prints the manual page, in roff: the program, then every command with its options, and the exit codes.
pub fn man(command: Command) -> Exit {
    match page(command) {
        Ok(page) => print(&page),
        Err(_) => Exit::Internal,
    }
}

fn page(command: Command) -> std::io::Result<String> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let whole = Man::new(command.clone());
    let mut page = Vec::new();
    whole.render_title(&mut page)?;
    whole.render_name_section(&mut page)?;
    whole.render_synopsis_section(&mut page)?;
    whole.render_description_section(&mut page)?;
    whole.render_options_section(&mut page)?;
    page.extend_from_slice(b".SH COMMANDS\n");
    commands(&command, &mut page)?;
    page.extend_from_slice(b".SH EXIT STATUS\n.nf\n");
    for line in EXIT_CODES.lines().skip(1) {
        page.extend_from_slice(format!("{}\n", line.trim_start()).as_bytes());
    }
    page.extend_from_slice(b".fi\n");
    whole.render_version_section(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// Every command that does something, those beneath another with it.
fn commands(command: &Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    for own in command.get_subcommands().filter(|own| !own.is_hide_set()) {
        if own.has_subcommands() {
            commands(own, page)?;
            continue;
        }
        page.extend_from_slice(format!(".SS {}\n", own.get_bin_name().unwrap_or_else(|| own.get_name())).as_bytes());
        let man = Man::new(own.clone());
        let mut part = Vec::new();
        man.render_description_section(&mut part)?;
        man.render_synopsis_section(&mut part)?;
        man.render_options_section(&mut part)?;
        // The sections of a command's own page are paragraphs of this one.
        for line in String::from_utf8_lossy(&part).lines() {
            let line = if line.starts_with(".SH ") { ".PP" } else { line };
            page.extend_from_slice(line.as_bytes());
            page.push(b'\n');
        }
    }
    Ok(())
}
