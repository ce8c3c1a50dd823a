//! `chartroom verify FOLDER`.

use std::path::PathBuf;

use clap::Args;

use super::{complain, exit::Exit, print};
use crate::{archive::verify, record::shown};

#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// The sealed folder
    folder: PathBuf,
    /// Judge a folder that this program sealed by RFC 8493 alone, as a bag of others
    #[arg(long)]
    rfc: bool,
    /// Print the verdict as JSON
    #[arg(long)]
    json: bool,
}

/// Verifies a bag and prints every fault.
pub fn verify(arguments: &VerifyArguments) -> Exit {
    if !arguments.folder.is_dir() {
        complain(&format!("error: {} is no folder", shown::path(&arguments.folder)));
        return Exit::FileSystem;
    }
    let examine = if arguments.rfc { verify::verify_by_rfc } else { verify::verify };
    let verdict = examine(&arguments.folder);
    let text = if arguments.json {
        serde_json::to_string_pretty(&verdict)
            .map_or_else(|_| String::new(), |text| shown::in_json(&text).into_owned() + "\n")
    } else if verdict.is_no_bag() {
        let words = "this is no bag: it has neither bagit.txt nor a payload manifest";
        format!("{}: NOT VALID: {words}\n", shown::path(&arguments.folder))
    } else {
        format!("{}: {verdict}\n", shown::path(&arguments.folder))
    };
    match print(&text) {
        Exit::Done if verdict.valid => Exit::Done,
        Exit::Done => Exit::Gate,
        other => other,
    }
}
