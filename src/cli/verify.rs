//! `chartroom verify FOLDER`.

use std::path::PathBuf;

use clap::Args;

use super::{complain, exit::Exit, print};
use crate::archive::verify;

#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// The sealed folder
    folder: PathBuf,
    /// Print the verdict as JSON
    #[arg(long)]
    json: bool,
}

/// Verifies a bag and prints every fault.
pub fn verify(arguments: &VerifyArguments) -> Exit {
    if !arguments.folder.is_dir() {
        complain(&format!("error: {} is no folder", arguments.folder.display()));
        return Exit::FileSystem;
    }
    let verdict = verify::verify(&arguments.folder);
    let text = if arguments.json {
        serde_json::to_string_pretty(&verdict).map_or_else(|_| String::new(), |text| text + "\n")
    } else if verdict.is_no_bag() {
        let words = "this is no bag: it has neither bagit.txt nor a payload manifest";
        format!("{}: NOT VALID: {words}\n", arguments.folder.display())
    } else {
        format!("{}: {verdict}\n", arguments.folder.display())
    };
    match print(&text) {
        Exit::Done if verdict.valid => Exit::Done,
        Exit::Done => Exit::Gate,
        other => other,
    }
}
