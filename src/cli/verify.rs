//! `chartroom verify FOLDER`.

use std::path::PathBuf;

use clap::Args;

use super::{complain, exit::Exit, print};
use crate::{
    archive::verify,
    fs::opening::{NoFile, what_is},
    record::shown,
};

#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// The sealed folder
    folder: PathBuf,
    /// Check only what RFC 8493 demands, also of a folder that this program sealed
    #[arg(long)]
    rfc: bool,
    /// Print the verdict as JSON
    #[arg(long)]
    json: bool,
}

/// Verifies a bag and prints every fault.
pub fn verify(arguments: &VerifyArguments) -> Exit {
    let folder = shown::path(&arguments.folder);
    match what_is(&arguments.folder) {
        Ok(Err(NoFile::Folder)) => {}
        Ok(_) => {
            complain(&format!("error: {folder} is no folder"));
            return Exit::FileSystem;
        }
        Err(answer) => {
            complain(&format!("error: {folder} cannot be read: {answer}"));
            return Exit::FileSystem;
        }
    }
    let examine = if arguments.rfc { verify::verify_by_rfc } else { verify::verify };
    let verdict = examine(&arguments.folder);
    let text = if arguments.json {
        serde_json::to_string_pretty(&verdict)
            .map_or_else(|_| String::new(), |text| shown::in_json(&text).into_owned() + "\n")
    } else if verdict.is_no_bag() && verdict.is_examined() {
        let words = "this is no bag: it has neither bagit.txt nor a payload manifest";
        format!("{folder}: NOT VALID: {words}\n")
    } else {
        format!("{folder}: {verdict}\n")
    };
    match print(&text) {
        // Damage that was found is said; whether there is more nobody knows.
        Exit::Done if !verdict.is_examined() => Exit::FileSystem,
        Exit::Done if verdict.valid => Exit::Done,
        Exit::Done => Exit::Gate,
        other => other,
    }
}
