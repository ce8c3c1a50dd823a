//! `chartroom completions` and `chartroom man`.

use clap::{Args, Command, ValueHint, builder::PossibleValuesParser};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::{docs, edits::rules::RULES};

use super::{
    exit::{EXIT_CODES, Exit},
    print,
};

#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// The shell to complete for
    shell: Shell,
}

/// Prints a completion script: of commands and options, of files where a file is wanted, of the codes of edits after `explain` and the pages of the book after `docs`.
pub fn completions(arguments: &CompletionsArguments, command: Command) -> Exit {
    let mut command = with_values(command);
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "chartroom", &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    with_pipeline_files(arguments.shell, &mut script);
    print(&script)
}

/// The commands that take a pipeline file.
const OF_PIPELINES: [&str; 5] = ["run", "reexamine", "check", "doctor", "history"];

/// Lets a script offer pipeline files and folders where a pipeline file is wanted: the generator knows files of any name, and in bash and fish options alone.
fn with_pipeline_files(shell: Shell, script: &mut String) {
    match shell {
        Shell::Fish => {
            let after = "complete -c chartroom -n \"__fish_chartroom_using_subcommand";
            for name in OF_PIPELINES {
                script.push_str(&format!("{after} {name}\" -k -x -a \"(__fish_complete_suffix .toml)\"\n"));
            }
            script.push_str(&format!("{after} explain\" -f -a \"{}\"\n", edits().join(" ")));
            script.push_str(&format!("{after} docs\" -f -a \"{}\"\n", topics().join(" ")));
        }
        Shell::Zsh => {
            for wanted in ["pipeline -- The pipeline file", "path -- A pipeline file"] {
                let lines = script.split_inclusive('\n').map(|line| match line.contains(wanted) {
                    true => line.replace(":_files'", ":_files -g \"*.toml\"'"),
                    false => line.to_owned(),
                });
                *script = lines.collect();
            }
        }
        Shell::Bash => {
            for name in OF_PIPELINES {
                let Some(start) = script.find(&format!("\n        chartroom__subcmd__{name})\n")) else { continue };
                let end = script[start..].find("\n            ;;\n").map_or(script.len(), |length| start + length);
                let section = script[start..end].replace(" || ${COMP_CWORD} -eq 2 ]]", " ]]").replace(
                    "            COMPREPLY=( $(compgen -W \"${opts}\" -- \"${cur}\") )\n            return 0",
                    "            COMPREPLY=( $(compgen -o plusdirs -f -X '!*.toml' -- \"${cur}\") )\n            return 0",
                );
                script.replace_range(start..end, &section);
            }
        }
        _ => {}
    }
}

/// The codes of the edits.
fn edits() -> Vec<&'static str> {
    RULES.iter().map(|rule| rule.code).collect()
}

/// The names of the pages of the book.
fn topics() -> Vec<&'static str> {
    docs::pages().map(|page| page.name).collect()
}

/// The commands with what may stand in their places. Only a completion script has these: on the command line a name of an edit is understood in any case.
fn with_values(command: Command) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|own| own.get_name().to_owned()).collect();
    names.into_iter().fold(command, |command, name| {
        command.mut_subcommand(&name, |own| {
            own.mut_args(|argument| match argument.get_id().as_str() {
                "pipeline" => argument.value_hint(ValueHint::FilePath),
                "code" if name == "explain" => argument.value_parser(PossibleValuesParser::new(edits())),
                "topic" => argument.value_parser(PossibleValuesParser::new(topics())),
                _ => argument,
            })
        })
    })
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
