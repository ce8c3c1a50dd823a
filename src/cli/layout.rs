//! `chartroom layout draft FILE...`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{complain, exit::Exit, print};
use crate::{
    ingest::{draft::draft, layout::SourceOptions},
    record::shown,
};

#[derive(Debug, Subcommand)]
pub enum LayoutCommand {
    /// Read an unknown export and write a layout for it
    Draft(DraftArguments),
}

#[derive(Debug, Args)]
pub struct DraftArguments {
    /// The export; several files of the same export prove more
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Sheet of a workbook, by name, by position from 1, or by a pattern; may be given several times [default: the biggest table]
    #[arg(long, value_name = "SHEET")]
    sheet: Vec<String>,
    /// Member of a zip folder, by name or by a pattern; may be given several times [default: the biggest table]
    #[arg(long, value_name = "MEMBER")]
    member: Vec<String>,
}

/// Works on layouts.
pub fn layout(command: &LayoutCommand) -> Exit {
    let LayoutCommand::Draft(arguments) = command;
    let stated = SourceOptions {
        sheets: arguments.sheet.clone(),
        members: arguments.member.clone(),
        ..SourceOptions::default()
    };
    match draft(&arguments.files, Some(&stated)) {
        Ok(text) => print(&text),
        Err((path, fault)) => {
            complain(&format!("error: {} {fault}", shown::path(&path)));
            Exit::from(&fault)
        }
    }
}
