//! `chartroom layout draft FILE...`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{complain, exit::Exit, print};
use crate::ingest::draft::draft;

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
    /// Sheet of a workbook, by name or by position from 1
    #[arg(long)]
    sheet: Option<String>,
}

/// Works on layouts.
pub fn layout(command: &LayoutCommand) -> Exit {
    let LayoutCommand::Draft(arguments) = command;
    match draft(&arguments.files, arguments.sheet.as_deref()) {
        Ok(text) => print(&text),
        Err((path, fault)) => {
            complain(&format!("error: {} {fault}", path.display()));
            Exit::Input
        }
    }
}
