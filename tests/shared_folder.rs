//! The reference folder that tests read where it is at hand: `../shared`, or the one that `CHARTROOM_SHARED` names.
//!
//! The library's own tests and those of the program share this file. What was compared is written past the test harness, which keeps the words of a test that
//! passes to itself: a folder that is absent or was emptied must not look like success.

use std::{
    ffi::OsString,
    io::Write as _,
    path::{Path, PathBuf},
};

/// The variable that names another folder than `../shared`.
const NAMED_BY: &str = "CHARTROOM_SHARED";

/// Writes a line where whoever runs the tests sees it, also of a test that passes.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// The folder, and whether it is another one than the repository's neighbour.
fn folder(named: Option<OsString>) -> (PathBuf, bool) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    named.map_or_else(|| (root.join("../shared"), false), |folder| (root.join(folder), true))
}

/// A file or folder of the reference folder by its path in there. `None`, said plainly, where the folder it belongs in is absent.
///
/// # Panics
/// Where that folder is there and the file is not: it was emptied. A folder that is named may hold other files, and then this one is said to be absent as well.
pub fn path(name: &str) -> Option<PathBuf> {
    let found = found(folder(std::env::var_os(NAMED_BY)), name);
    found.map_err(|path| say(&format!("skipped: {} is absent ({NAMED_BY} names another folder)", path.display()))).ok()
}

/// The path, as an error where it is absent.
fn found((folder, is_named): (PathBuf, bool), name: &str) -> Result<PathBuf, PathBuf> {
    let path = folder.join(name);
    if path.exists() {
        return Ok(path);
    }
    let is_emptied = folder.is_dir() && path.parent().is_some_and(Path::is_dir);
    assert!(is_named || !is_emptied, "{} is absent, and the folder it belongs in is there", path.display());
    Err(path)
}

/// Prints how many cases of what were compared and how many agreed, and holds the number to what is published.
///
/// # Panics
/// Where fewer cases were compared than are published, of a folder that is named where there was none. Whether all agree is the test's own question.
pub fn total(what: &str, cases: &str, compared: usize, agreed: usize, published: usize) {
    say(&format!("{what}: {agreed} of {compared} {cases} agree"));
    hold(std::env::var_os(NAMED_BY).is_some(), what, cases, compared, published);
}

fn hold(is_named: bool, what: &str, cases: &str, compared: usize, published: usize) {
    let least = if is_named { 1 } else { published };
    assert!(compared >= least, "{what}: {compared} {cases} were compared, and {least} are published");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(what: impl FnOnce() + std::panic::UnwindSafe) -> bool {
        std::panic::catch_unwind(what).is_err()
    }

    #[test]
    fn a_folder_that_is_absent_is_skipped_and_one_that_was_emptied_is_a_failure() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().to_owned();
        assert!(found((place.join("absent"), false), "oracles/claims.gz").is_err());
        assert!(found((place.clone(), false), "oracles/claims.gz").is_err(), "the folder of oracles is absent");
        std::fs::create_dir(place.join("oracles")).expect("made");
        let emptied = place.clone();
        assert!(refused(move || drop(found((emptied, false), "oracles/claims.gz"))));
        assert!(found((place.clone(), true), "oracles/claims.gz").is_err(), "another folder has what it has");
        std::fs::write(place.join("oracles/claims.gz"), "").expect("written");
        assert!(found((place, false), "oracles/claims.gz").is_ok());
    }

    #[test]
    fn fewer_cases_than_are_published_are_a_failure() {
        hold(false, "claims", "claims", 5_000, 5_000);
        hold(true, "claims", "claims", 1, 5_000);
        assert!(refused(|| hold(false, "claims", "claims", 4_999, 5_000)));
        assert!(refused(|| hold(true, "claims", "claims", 0, 5_000)));
    }
}
