//! Runs the built program as a user does.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The program, to be run in a folder.
pub fn chartroom(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chartroom"));
    command.current_dir(folder);
    command
}

/// Copies a folder with all it holds: what is relative to a pipeline file would go through a link into the repository.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("made");
    for entry in std::fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            std::fs::copy(&from, &to).expect("copied");
        }
    }
}

/// Runs the program with arguments in the repository.
pub fn run(arguments: &[&str]) -> Output {
    chartroom(&root()).args(arguments).output().expect("the program starts")
}

/// What a run printed.
pub fn printed(output: &Output) -> (String, String, i32) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code().unwrap_or(-1))
}

/// `run_results.json` of the one run folder in `out`.
pub fn results(out: &Path) -> serde_json::Value {
    let text = std::fs::read_to_string(run_folder(out).join("data/run_results.json")).expect("run_results.json");
    serde_json::from_str(&text).expect("json")
}

/// The one run folder in `out`, beside which stand the link to the newest and the working copies of the worklists.
pub fn run_folder(out: &Path) -> PathBuf {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(out)
        .expect("the output folder")
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.is_dir() && !path.is_symlink() && path.join("bagit.txt").is_file())
        .collect();
    assert_eq!(folders.len(), 1, "{folders:?}");
    folders.remove(0)
}
